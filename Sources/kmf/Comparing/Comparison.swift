import InputFiles
import ManifestRules
import ManifestSyntax

/// Which objects of a run replace which stored ones.
struct Comparison: Sendable {
  private let place: String
  private let stored: StoredObjects
  private var replaced: Set<StoredObjects.Name> = []
  private var new: [String] = []

  /// Reads the stored objects that `settings` name, for the validator and for the summary; nil
  /// where there are none to compare with.
  static func begin(
    _ settings: ValidateSettings, _ context: inout ValidationContext
  ) throws(CommandFailure) -> Comparison? {
    guard let place = settings.against else { return nil }
    var stored = StoredObjects()
    for source in try Reading.required(all: [place], purpose: "--against") {
      for trouble in stored.add(source) {
        let text = "--against: \(source.name):\(trouble.line): \(trouble.message)"
        if trouble.isFatal { throw CommandFailure(text, help: "repair it first") }
        Complaint.writeLine("kmf: \(text)")
      }
    }
    context.stored = stored
    return Comparison(place: place == "-" ? "standard input" : place, stored: stored)
  }

  private init(place: String, stored: StoredObjects) {
    self.place = place
    self.stored = stored
  }

  /// Notes which objects of `file` are updates.
  mutating func add(_ file: FileResult) {
    for document in file.documents {
      guard let name = document.objectName else { continue }
      if let counterpart = stored.counterpart(of: name) {
        replaced.insert(counterpart)
      } else {
        new.append(name.description)
      }
    }
  }

  /// What was compared, and what exists on one side only.
  var summary: [String] {
    var lines = ["\(replaced.count) of \(stored.names.count) objects in '\(place)' compared"]
    let gone = stored.names.filter { !replaced.contains($0) }.map(\.description)
    if !gone.isEmpty { lines.append("only in '\(place)': \(gone.joined(separator: ", "))") }
    if !new.isEmpty {
      lines.append("not in '\(place)', so judged as new: \(new.joined(separator: ", "))")
    }
    return lines
  }
}
