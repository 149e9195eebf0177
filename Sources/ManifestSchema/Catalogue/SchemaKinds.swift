import ManifestSyntax

/// What a manifest says of itself, as a key.
struct KindKey: Hashable {
  var apiVersion: String
  var kind: String
}

/// Look-ups of kinds.
extension Schema {
  /// The kind that a manifest names, if this schema's version has it.
  ///
  /// When it has not, ``availability(of:)``, ``removal(of:)``, ``apiVersions(ofKind:)`` and
  /// ``nearestKinds(to:apiVersion:)`` tell why and what to write instead.
  public func kind(apiVersion: String, kind: String) -> Kind? {
    let key = KindKey(apiVersion: apiVersion, kind: kind)
    if let known = kindCache[key] { return known }
    let gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
    let found = anyKind(gvk).flatMap { $0.availability.contains(version) ? $0 : nil }
    // A file of thousands of made-up kinds must not grow the cache without end.
    if kindCache.count >= 4096 { kindCache.removeAll() }
    kindCache[key] = .some(found)
    return found
  }

  /// The kind, whether or not this schema's version has it.
  public func anyKind(_ gvk: GroupVersionKind) -> Kind? {
    if let added = addedKinds[gvk] { return added }
    // The files of the core group and of shared types have names that no manifest may use.
    guard gvk.group != "core", gvk.group != "meta",
      let file = tables.file(group: gvk.group, version: gvk.version)
    else { return nil }
    var name = gvk.kind
    return name.withUTF8 { tables.findKind(Bytes($0), inFile: file) }.map(embeddedKind)
  }

  /// Every kind of this schema's version, sorted by group, kind and version.
  public func kinds() -> [Kind] {
    if let knownKinds { return knownKinds }
    let kinds = allKinds().filter { $0.availability.contains(version) }
    knownKinds = kinds
    return kinds
  }

  /// Every kind of every version, sorted.
  public func allKinds() -> [Kind] {
    let embedded = (0..<tables.kindCount).map(embeddedKind).filter { addedKinds[$0.gvk] == nil }
    return (embedded + addedKinds.values).sorted { $0.gvk < $1.gvk }
  }

  /// The versions that have the kind, nil when none of the tables does: "since 1.29", "until 1.25".
  public func availability(of gvk: GroupVersionKind) -> Availability? {
    anyKind(gvk)?.availability
  }

  /// What became of a kind that was deprecated or removed; nil for kinds that are well.
  public func removal(of gvk: GroupVersionKind) -> Removal? {
    if let known = removalCache[gvk] { return known }
    let found = findRemoval(of: gvk)
    if removalCache.count >= 4096 { removalCache.removeAll() }
    removalCache[gvk] = .some(found)
    return found
  }

  private func findRemoval(of gvk: GroupVersionKind) -> Removal? {
    let known = removals ?? readRemovals()
    removals = known
    if let removal = known[gvk] { return removal }
    guard let until = anyKind(gvk)?.availability.until else { return nil }
    return Removal(
      gvk: gvk, removedIn: KubernetesVersion(minor: until.minor + 1),
      replacement: apiVersions(ofKind: gvk.kind).first { $0.group == gvk.group }?.apiVersion)
  }

  /// Which APIs of this schema's version have a kind of this name, the most stable first.
  public func apiVersions(ofKind name: String) -> [GroupVersionKind] {
    var name = name
    let embedded = name.withUTF8 { bytes in
      (0..<tables.fileCount).compactMap { tables.findKind(Bytes(bytes), inFile: $0) }
    }
    let added = addedKinds.values.filter { $0.gvk.kind == name }
    return (embedded.map(embeddedKind) + added)
      .filter { $0.availability.contains(version) }.map(\.gvk)
      .sorted { ($0.group, $1.stability) < ($1.group, $0.stability) }
  }

  /// The kinds of this schema's version whose names differ least from `name`, best first.
  ///
  /// Those of `apiVersion` win where the distance is equal. A name that is right but for its case
  /// counts as nearest. Empty when nothing is near.
  public func nearestKinds(to name: String, apiVersion: String) -> [GroupVersionKind] {
    let wanted = name.lowercased()
    let distanceMax = max(1, wanted.utf8.count / 4)
    var near: [(distance: Int, isForeign: Int, gvk: GroupVersionKind)] = []
    for kind in kinds() where !kind.isList || name.hasSuffix("List") {
      guard abs(kind.gvk.kind.utf8.count - wanted.utf8.count) <= distanceMax else { continue }
      let distance = EditDistance.between(wanted, kind.gvk.kind.lowercased())
      guard distance <= distanceMax else { continue }
      near.append((distance, kind.gvk.apiVersion == apiVersion ? 0 : 1, kind.gvk))
    }
    near.sort { ($0.distance, $0.isForeign, $0.gvk) < ($1.distance, $1.isForeign, $1.gvk) }
    return near.map(\.gvk)
  }

  /// The API versions of this schema's version that differ least from `apiVersion`, best first.
  public func nearestAPIVersions(to apiVersion: String) -> [String] {
    let distanceMax = max(1, apiVersion.utf8.count / 4)
    let known = Set(kinds().map(\.gvk.apiVersion)).sorted()
    return known.map { (distance: EditDistance.between(apiVersion, $0), name: $0) }
      .filter { $0.distance <= distanceMax }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.map(\.name)
  }

  /// Whether any version knows the group; such an API is built in, not a custom resource's.
  public func isBuiltIn(group: String) -> Bool {
    (0..<tables.fileCount).contains {
      tables.group(ofFile: $0) == group && !tables.kinds(ofFile: $0).isEmpty
    } || (removals ?? readRemovals()).keys.contains { $0.group == group }
  }

  private func embeddedKind(_ index: Int) -> Kind {
    let (file, offset) = tables.kind(index)
    var reader = TableReader(tables.text(ofFile: file), from: offset)
    guard case .kind(let line)? = try? reader.next()?.line,
      let type = tables.resolveType(line.typeName, inFile: file)
    else { preconditionFailure("the index of the schemas is out of date: run make generate") }
    let gvk = GroupVersionKind(
      group: tables.group(ofFile: file), version: tables.version(ofFile: file),
      kind: line.name.string)
    return Kind(line, gvk: gvk, type: TypeID(type))
  }

  private func readRemovals() -> [GroupVersionKind: Removal] {
    var removals: [GroupVersionKind: Removal] = [:]
    for line in tables.removals.split(separator: 0x0A) {
      guard let removal = Removal(Bytes(rebasing: line)) else { continue }
      removals[removal.gvk] = removal
    }
    return removals
  }
}

extension Kind {
  init(_ line: KindLine, gvk: GroupVersionKind, type: TypeID) {
    self.init(gvk: gvk, type: type, plural: line.plural.string)
    if !plural.isEmpty {
      singular = line.singular.isEmpty ? gvk.kind.lowercased() : line.singular.string
      verbs = line.verbs?.commaSeparated ?? Self.usualVerbs
    }
    shortNames = line.shortNames.commaSeparated
    scope = line.scope
    categories = line.categories.commaSeparated
    subresources = line.subresources.commaSeparated
    isList = line.isList
    availability = line.availability
  }
}

extension Removal {
  /// A line of `schemas/removed.tsv`; nil for comments and lines that are not well formed.
  init?(_ line: Bytes) {
    let cells = line.split(separator: 0x09, omittingEmptySubsequences: false)
      .map { Bytes(rebasing: $0).string }
    guard cells.count == 5, !cells[0].hasPrefix("#") else { return nil }
    gvk = GroupVersionKind(apiVersion: cells[0], kind: cells[1])
    deprecatedIn = KubernetesVersion(cells[2])
    removedIn = KubernetesVersion(cells[3])
    replacement = cells[4] == "-" ? nil : cells[4]
  }
}

extension GroupVersionKind {
  /// Greater for more mature versions: v2 over v1 over v1beta2 over v1beta1 over v1alpha1.
  var stability: Int {
    let numbers = version.split { !$0.isNumber }.compactMap { Int($0) }
    let major = min(numbers.first ?? 0, 999)
    let minor = numbers.count > 1 ? min(numbers[1], 999) : 0
    let level = version.contains("alpha") ? 0 : version.contains("beta") ? 1 : 2
    return level * 1_000_000 + major * 1000 + minor
  }
}
