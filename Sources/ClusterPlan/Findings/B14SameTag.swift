import ClusterControl
import ManifestSyntax

/// Nothing rolls, though the image may be another.
enum B14SameTag: FindingRule {
  static let code = "B14"
  static let title = "an image without a fixed version: nothing rolls when it changes"
  static let why = """
    A rollout starts when the template changes. An image that is pushed again under the same tag \
    changes no manifest, so no pod is replaced; and pods that start later run something else \
    than those that are there.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.forecast.changes.changes.compactMap { change -> Finding? in
      guard change.object.kind == "Deployment", change.object.resource == .deployments,
        change.action == .unchanged || change.action == .update,
        let object = scope.state.object(change.object.key)
      else { return nil }
      let rolls = scope.workloads.contains { $0.object == change.object && $0.isRollout }
      let containers = object.value["spec"]?["template"]?["spec"]?["containers"]?.list ?? []
      let images = containers.compactMap { $0["image"]?.string }.filter(isFloating)
      guard !rolls, !images.isEmpty else { return nil }
      return Finding(
        code, .note, change.object.fullLabel, title,
        proof: "the template stays as it is, with \(images.joined(separator: ", "))",
        help: "name a version or a digest, or run 'kubectl rollout restart'")
    }
  }

  /// Whether an image names no version: `nginx`, `nginx:latest`.
  private static func isFloating(_ image: String) -> Bool {
    guard !image.contains("@") else { return false }
    let last = image.split(separator: "/").last.map(String.init) ?? image
    guard let colon = last.firstIndex(of: ":") else { return true }
    return last[last.index(after: colon)...] == "latest"
  }
}
