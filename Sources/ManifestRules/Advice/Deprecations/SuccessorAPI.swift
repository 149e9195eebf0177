import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The API that an object should be written in, and whether a change of one line gets it there.
struct SuccessorAPI {
  let apiVersion: String
  /// Whether the object as it is written fits the other API.
  let isEqual: Bool

  /// Nil where nothing takes the place of the object's API.
  init?(of object: AdviceObject, _ removal: Removal?, _ schema: Schema) {
    let served = schema.apiVersions(ofKind: object.kind)
    let written = removal?.replacement.flatMap { $0.contains(" ") ? nil : $0 }
    let other = written ?? served.first { $0.group == object.gvk.group }?.apiVersion
    guard let apiVersion = other, apiVersion != object.gvk.apiVersion else { return nil }
    self.apiVersion = apiVersion
    guard let kind = schema.kind(apiVersion: apiVersion, kind: object.kind),
      let (tree, node) = object.node.treeNode, !Self.meansSomethingElse(object)
    else {
      isEqual = false
      return
    }
    var checker = SchemaChecker(schema: schema, tree: tree)
    checker.check(node, as: kind.type)
    isEqual = !checker.diagnostics.contains { $0.severity == .error }
  }

  /// Objects that both APIs take, and read in different ways.
  private static func meansSomethingElse(_ object: AdviceObject) -> Bool {
    switch (object.kind, object.gvk.version) {
    case ("PodDisruptionBudget", "v1beta1"):
      // An empty selector was none; now it is all pods.
      let selector = object.node[.spec]?[.selector]
      return selector.map { $0.count == 0 } ?? true
    case ("StatefulSet", "v1beta1"), ("DaemonSet", "v1beta1"):
      // Where nothing was written, pods were replaced by hand.
      return object.node[.spec]?["updateStrategy"]?["type"] == nil
    case ("CustomResourceDefinition", _), ("MutatingWebhookConfiguration", _),
      ("ValidatingWebhookConfiguration", _), ("CertificateSigningRequest", _):
      // They ask for more than their schemas say, and what holds by default is another.
      return true
    default: return false
    }
  }

  /// The fix, where the change of one line is all.
  func fixes(_ object: AdviceObject, _ report: AdviceReport) -> [FixIt] {
    guard isEqual else { return [] }
    return [
      report.setting(
        object.node, "apiVersion", to: apiVersion, title: "use \(apiVersion)", safety: .safe)
    ]
  }

  /// What to do, in words.
  var help: String {
    isEqual
      ? "write apiVersion: \(apiVersion)" : "use \(apiVersion); fields have changed as well"
  }
}
