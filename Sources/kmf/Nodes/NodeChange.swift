import ClusterAPI
import ClusterControl
import ManifestSyntax

/// Nodes that a command changes, one by one.
struct NodeChange {
  let client: ClusterClient
  private let resource: ServedResource

  init(_ place: ClusterOptions) throws(CommandFailure) {
    client = try place.client(for: .existing)
    guard let resource = client.catalog.preferred(.nodes) else {
      throw CommandFailure("the cluster serves no nodes")
    }
    self.resource = resource
  }

  /// One of them.
  struct Node {
    let name: String
    let client: ClusterClient
    let target: Target

    func object() throws(ClusterRefusal) -> Value { try client.object(target) }

    /// - Returns: whether it was not so already.
    func cordon(_ isCordoned: Bool) throws(ClusterRefusal) -> Bool {
      let present = try object()["spec"]?["unschedulable"] == true
      guard present != isCordoned else { return false }
      try patch(["spec": ["unschedulable": isCordoned ? true : .null]])
      return true
    }

    /// Sets annotations, or (nil) takes them away.
    func annotate(_ annotations: [String: String?]) throws(ClusterRefusal) {
      var map = ValueMap()
      for (key, value) in annotations { map[key] = value.map(Value.string) ?? .null }
      try patch(["metadata": ["annotations": .map(map)]])
    }

    private func patch(_ patch: Value) throws(ClusterRefusal) {
      _ = try client.send(
        "PATCH", target.path, query: [("fieldManager", "kmf-node")],
        contentType: "application/merge-patch+json", patch)
    }
  }

  /// Does `body` for each; a refusal is told, and the next one is tried.
  func forEach(_ names: [String], _ body: (Node) throws -> Void) throws {
    var isRefused = false
    for name in names {
      do {
        // kubectl takes node/n1 as well.
        let bare = name.hasPrefix("node/") ? String(name.dropFirst(5)) : name
        try body(Node(name: bare, client: client, target: Target(resource: resource, name: bare)))
      } catch let refusal as ClusterRefusal {
        refusal.complain()
        isRefused = true
      }
    }
    if isRefused { throw ExitStatus.findings }
  }
}
