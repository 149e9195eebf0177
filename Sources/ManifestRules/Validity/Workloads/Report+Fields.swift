import ManifestSchema
import ManifestSyntax

/// Findings that many fields have in common.
extension Report {
  /// Notes every problem that a format found with a value.
  mutating func refuse(
    _ code: String, _ problems: [String], of value: @autoclosure () -> String, as what: String,
    at node: NodeRef, _ part: @autoclosure () -> FieldPath, help: @autoclosure () -> String? = nil,
    server: @autoclosure () -> FieldPath? = nil, serverField: @autoclosure () -> String? = nil
  ) {
    for problem in problems {
      error(
        code, .invalid, at: node, part(), "'\(value())' is no \(what): \(problem)", help: help(),
        server: server(), serverField: serverField())
    }
  }

  /// Notes a number below zero.
  mutating func refuseNegative(
    _ code: String, _ value: Int32?, at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    server: @autoclosure () -> FieldPath? = nil
  ) {
    guard let value, value < 0 else { return }
    let (part, server) = (part(), server())
    error(
      code, .invalid, at: node, part, "\(part) is '\(value)'; it must be at least 0",
      help: "write 0 or a positive number", server: server)
  }

  /// Notes a word that is none of `allowed`, with a fix where only its case is wrong.
  mutating func refuseUnknown(
    _ code: String, _ value: String, among allowed: [String], at node: NodeRef,
    _ part: @autoclosure () -> FieldPath, server: @autoclosure () -> FieldPath? = nil
  ) {
    guard !allowed.contains(value) else { return }
    let (part, server) = (part(), server())
    let meant = allowed.first { $0.lowercased() == value.lowercased() }
    let fixes = meant.map { word in
      [FixIt("write '\(word)'", safety: .safe, edits: [.set(node.path + part, to: word)])]
    }
    let list = allowed.joined(separator: ", ")
    error(
      code, .notSupported, at: node, part,
      "\(Self.name(of: part)) is '\(value)', which the cluster does not know",
      help: meant.map { "write '\($0)'" } ?? "write one of \(list)", server: server,
      fixes: fixes ?? [])
  }

  private static func name(of part: FieldPath) -> String {
    for step in part.steps.reversed() {
      if case .field(let name) = step { return name }
    }
    return "the value"
  }
}
