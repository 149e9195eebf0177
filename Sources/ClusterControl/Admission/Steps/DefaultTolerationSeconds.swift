import ManifestSyntax

/// Lets pods stay five minutes on a node that is not ready or cannot be reached.
struct DefaultTolerationSeconds: AdmissionStep {
  static let name = "DefaultTolerationSeconds"

  private static let seconds: Int64 = 300

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.pods, .create, .update) else { return }
    object.editSpec { spec in
      let known = spec.items("tolerations")
      for taint in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
      where !known.contains(where: { Self.tolerates($0, taint) }) {
        spec.append(
          [
            "key": .string(taint), "operator": "Exists", "effect": "NoExecute",
            "tolerationSeconds": .int(Self.seconds),
          ], to: "tolerations", in: FieldOrder.podSpec)
      }
    }
  }

  private static func tolerates(_ toleration: Value, _ taint: String) -> Bool {
    let key = toleration["key"]?.string ?? ""
    let effect = toleration["effect"]?.string ?? ""
    return (key == taint || key.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
  }
}
