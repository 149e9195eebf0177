import ClusterControl
import ClusterStore
import ManifestSyntax

/// Brings objects of files into a cluster, all of them or none.
///
/// An object with a uid comes from a cluster and is stored as it is: uid, times, status, owners and
/// managed fields stay, only its resource version is new. One without is a manifest and is created
/// as any client would, or updated. Namespaces that objects need and nobody brings are made.
public struct ClusterImport: Sendable {
  /// An object, with where it is from, for messages.
  public struct Item: Sendable {
    public var object: Value
    public var place: String

    public init(object: Value, place: String) {
      self.object = object
      self.place = place
    }
  }

  /// What an import did.
  public struct Summary: Sendable {
    /// Objects of one kind.
    public struct Count: Hashable, Sendable {
      /// `deployments.apps`
      public var resource: String
      public var created = 0
      public var updated = 0
      public var restored = 0
      /// Those that were there already, and the same.
      public var unchanged = 0

      public var total: Int { created + updated + restored + unchanged }
    }

    /// By resource, in the order of the import.
    public internal(set) var counts: [Count] = []
    /// Namespaces that nobody brought.
    public internal(set) var madeNamespaces: [String] = []
    public internal(set) var warnings: [String] = []

    public var total: Int { counts.reduce(0) { $0 + $1.total } }

    mutating func count(_ resource: GroupResource, _ field: WritableKeyPath<Count, Int>) {
      let name = resource.description
      if let index = counts.firstIndex(where: { $0.resource == name }) {
        counts[index][keyPath: field] += 1
      } else {
        var count = Count(resource: name)
        count[keyPath: field] = 1
        counts.append(count)
      }
    }
  }

  /// Why nothing was imported.
  public struct Refusal: Error, Sendable {
    /// Each with the place of its object.
    public var problems: [(place: String, error: StatusError)]
  }

  /// Whether objects that are there are replaced.
  public var overwrites = false
  public var isDryRun = false
  /// The owner of the fields of manifests.
  public var fieldManager = "kmf-import"
  /// The namespace of manifests that name none.
  public var namespace = "default"

  public init() {}

  /// - Throws: with every object that cannot be imported; nothing is, then.
  public func run(
    _ items: [Item], in cluster: LocalCluster
  ) throws(Refusal) -> Summary {
    let ordered = ImportOrder.positions(of: items.map(\.object)).map { items[$0] }
    var problems: [(place: String, error: StatusError)] = []
    do throws(StatusError) {
      return try cluster.transaction(dryRun: isDryRun) { (session) throws(StatusError) in
        var summary = Summary()
        var hasNamespaces = false
        for item in ordered {
          if !hasNamespaces, ImportOrder.rank(ofKind: item.kind) > Self.namespaceRank {
            hasNamespaces = true
            try makeNamespaces(for: ordered, session, &summary)
          }
          do throws(StatusError) {
            try bring(item, session, &summary)
          } catch {
            problems.append((item.place, error))
            // A broken input tells the same again and again.
            if problems.count >= Self.problemsMax { throw error }
          }
        }
        if let first = problems.first { throw first.error }
        return summary
      }
    } catch {
      throw Refusal(problems: problems.isEmpty ? [("", error)] : problems)
    }
  }

  private static let problemsMax = 50
  private static let namespaceRank = ImportOrder.rank(ofKind: "Namespace")

  // MARK: Single objects

  private func bring(
    _ item: Item, _ session: ClusterSession, _ summary: inout Summary
  ) throws(StatusError) {
    let apiVersion = item.object["apiVersion"]?.string ?? ""
    guard let resource = session.catalog.resource(apiVersion: apiVersion, kind: item.kind) else {
      throw .badRequest(
        "the cluster has no kind \"\(item.kind)\" in version \"\(apiVersion)\"; bring its "
          + "CustomResourceDefinition too")
    }
    let place = resource.isNamespaced ? item.namespace ?? namespace : nil
    let name = item.object.metadataText("name")
    if !item.object.metadataText("uid").isEmpty {
      let outcome = try session.restore(
        item.object, as: resource, place, overwrites: overwrites)
      summary.count(resource.resource, outcome.isChanged ? \.restored : \.unchanged)
      summary.warnings += outcome.warnings.map { "\(item.place): \($0)" }
      return
    }
    let options = WriteOptions(fieldManager: fieldManager, fieldValidation: .strict)
    var object = item.object
    // What a file remembers of another cluster's revisions means nothing here.
    if object["metadata"]?["resourceVersion"] != nil {
      object["metadata"]?["resourceVersion"] = nil
    }
    if overwrites, !name.isEmpty, try session.entry(resource, place, name) != nil {
      let written = try session.update(
        object, in: resource, namespace: place, name: name, options: options)
      summary.count(resource.resource, written.isChanged ? \.updated : \.unchanged)
      summary.warnings += written.warnings.map { "\(item.place): \($0)" }
      return
    }
    let written = try session.create(object, in: resource, namespace: place, options: options)
    summary.count(resource.resource, \.created)
    summary.warnings += written.warnings.map { "\(item.place): \($0)" }
  }

  /// Makes the namespaces that objects are in, and that are neither there nor brought.
  private func makeNamespaces(
    for items: [Item], _ session: ClusterSession, _ summary: inout Summary
  ) throws(StatusError) {
    guard let namespaces = session.catalog.preferred(.namespaces) else { return }
    var seen: Set<String> = []
    for item in items {
      let apiVersion = item.object["apiVersion"]?.string ?? ""
      guard
        let resource = session.catalog.resource(apiVersion: apiVersion, kind: item.kind),
        resource.isNamespaced
      else { continue }
      let name = item.namespace ?? namespace
      guard seen.insert(name).inserted, try session.entry(namespaces, nil, name) == nil else {
        continue
      }
      let object: Value = [
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
      ]
      let options = WriteOptions(fieldManager: fieldManager)
      _ = try session.create(object, in: namespaces, namespace: nil, options: options)
      summary.madeNamespaces.append(name)
    }
  }
}

extension ClusterImport.Item {
  fileprivate var kind: String { object["kind"]?.string ?? "" }

  /// nil where the object names none.
  fileprivate var namespace: String? {
    let name = object.metadataText("namespace")
    return name.isEmpty ? nil : name
  }
}
