import ManifestSyntax

/// Gives ingresses that name no class the default one.
struct DefaultIngressClass: AdmissionStep {
  static let name = "DefaultIngressClass"

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.ingresses, .create),
      object.annotation("kubernetes.io/ingress.class") == nil,
      object["spec"]?["ingressClassName"]?.string == nil
    else { return }
    let found = DefaultClass.newest(
      of: try cluster.list(.ingressClasses, namespace: nil),
      marked: ["ingressclass.kubernetes.io/is-default-class"])
    guard let found else { return }
    object.editSpec {
      $0.set(
        "ingressClassName", to: .string(found.metadataName),
        in: ["ingressClassName", "defaultBackend", "tls", "rules"])
    }
  }
}
