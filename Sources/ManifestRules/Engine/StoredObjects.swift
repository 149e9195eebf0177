import ManifestSchema
import ManifestSyntax

/// Objects that are there already, for judging the manifests that are to replace them.
public struct StoredObjects: Sendable {
  /// What tells objects apart.
  public struct Name: Hashable, Sendable, CustomStringConvertible {
    public var group: String
    public var kind: String
    /// nil where the object names none: the request decides.
    public var namespace: String?
    public var name: String

    /// nil without a kind or a name.
    public init?(apiVersion: String?, kind: String?, namespace: String?, name: String?) {
      guard let apiVersion, let kind, let name else { return nil }
      group = GroupVersionKind(apiVersion: apiVersion, kind: kind).group
      self.kind = kind
      self.namespace = namespace
      self.name = name
    }

    public var description: String {
      "\(kind) " + (namespace.map { "\($0)/" } ?? "") + name
    }

    fileprivate var withoutNamespace: Name {
      var copy = self
      copy.namespace = nil
      return copy
    }
  }

  /// What is wrong with stored objects, and where.
  public struct Trouble: Sendable {
    /// Lower case, no full stop.
    public var message: String
    /// The line, from 1.
    public var line: Int
    /// Whether objects may be missing because of it.
    public var isFatal: Bool
  }

  private struct Entry {
    var name: Name
    var value: Value
  }

  private var entries: [Name: [Entry]] = [:]
  /// The objects in the order in which they came.
  public private(set) var names: [Name] = []

  public init() {}

  /// Takes in the objects of `source`.
  ///
  /// - Returns: what is wrong with it: documents that cannot be read; those that are no objects
  ///   with a name, which are left out; objects that came before, whose last text counts.
  public mutating func add(_ source: SourceText) -> [Trouble] {
    var troubles: [Trouble] = []
    func note(_ message: String, at offset: UInt32, isFatal: Bool = false) {
      let line = source.lineFeeds(in: 0..<min(Int(offset), source.count)) + 1
      troubles.append(Trouble(message: message, line: line, isFatal: isFatal))
    }
    SourceDocuments.forEach(in: source) { document in
      guard let tree = document.tree else {
        for diagnostic in document.diagnostics {
          note(diagnostic.message, at: (diagnostic.span ?? document.span).start, isFatal: true)
        }
        return
      }
      for object in ObjectInDocument.objects(in: tree) {
        if let message = add(object, of: tree) { note(message, at: tree.span(object.node).start) }
      }
    }
    return troubles
  }

  /// Takes in one object; returns what is odd about it.
  private mutating func add(_ object: ObjectInDocument, of tree: Tree) -> String? {
    var result = DocumentResult(document: 0, line: 1, status: .valid)
    object.name(&result, tree)
    guard let name = result.objectName else {
      return "this document is no object with a name, so it is left out"
    }
    var value = tree.value(object.node)
    if let implied = object.impliedKind {
      value["apiVersion"] = .string(implied.apiVersion)
      value["kind"] = .string(implied.kind)
    }
    let key = name.withoutNamespace
    guard let position = entries[key]?.firstIndex(where: { $0.name == name }) else {
      entries[key, default: []].append(Entry(name: name, value: value))
      names.append(name)
      return nil
    }
    entries[key]?[position].value = value
    return "\(name) is here more than once; the last one counts"
  }

  /// The object that one named `name` replaces; nil where it is new.
  ///
  /// Where one side names no namespace, the other's counts, if that is not ambiguous.
  public func counterpart(of name: Name) -> Name? { entry(for: name)?.name }

  private func entry(for name: Name) -> Entry? {
    guard let candidates = entries[name.withoutNamespace] else { return nil }
    if let exact = candidates.first(where: { $0.name == name }) { return exact }
    if name.namespace == nil { return candidates.count == 1 ? candidates.first : nil }
    return candidates.first { $0.name.namespace == nil }
  }

  /// The stored object that the one at `object` is to replace, and that one, as trees of their own.
  func pair(for object: ObjectInDocument, in tree: Tree) -> (old: Tree, new: Tree)? {
    if names.isEmpty { return nil }
    var result = DocumentResult(document: 0, line: 1, status: .valid)
    object.name(&result, tree)
    guard let name = result.objectName, let entry = entry(for: name) else { return nil }
    var old = entry.value
    var new = tree.value(object.node)
    if let implied = object.impliedKind {
      new["apiVersion"] = .string(implied.apiVersion)
      new["kind"] = .string(implied.kind)
    }
    // The request names the namespace that an object leaves out.
    if let namespace = name.namespace ?? entry.name.namespace {
      Self.complete(&old, namespace)
      Self.complete(&new, namespace)
    }
    return (Tree(old), Tree(new))
  }

  private static func complete(_ object: inout Value, _ namespace: String) {
    guard var metadata = object["metadata"], metadata["namespace"] == nil else { return }
    metadata["namespace"] = .string(namespace)
    object["metadata"] = metadata
  }
}

extension DocumentResult {
  /// The object's name among stored ones; nil where it has none.
  public var objectName: StoredObjects.Name? {
    StoredObjects.Name(apiVersion: apiVersion, kind: kind, namespace: namespace, name: name)
  }
}
