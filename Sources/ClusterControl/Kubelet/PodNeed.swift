import ManifestSyntax

/// A ConfigMap or Secret that a pod cannot start without.
struct PodNeed: Hashable, Sendable {
  var resource: GroupResource
  var name: String
  /// The volume that shows it; nil where it is in the environment of a container.
  var volume: String?

  /// What a kubelet says while it is missing.
  var complaint: String {
    let kind = resource == .secrets ? "secret" : "configmap"
    let words = "\(kind) \"\(name)\" not found"
    return volume.map { "MountVolume.SetUp failed for volume \"\($0)\": \(words)" }
      ?? "Error: \(words)"
  }

  var reason: String { volume == nil ? "Failed" : "FailedMount" }

  /// Made in every namespace, by a controller that may still have to get to it.
  private static let rootCertificate = "kube-root-ca.crt"

  static func all(of spec: Value) -> [PodNeed] {
    var needs: [PodNeed] = []
    func add(_ resource: GroupResource, _ source: Value?, name: String, volume: String?) {
      guard let source, source["optional"] != true, let text = source[name]?.string,
        !text.isEmpty, text != rootCertificate
      else { return }
      let need = PodNeed(resource: resource, name: text, volume: volume)
      if !needs.contains(need) { needs.append(need) }
    }
    for volume in spec["volumes"]?.list ?? [] {
      let label = volume["name"]?.string ?? ""
      add(.configMaps, volume["configMap"], name: "name", volume: label)
      add(.secrets, volume["secret"], name: "secretName", volume: label)
      for source in volume["projected"]?["sources"]?.list ?? [] {
        add(.configMaps, source["configMap"], name: "name", volume: label)
        add(.secrets, source["secret"], name: "name", volume: label)
      }
    }
    let containers = (spec["initContainers"]?.list ?? []) + (spec["containers"]?.list ?? [])
    for container in containers {
      for source in container["envFrom"]?.list ?? [] {
        add(.configMaps, source["configMapRef"], name: "name", volume: nil)
        add(.secrets, source["secretRef"], name: "name", volume: nil)
      }
      for variable in container["env"]?.list ?? [] {
        let source = variable["valueFrom"]
        add(.configMaps, source?["configMapKeyRef"], name: "name", volume: nil)
        add(.secrets, source?["secretKeyRef"], name: "name", volume: nil)
      }
    }
    return needs
  }
}
