import ArgumentParser
import ManifestSyntax

/// The commands and their options, as the argument parser tells them.
struct CommandTree {
  /// One argument, option or flag.
  struct Argument {
    var heading: String
    var help: String
    var discussion: String
    var defaultValue: String?
    var section: String?
  }

  /// One command.
  struct Command {
    /// With the names of the commands above it: `kmf validate`.
    var name: String
    var abstract: String
    var discussion: String
    var arguments: [Argument]
    var subcommands: [Command]
  }

  let root: Command

  /// Reads the tree from the parser's own dump; nil where that is not as expected.
  init?() {
    let dump = KMF._dumpHelp()
    guard let tree = JSONReader.read(SourceText(dump)).tree,
      let root = Self.command(tree.value()["command"], above: "")
    else { return nil }
    self.root = root
  }

  private static func command(_ value: Value?, above: String) -> Command? {
    guard let value, let name = value["commandName"]?.string else { return nil }
    guard value["shouldDisplay"]?.bool ?? true, name != "help" else { return nil }
    let full = above.isEmpty ? name : "\(above) \(name)"
    return Command(
      name: full, abstract: value["abstract"]?.string ?? "",
      discussion: value["discussion"]?.string ?? "",
      arguments: paired((value["arguments"]?.list ?? []).compactMap(argument)),
      subcommands: (value["subcommands"]?.list ?? []).compactMap { command($0, above: full) })
  }

  /// Without what every command has, and with `--x` and `--no-x` in one.
  private static func paired(_ arguments: [Argument]) -> [Argument] {
    var paired: [Argument] = []
    for argument in arguments where !["--version", "-h, --help"].contains(argument.heading) {
      if let last = paired.last, argument.heading == "--no-\(last.heading.dropFirst(2))" {
        paired[paired.count - 1].heading += ", \(argument.heading)"
      } else {
        paired.append(argument)
      }
    }
    return paired
  }

  private static func argument(_ value: Value) -> Argument? {
    guard value["shouldDisplay"]?.bool ?? true else { return nil }
    let names = (value["names"]?.list ?? []).compactMap { name -> String? in
      guard let text = name["name"]?.string else { return nil }
      return name["kind"]?.string == "long" ? "--\(text)" : "-\(text)"
    }
    let valueName = value["valueName"]?.string ?? ""
    var heading = names.sorted { $0.utf8.count < $1.utf8.count }.joined(separator: ", ")
    switch value["kind"]?.string {
    case "positional": heading = "<\(valueName)>"
    case "option": heading += " <\(valueName)>"
    default: break
    }
    if value["isRepeating"]?.bool ?? false { heading += " …" }
    return Argument(
      heading: heading, help: value["abstract"]?.string ?? "",
      discussion: value["discussion"]?.string ?? "",
      defaultValue: value["defaultValue"]?.string, section: value["sectionTitle"]?.string)
  }
}
