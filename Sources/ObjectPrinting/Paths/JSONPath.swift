import ManifestSyntax

/// A template of text and paths in braces, in kubectl's dialect of JSONPath:
/// `{range .items[*]}{.metadata.name}{"\n"}{end}`.
///
/// What braces hold is a chain of steps, each of which turns the values found so far into others.
/// A field that is missing finds nothing and is no error, as in `kubectl get`.
public struct JSONPath: Hashable, Sendable {
  let parts: [Part]

  /// What a template is made of.
  enum Part: Hashable, Sendable {
    case text(String)
    case path([Step])
    case range([Step], body: [Part])
  }

  /// One turn from values to values.
  indirect enum Step: Hashable, Sendable {
    /// `$`: the whole that the template is filled from.
    case root
    /// `@` and the start of every path: the item at hand.
    case current
    case field(String)
    /// `.*`
    case everything
    /// `..`: the values with all that is inside them.
    case descendants
    case index(Int)
    /// `[from:to:by]`; `[*]` is `[:]`.
    case slice(from: Int?, to: Int?, by: Int)
    /// `['a','b']`, `[0,2]`
    case union([[Step]])
    case filter(Filter)
    case literal(Value)
  }

  /// `?(left OPERATOR right)`; without an operator, whether `left` finds something.
  struct Filter: Hashable, Sendable {
    var left: [Step]
    var comparison: Comparison?
    var right: [Step]
  }

  enum Comparison: String, CaseIterable, Hashable, Sendable {
    // Longer ones first: `<=` begins with `<`.
    case equal = "=="
    case different = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case more = ">"
  }

  /// Reads a template; text outside of braces stands for itself.
  public init(parsing text: String) throws(JSONPathError) {
    var parser = JSONPathParser(text)
    parts = try parser.template()
  }

  /// Reads a single path, with or without braces and leading dot: `{.metadata.name}`,
  /// `.metadata.name` and `metadata.name` mean the same.
  public init(path text: String) throws(JSONPathError) {
    var inner = Substring(text)
    if inner.hasPrefix("{"), inner.hasSuffix("}") { inner = inner.dropFirst().dropLast() }
    guard !inner.isEmpty, inner != "." else {
      throw JSONPathError("a path is expected, not '\(text)'")
    }
    if let first = inner.first, !".[$@".contains(first) { inner = "." + inner }
    try self.init(parsing: "{\(inner)}")
    guard parts.count == 1, case .path = parts[0] else {
      throw JSONPathError("'\(text)' is no single path")
    }
  }
}

/// Why a template cannot be read or filled.
public struct JSONPathError: Error, Hashable, Sendable {
  /// What is wrong; lower case, no full stop.
  public var message: String

  public init(_ message: String) { self.message = message }
}
