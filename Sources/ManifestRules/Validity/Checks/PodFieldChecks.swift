import ManifestModel
import ManifestSyntax

/// Checks that the groups about containers, security and scheduling share.
///
/// Paths come as closures, so that a field that is fine costs no path.
enum PodFieldChecks {
  /// What absence means for a field that holds one of a few words.
  enum Absence {
    /// The field may be left out, but not be empty.
    case isFine
    /// The server fills the field in before it looks at it.
    case isDefaulted
    /// The server says that a value is required.
    case isRequired
    /// The server says that the empty word is not supported.
    case isUnsupported
  }

  /// Reports a word that is none of `allowed`.
  static func choice(
    _ code: String, _ value: String?, among allowed: [String], absence: Absence,
    at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    server: @autoclosure () -> FieldPath? = nil, into report: inout Report
  ) {
    guard let value, !value.isEmpty else {
      let isFine = absence == .isDefaulted || absence == .isFine && value == nil
      guard !isFine else { return }
      let name = lastName(of: part())
      report.error(
        code, absence == .isRequired ? .required : .notSupported, at: node, part(),
        "'\(name)' is \(value == nil ? "missing" : "empty"); it takes one of a few words",
        help: "write \(list(allowed))", server: server())
      return
    }
    guard !allowed.contains(value) else { return }
    let wanted = value.lowercased().filter(\.isLetter)
    let near = allowed.first { $0.lowercased() == wanted }
    let fixes =
      near.map {
        [FixIt("write '\($0)'", safety: .safe, edits: [.set(node.path + part(), to: $0)])]
      } ?? []
    report.error(
      code, .notSupported, at: node, part(),
      "\(quoted(value)) is no value of '\(lastName(of: part()))'",
      help: near.map { "write '\($0)', exactly so" } ?? "write \(list(allowed))",
      server: server(), fixes: fixes)
  }

  /// Reports each of `problems`, as the formats name them, of a text that is `what`.
  static func format(
    _ code: String, _ problems: [String], of value: @autoclosure () -> String, as what: String,
    at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    server: @autoclosure () -> FieldPath? = nil,
    help: String? = nil, into report: inout Report
  ) {
    for problem in problems {
      report.error(
        code, .invalid, at: node, part(), "\(quoted(value())) cannot be \(what): \(problem)",
        help: help, server: server())
    }
  }

  /// Reports a field that is missing, or holds nothing, which is the same to the server.
  static func missing(
    _ code: String, at node: NodeRef, _ part: FieldPath, _ why: String, help: String? = nil,
    server: FieldPath? = nil, into report: inout Report
  ) {
    let name = lastName(of: part)
    let state = node[part].map { $0.isNull } ?? true ? "missing" : "empty"
    report.error(
      code, .required, at: node, part, "'\(name)' is \(state); \(why)",
      help: help ?? "add '\(name)'", server: server)
  }

  /// The value in single quotes; the middle of a long one is left out.
  static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > 80 else { return "'\(escaped(scalars[...]))'" }
    return "'\(escaped(scalars.prefix(40)))…\(escaped(scalars.suffix(20)))'"
  }

  /// Words for a help text: `A, B or C`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return "'\(words.first ?? "")'" }
    return words.dropLast().map { "'\($0)'" }.joined(separator: ", ") + " or '\(last)'"
  }

  /// Whether white space surrounds the text.
  static func isPadded(_ text: String) -> Bool {
    if let first = text.utf8.first, let last = text.utf8.last,
      (0x21..<0x7F).contains(first), (0x21..<0x7F).contains(last)
    {
      return false
    }
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
      return false
    }
    return first.properties.isWhitespace || last.properties.isWhitespace
  }

  /// The text without white space around it.
  static func trimmed(_ text: String) -> String {
    let head = text.unicodeScalars.drop { $0.properties.isWhitespace }
    var rest = head
    while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
    return String(String.UnicodeScalarView(rest))
  }

  private static func escaped(_ scalars: Substring.UnicodeScalarView) -> String {
    var text = ""
    for scalar in scalars {
      if scalar.value < 0x20 || scalar.value == 0x7F {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func lastName(of path: FieldPath) -> String {
    for step in path.steps.reversed() {
      switch step {
      case .field(let name), .key(let name): return name
      case .index: continue
      }
    }
    return "value"
  }
}
