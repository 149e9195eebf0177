import ManifestSchema
import ManifestSyntax

/// The ConfigMaps and Secrets without which a pod's volumes cannot be mounted, or a container's
/// environment cannot be made. What is optional is not among them.
struct PodNeeds: Sendable {
  /// One key of an object, or (nil) just the object.
  struct Need: Sendable {
    let resource: GroupResource
    let name: String
    var key: String?
  }
  struct Volume: Sendable {
    let name: String
    let needs: [Need]
  }

  /// Made in every namespace, by a controller that may still have to get to it.
  private static let rootCertificate = "kube-root-ca.crt"

  let volumes: [Volume]
  /// By the place of the container, init containers first.
  let environments: [[Need]]

  init(_ spec: Value) {
    volumes = (spec["volumes"]?.list ?? []).compactMap { volume in
      let sources = (volume["projected"]?["sources"]?.list ?? []) + [volume]
      let needs = sources.flatMap(Self.needs)
      return needs.isEmpty ? nil : Volume(name: volume["name"]?.string ?? "", needs: needs)
    }
    let containers = ["initContainers", "containers"].flatMap { spec[$0]?.list ?? [] }
    environments = containers.map(Self.environment)
    isEmpty = volumes.isEmpty && environments.allSatisfy(\.isEmpty)
  }

  /// Whether nothing is needed.
  let isEmpty: Bool

  /// What a volume, or a source of a projected one, is made of.
  private static func needs(_ source: Value) -> [Need] {
    [("configMap", GroupResource.configMaps), ("secret", .secrets)].flatMap { field, resource in
      guard let part = source[field], part != .null, part["optional"] != true,
        let name = (part["name"] ?? part["secretName"])?.string, !name.isEmpty,
        name != rootCertificate
      else { return [Need]() }
      let keys = (part["items"]?.list ?? []).compactMap { $0["key"]?.string }
      return keys.isEmpty
        ? [Need(resource: resource, name: name)]
        : keys.map { Need(resource: resource, name: name, key: $0) }
    }
  }

  private static func environment(_ container: Value) -> [Need] {
    var needs: [Need] = []
    for source in container["envFrom"]?.list ?? [] {
      add(source["configMapRef"], .configMaps, &needs)
      add(source["secretRef"], .secrets, &needs)
    }
    for variable in container["env"]?.list ?? [] {
      add(variable["valueFrom"]?["configMapKeyRef"], .configMaps, &needs)
      add(variable["valueFrom"]?["secretKeyRef"], .secrets, &needs)
    }
    return needs
  }

  private static func add(_ reference: Value?, _ resource: GroupResource, _ needs: inout [Need]) {
    guard let reference, reference["optional"] != true,
      let name = reference["name"]?.string, !name.isEmpty
    else { return }
    needs.append(Need(resource: resource, name: name, key: reference["key"]?.string))
  }

  // MARK: - What is missing

  /// What a pod waits for at this moment, in the words of the kubelet.
  struct Missing: Hashable, Sendable {
    var volume: String?
    /// By the place of the container.
    var environments: [Int: String] = [:]

    var isEmpty: Bool { volume == nil && environments.isEmpty }
  }

  /// - Parameter isMounted: Whether the volumes are mounted, and nobody asks for them any more.
  func missing(
    in namespace: String, _ state: ClusterState, isMounted: Bool = false
  ) -> Missing {
    var missing = Missing()
    if isEmpty { return missing }
    for volume in isMounted ? [] : volumes {
      guard let why = volume.needs.lazy.compactMap({ $0.lack(in: namespace, state) }).first else {
        continue
      }
      missing.volume = "MountVolume.SetUp failed for volume \"\(volume.name)\" : \(why)"
      break
    }
    for (place, needs) in environments.enumerated() {
      missing.environments[place] = needs.lazy.compactMap { $0.lack(in: namespace, state) }.first
    }
    return missing
  }
}

extension PodNeeds.Need {
  /// Why it cannot be had; nil when it can.
  fileprivate func lack(in namespace: String, _ state: ClusterState) -> String? {
    let isSecret = resource == .secrets
    guard let object = state.object(ResourceKey(resource, namespace: namespace, name: name)) else {
      return "\(isSecret ? "secret" : "configmap") \"\(name)\" not found"
    }
    guard let key else { return nil }
    let isThere = ["data", "binaryData", "stringData"].contains { field in
      object.value[field]?.map?[key] != nil
    }
    return isThere
      ? nil
      : "couldn't find key \(key) in \(isSecret ? "Secret" : "ConfigMap") \(namespace)/\(name)"
  }
}
