import ManifestSchema

/// Finds what `deployment.spec.strategy` means.
struct FieldSearch {
  /// A field and where it was found.
  struct Found {
    var kind: Kind
    /// The names of the fields as they are really written.
    var names: [String]
    /// nil for the object itself.
    var field: Field?
    /// The type of the object in which the field stands; of the object itself without a field.
    var owner: ObjectType
    /// The variants of the field over all versions.
    var variants: [Field]
    /// The type whose fields can be listed; nil for values without fields.
    var inside: ObjectType?
  }

  private let schema: Schema
  private let versions: [KubernetesVersion]

  /// A search in `schema`, which is that of the last version of `range`.
  init(_ range: VersionRange, in schema: Schema) {
    self.schema = schema
    versions = range.versions
  }

  /// What `text` leads to; `apiVersion` chooses among kinds of one name.
  func find(_ text: String, apiVersion: String?) throws(CommandFailure) -> Found {
    let words = text.split(separator: ".").map(Self.withoutIndex)
    guard let first = words.first else { throw CommandFailure("nothing to explain") }
    let kind = try kind(named: first, apiVersion: apiVersion)
    let type = schema.type(kind.type)
    var found = Found(kind: kind, names: [], owner: type, variants: [], inside: type)
    for word in words.dropFirst() { try step(to: word, &found) }
    return found
  }

  /// The kinds that have a resource, in versions asked for.
  var kinds: [Kind] {
    schema.allKinds().filter { kind in
      !kind.plural.isEmpty && versions.contains { kind.availability.contains($0) }
    }
  }

  private func kind(named word: String, apiVersion: String?) throws(CommandFailure) -> Kind {
    let wanted = word.lowercased()
    let kinds = kinds
    let named = kinds.filter { kind in
      kind.gvk.kind.lowercased() == wanted || kind.plural == wanted || kind.singular == wanted
        || kind.shortNames.contains(wanted)
    }
    guard !named.isEmpty else {
      let names = kinds.flatMap { [$0.gvk.kind.lowercased(), $0.plural] + $0.shortNames }
      let near = NearestWord.of(wanted, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw CommandFailure(
        "no kind and no rule is called '\(word)'\(near)",
        help: "`kmf kinds` lists the kinds; fields are written kind.field.field, rules like DEC-09")
    }
    if let apiVersion {
      guard let kind = named.first(where: { $0.gvk.apiVersion == apiVersion }) else {
        let known = named.map(\.gvk.apiVersion).joined(separator: ", ")
        throw CommandFailure("'\(word)' is not in \(apiVersion)", help: "it is in \(known)")
      }
      return kind
    }
    // The most mature API of the first group that has the kind: `v1` before `events.k8s.io/v1`.
    let best = schema.apiVersions(ofKind: named[0].gvk.kind).first { gvk in
      named.contains { $0.gvk == gvk }
    }
    return named.first { $0.gvk == best } ?? named[0]
  }

  private func step(to word: String, _ found: inout Found) throws(CommandFailure) {
    let place = ([found.kind.gvk.kind] + found.names).joined(separator: ".")
    guard let type = found.inside else {
      throw CommandFailure("'\(place)' has no fields, so no '\(word)'")
    }
    let known = type.fields.filter { field in
      versions.contains { field.availability.contains($0) }
    }
    let exact = known.filter { $0.name == word }
    let variants =
      exact.isEmpty ? known.filter { $0.name.lowercased() == word.lowercased() } : exact
    guard let field = variants.last else {
      throw CommandFailure(
        "'\(place)' has no field '\(word)'\(hint(word, type, known))",
        help: "fields are \(unique(known.map(\.name)).joined(separator: ", "))")
    }
    found.names.append(field.name)
    found.owner = type
    found.field = field
    found.variants = type.fields.filter { $0.name == field.name }
    found.inside = field.type.objectType.map(schema.type)
  }

  private func hint(_ word: String, _ type: ObjectType, _ known: [Field]) -> String {
    if let other = type.fields.first(where: { $0.name == word }) {
      return " in the chosen version (\(other.availability.words))"
    }
    return NearestWord.of(word, among: known.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// `containers[0]` means the field `containers`.
  private static func withoutIndex(_ word: Substring) -> String {
    String(word.prefix { $0 != "[" })
  }

  /// The type in words: `string`, `[Container]`, `map of Quantity`.
  func words(_ type: FieldType) -> String {
    switch type.shape {
    case .scalar(let scalar): scalar.word
    case .object(let id): schema.type(id).name
    case .objectOr(let id, .bool): "\(schema.type(id).name) or bool"
    case .objectOr(let id, .list): "\(schema.type(id).name) or a list of them"
    case .objectOr(let id, .strings): "\(schema.type(id).name) or a list of strings"
    case .list(let item): "list of \(words(item))"
    case .map(let value): "map of \(words(value))"
    }
  }

  /// The fields to list, one variant each, in the table's order.
  func fields(of type: ObjectType) -> [Field] {
    var seen: Set<String> = []
    return type.fields.reversed().filter { field in
      versions.contains { field.availability.contains($0) } && seen.insert(field.name).inserted
    }.reversed()
  }

  /// When a field exists under its name, whatever else was said of it at the time.
  static func availability(of name: String, in fields: [Field]) -> Availability {
    let variants = fields.filter { $0.name == name }.map(\.availability)
    return Availability(
      since: variants.contains { $0.since == nil } ? nil : variants.compactMap(\.since).min(),
      until: variants.contains { $0.until == nil } ? nil : variants.compactMap(\.until).max())
  }
}
