import ArgumentParser
import ClusterAPI
import ManifestSyntax
import ObjectPrinting

/// What the commands that write have in common.
struct ChangeOptions: ParsableArguments {
  @Flag(help: "Do everything but keep the result.")
  var dryRun = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "Print the objects instead of a word on each: name, yaml, json, jsonpath=….",
      valueName: "form"))
  var output: String?

  @Flag(help: "Print who owns which field too.")
  var showManagedFields = false

  @Option(
    help: ArgumentHelp(
      "Whom to write down as the owner of the changed fields.", valueName: "name"))
  var fieldManager: String?

  /// The query of a write by the command `name`.
  func query(_ name: String) -> [(String, String)] {
    [("fieldManager", fieldManager ?? "kmf-\(name)"), ("dryRun", dryRun ? "All" : "")]
  }

  /// Where the command tells what it did.
  func changes() throws(CommandFailure) -> Changes {
    var form: OutputForm?
    if let output {
      let chosen = try OutputForm(checking: output)
      if case .table = chosen {
        throw CommandFailure(
          "--output: '\(output)' is a form of 'kmf get'", help: "use name, yaml or json")
      }
      form = chosen
    }
    return Changes(form: form, isDryRun: dryRun, showsManagedFields: showManagedFields)
  }
}

/// Tells what became of each object, and ends the command as that deserves.
final class Changes {
  private let form: OutputForm?
  private let isDryRun: Bool
  private let showsManagedFields: Bool
  private let output = Output()
  private var isFirst = true
  /// How the command ends so far.
  private var ending = ExitStatus.clean
  var isRefused: Bool { ending != .clean }

  init(form: OutputForm?, isDryRun: Bool, showsManagedFields: Bool) {
    self.form = form
    self.isDryRun = isDryRun
    self.showsManagedFields = showsManagedFields
  }

  /// Does `body` for each target; a refusal is told, and the next one is tried.
  func forEach(_ targets: [Target], _ body: (Target) throws -> Void) throws {
    for target in targets {
      do {
        try body(target)
      } catch let refusal as ClusterRefusal {
        complain(refusal)
        if refusal.help != nil { return }
      }
    }
  }

  func complain(_ refusal: ClusterRefusal) {
    output.flush()
    refusal.complain()
    ending = ending.combined(with: refusal.end)
  }

  /// Tells that `object` was `done` ("patched").
  func tell(_ target: Target, _ done: String, _ object: Value) throws(CommandFailure) {
    let name = object["metadata"]?["name"]?.string ?? target.name ?? ""
    let shown = target.resource.shownName(name)
    guard let form else {
      return output.writeLine("\(shown) \(done)\(isDryRun ? " (server dry run)" : "")")
    }
    defer { isFirst = false }
    if case .name = form { return output.writeLine(shown) }
    let whole = ManifestFiles.completed(
      object, apiVersion: target.resource.apiVersion, kind: target.resource.kind)
    let value = showsManagedFields ? whole : ObjectText.withoutManagedFields(whole)
    if case .columns(let columns) = form {
      var table = PaddedColumns()
      if isFirst { table.add(columns.headers) }
      do throws(JSONPathError) {
        table.add(try columns.cells(of: value))
      } catch {
        throw CommandFailure("--output: \(error.message)")
      }
      return output.write(table.text)
    }
    if case .yaml = form, !isFirst { output.writeLine("---") }
    output.write(try form.text(value))
  }

  /// Text of its own, with its line breaks.
  func write(_ text: String) { output.write(text) }

  /// A line of its own.
  func say(_ text: String) { output.writeLine(text) }

  /// Writes what there is, before something that takes its time.
  func flush() { output.flush() }

  /// Writes what is left to write.
  ///
  /// - Throws: ``ExitStatus/findings`` when something was refused.
  func end() throws {
    output.flush()
    if let failure = output.failureText { throw CommandFailure(failure) }
    if ending != .clean { throw ending }
  }
}
