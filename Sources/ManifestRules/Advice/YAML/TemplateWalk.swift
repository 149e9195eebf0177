import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Looks through an object for pieces of templates.
struct TemplateWalk {
  private let tree: Tree
  private let object: AdviceObject
  private let schema: Schema
  private let universe: Universe
  private let isConfiguration: Bool

  init(_ object: AdviceObject, _ tree: Tree, _ report: AdviceReport) {
    self.tree = tree
    self.object = object
    schema = report.schema
    universe = report.universe
    isConfiguration =
      object.gvk.group.isEmpty && (object.kind == "ConfigMap" || object.kind == "Secret")
  }

  private var isBuiltIn: Bool { schema.anyKind(object.gvk) != nil }

  /// Whether Flux fills `${VAR}` in.
  private var isSubstituted: Bool {
    universe.objects(ofKind: "Kustomization").contains {
      $0.gvk.group == "kustomize.toolkit.fluxcd.io" && $0.node[.spec]?["postBuild"] != nil
    }
  }

  /// Where a value stands, as far as that changes what it may hold.
  private struct Place {
    var depth = 0
    /// In the data of a ConfigMap or Secret.
    var isData = false
    /// In a command or its arguments.
    var isCommand = false
  }

  private static let data = [Key("data"), Key("stringData"), Key("binaryData")]
  private static let commands = [Key("command"), Key("args")]

  typealias Found = (span: Span, node: NodeID)

  /// Hands every piece that was found to `body`.
  func visit(_ root: NodeID, _ body: (String, Found) -> Void) {
    visit(root, Place(), body)
  }

  private func visit(_ node: NodeID, _ place: Place, _ body: (String, Found) -> Void) {
    switch tree.kind(node) {
    case .mapping:
      for (key, value) in tree.entries(node) {
        var inside = place
        inside.depth += 1
        if place.depth == 0, isConfiguration, tree.isKey(key, among: Self.data) {
          inside.isData = true
        }
        if tree.isKey(key, among: Self.commands) { inside.isCommand = true }
        visit(value, inside, body)
      }
    case .sequence:
      for item in tree.items(node) { visit(item, place, body) }
    case .string:
      // An alias says what its anchor says.
      guard !tree.isAlias(node), let found = residue(in: tree.bytes(node), place) else { return }
      body(found, (tree.span(node), node))
    default: return
    }
  }

  /// Whether a piece of a template may be in a text: nearly all have none.
  static func mayFind(in document: AdviceDocument) -> Bool {
    let text = UnsafeRawBufferPointer(rebasing: document.bytes)
    if text.holds("{{") || text.holds("${") || text.holds("<no value>") || text.holds("%!")
      || text.holds("CHANGE")
    {
      return document.tree?.hasText(where: mayHave) ?? false
    }
    // Escapes may spell anything.
    return text.holds("\\") && document.tree?.hasRewrittenText(where: mayHave) ?? false
  }

  private func residue(in bytes: UnsafeRawBufferPointer, _ place: Place) -> String? {
    // Nearly all texts have nothing in them that begins like a piece.
    guard Self.mayHave(bytes) else { return nil }
    return residue(in: String(decoding: bytes, as: UTF8.self), place)
  }

  /// Whether `{{`, `${`, `<n`, `%!` or `CH` is in a text.
  private static func mayHave(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count > 1 else { return false }
    for index in 0..<(bytes.count - 1) {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "$"):
        if bytes[index + 1] == UInt8(ascii: "{") { return true }
      case UInt8(ascii: "<"): if bytes[index + 1] == UInt8(ascii: "n") { return true }
      case UInt8(ascii: "%"): if bytes[index + 1] == UInt8(ascii: "!") { return true }
      case UInt8(ascii: "C"): if bytes[index + 1] == UInt8(ascii: "H") { return true }
      default: continue
      }
    }
    return false
  }

  private func residue(in text: String, _ place: Place) -> String? {
    let isLong = text.contains { $0.isNewline }
    if !isLong || !place.isData {
      if text.contains("<no value>") { return "<no value>" }
      if let mark = formatting(in: text) { return mark }
    }
    if let piece = braces(in: text), isResidue(piece, in: text, place, isLong) { return piece }
    if !place.isCommand, !place.isData, !isLong, let piece = variable(in: text), !isProse(text),
      isBuiltIn, !isSubstituted
    {
      return piece
    }
    for word in ["CHANGEME", "CHANGE_ME"] where text.contains(word) && !isLong && !isProse(text) {
      return word
    }
    return nil
  }

  /// `{{ … }}` is a part of many languages: in places where these stand only a chart's own words
  /// count.
  private func isResidue(
    _ piece: String, in text: String, _ place: Place, _ isLong: Bool
  ) -> Bool {
    let isOfChart = [".Values", ".Release", ".Chart", "include \""].contains {
      piece.contains($0)
    }
    if isLong { return false }
    if place.isData || place.isCommand || !isBuiltIn { return isOfChart }
    return isOfChart || !isProse(text)
  }

  private func braces(in text: String) -> String? {
    guard let start = text.firstRange(of: "{{"),
      let end = text[start.upperBound...].firstRange(of: "}}")
    else { return nil }
    return String(text[start.lowerBound..<end.upperBound])
  }

  /// `${NAME}`, also with a default behind it.
  private func variable(in text: String) -> String? {
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      let inside = rest[start.upperBound...]
      let name = inside.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
      let next = inside[name.endIndex...].first
      if let first = name.first, !first.isNumber, next == "}" || next == ":" {
        guard let end = inside.firstIndex(of: "}") else { return nil }
        return String(rest[start.lowerBound...end])
      }
      rest = inside
    }
    return nil
  }

  /// What Go prints for a value that does not fit its format: `%!s(`.
  private func formatting(in text: String) -> String? {
    guard let start = text.firstRange(of: "%!") else { return nil }
    let rest = text[start.upperBound...]
    guard let verb = rest.first, verb.isASCII, verb.isLetter, rest.dropFirst().first == "(" else {
      return nil
    }
    return "%!\(verb)("
  }

  /// Whether it is a sentence rather than a value.
  private func isProse(_ text: String) -> Bool {
    var plain = text
    if let piece = braces(in: text), let range = plain.firstRange(of: piece) {
      plain.removeSubrange(range)
    }
    return plain.split(separator: " ").count { $0.contains { $0.isLetter } } >= 4
  }
}
