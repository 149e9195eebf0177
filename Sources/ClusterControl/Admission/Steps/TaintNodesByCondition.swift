import ManifestSyntax

/// Keeps pods off new nodes until their kubelet has reported.
struct TaintNodesByCondition: AdmissionStep {
  static let name = "TaintNodesByCondition"

  private static let taint: Value = [
    "key": "node.kubernetes.io/not-ready", "effect": "NoSchedule",
  ]

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.nodes, .create) else { return }
    object.editSpec { spec in
      let isThere = spec.items("taints").contains {
        $0["key"] == Self.taint["key"] && $0["effect"] == Self.taint["effect"]
      }
      if !isThere { spec.append(Self.taint, to: "taints", in: []) }
    }
  }
}
