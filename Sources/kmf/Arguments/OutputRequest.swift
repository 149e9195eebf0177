import ArgumentParser
import ManifestRules
import ManifestSchema

/// One `--output NAME[=FILE]`.
struct OutputRequest: Equatable {
  /// The name of a report format.
  var format: String
  /// The file to write; nil for standard output.
  var file: String?

  init(format: String, file: String?) {
    self.format = format
    self.file = file
  }

  /// Reads `NAME`, `NAME=FILE` or `NAME=-`; says what is wrong with anything else.
  init(checking text: String) throws(CommandFailure) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    format = String(parts.first ?? "")
    let names = Self.names
    guard names.contains(format) else {
      let near = NearestWord.of(format, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw CommandFailure(
        "unknown output format '\(format)'\(near)",
        help: "formats are \(names.joined(separator: ", "))")
    }
    guard parts.count == 2, parts[1] != "-" else { return }
    guard !parts[1].isEmpty else {
      throw CommandFailure(
        "'--output \(text)' names no file", help: "write '\(format)=FILE', or '\(format)' alone")
    }
    file = String(parts[1])
  }

  /// The names of all formats.
  static var names: [String] { ReportRegistry.all.map { $0.name } }
}

/// "Did you mean".
enum NearestWord {
  /// The word that differs least from `text`; nil when none is near.
  static func of(_ text: String, among words: [String]) -> String? {
    let wanted = text.lowercased()
    let scored = words.map { (EditDistance.between(wanted, $0.lowercased()), $0) }
    guard let best = scored.min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else { return nil }
    return best.0 <= max(1, wanted.count / 3) ? best.1 : nil
  }
}
