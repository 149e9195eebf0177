import ManifestSyntax

/// Why a schema location cannot be used.
public enum SchemaLocationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It names a place on the network: download the schemas, then name their folder.
  case remote(String)
  /// A `{{` is not closed, or holds more than one variable's name: write `{{ .Name }}`.
  case malformed(String)
  /// A variable that templates do not have: use one of ``SchemaLocation/variables``.
  case unknownVariable(String)

  public var description: String {
    switch self {
    case .remote(let text):
      "schema location '\(text)' is on the network, and nothing is fetched: download the schemas"
        + " and give their folder"
    case .malformed(let text):
      "'\(text)' is no variable of a schema location: write it like '{{ .ResourceKind }}'"
    case .unknownVariable(let name):
      "schema locations have no variable '\(name)'; they have "
        + SchemaLocation.variables.joined(separator: ", ")
    }
  }
}

/// Where JSON schemas of kinds lie: a path with variables, as kubeconform takes them.
///
/// Only the path is made here; whoever looks the schema up reads the file.
public enum SchemaLocation: Hashable, Sendable {
  /// Kubernetes' own kinds, from the tables in the binary: `default`.
  case embedded
  /// Files, by a template of their paths.
  case files([Part])

  /// A piece of a template.
  public enum Part: Hashable, Sendable {
    case text(String)
    /// The name of a variable, without its dot.
    case variable(String)
  }

  /// What a template may use.
  public static let variables = [
    "Group", "KindSuffix", "NormalizedKubernetesVersion", "ResourceAPIVersion", "ResourceKind",
    "StrictSuffix",
  ]

  private static let usualLayout =
    "/{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}"
    + "/{{ .ResourceKind }}{{ .KindSuffix }}.json"

  /// Reads a location: `default`, a template that ends in `.json`, or a folder in the usual layout.
  public init(_ text: String) throws(SchemaLocationError) {
    if text == "default" {
      self = .embedded
      return
    }
    let lower = text.lowercased()
    if lower.hasPrefix("http://") || lower.hasPrefix("https://") { throw .remote(text) }
    var path = text.hasPrefix("file://") ? String(text.dropFirst(7)) : text
    let isTemplate =
      path.contains("{{") || [".json", ".yaml", ".yml"].contains { lower.hasSuffix($0) }
    if !isTemplate {
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      path += Self.usualLayout
    }
    self = .files(try Self.parts(of: path))
  }

  private static func parts(of text: String) throws(SchemaLocationError) -> [Part] {
    var parts: [Part] = []
    var rest = text[...]
    while let (before, after) = rest.cut(at: "{{") {
      if !before.isEmpty { parts.append(.text(String(before))) }
      guard let (inside, remainder) = after.cut(at: "}}") else {
        throw .malformed("{{\(after.prefix(40))")
      }
      var name = inside
      // A hyphen inside the braces trims the space around them; paths have none.
      if name.hasPrefix("- ") { name = name.dropFirst() }
      if name.hasSuffix(" -") { name = name.dropLast() }
      name = name.drop { $0 == " " || $0 == "\t" }
      while name.last == " " || name.last == "\t" { name = name.dropLast() }
      guard name.first == "." else { throw .malformed("{{\(inside)}}") }
      let variable = String(name.dropFirst())
      guard variable.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
        throw .malformed("{{\(inside)}}")
      }
      guard variables.contains(variable) else { throw .unknownVariable(variable) }
      parts.append(.variable(variable))
      rest = remainder
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }

  /// The paths at which the schema of `gvk` may lie, the strict one first; none for `embedded`.
  ///
  /// A kind is written in small letters, as schema collections do.
  public func paths(for gvk: GroupVersionKind, version: KubernetesVersion) -> [String] {
    guard case .files(let parts) = self else { return [] }
    let strict = Self.path(parts, gvk, version, strictSuffix: "-strict")
    let plain = Self.path(parts, gvk, version, strictSuffix: "")
    return strict == plain ? [strict] : [strict, plain]
  }

  private static func path(
    _ parts: [Part], _ gvk: GroupVersionKind, _ version: KubernetesVersion, strictSuffix: String
  ) -> String {
    let firstLabel = gvk.group.split(separator: ".").first.map { $0.lowercased() }
    let suffix =
      firstLabel.map { "-\($0)-\(gvk.version.lowercased())" }
      ?? "-\(gvk.version.lowercased())"
    return parts.map { part in
      switch part {
      case .text(let text): return text
      case .variable("ResourceKind"): return plain(gvk.kind.lowercased())
      case .variable("ResourceAPIVersion"): return plain(gvk.version)
      // The core group has no name: its version stands in, as in an apiVersion.
      case .variable("Group"): return plain(gvk.group.isEmpty ? gvk.version : gvk.group)
      case .variable("NormalizedKubernetesVersion"): return "v\(version).0"
      case .variable("StrictSuffix"): return strictSuffix
      case .variable: return plain(suffix)
      }
    }.joined()
  }

  /// A manifest may call its kind anything, but must not lead out of the folder.
  private static func plain(_ text: String) -> String {
    String(text.map { $0 == "/" || $0 == "\\" || $0 == "\0" ? "_" : $0 })
  }
}

extension Substring {
  /// What stands before and after the first `mark`; nil where there is none.
  fileprivate func cut(at mark: String) -> (before: Substring, after: Substring)? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(mark) {
        return (self[..<index], self[self.index(index, offsetBy: mark.count)...])
      }
      index = self.index(after: index)
    }
    return nil
  }
}
