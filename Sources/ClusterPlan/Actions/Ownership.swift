import ManifestMerge
import ManifestSyntax

/// Who owns which fields of an object, as far as comparing needs it.
struct Ownership {
  private let entries: [ManagedEntry]
  /// What the applying manager owned before.
  let own: FieldSet

  init(_ object: Value?, manager: String) {
    let managed = (try? ManagedFields(object?["metadata"]?["managedFields"])) ?? ManagedFields()
    func isOwn(_ entry: ManagedEntry) -> Bool {
      entry.writer.manager == manager && entry.writer.operation == .apply
        && entry.writer.subresource.isEmpty
    }
    own = managed.entries.first(where: isOwn)?.fields ?? FieldSet()
    entries = managed.entries.filter { !isOwn($0) }
  }

  /// The other managers that own a field or something in it, by name.
  func owners(of path: [PathElement]) -> [String] {
    var names: [String] = []
    for entry in entries where entry.fields.touches(path) {
      let name = Self.name(entry.writer)
      if !names.contains(name) { names.append(name) }
    }
    return names.sorted()
  }

  /// `kubectl`, `kubectl (Update)`, `kubelet (Update of status)`.
  static func name(_ writer: ManagedEntry.Writer) -> String {
    guard writer.operation == .update else { return writer.manager }
    return writer.subresource.isEmpty
      ? "\(writer.manager) (Update)" : "\(writer.manager) (Update of \(writer.subresource))"
  }
}

extension FieldSet {
  /// Whether the path is in the set, or something below it, or a whole that it is part of.
  func touches(_ path: [PathElement]) -> Bool {
    var set = self
    for (position, element) in path.enumerated() {
      let inner = set[element]
      if set.hasMember(element) {
        // Owned as one piece, or the end of the way.
        if inner == nil || position == path.count - 1 { return true }
      }
      guard let inner else { return false }
      set = inner
    }
    return true
  }
}
