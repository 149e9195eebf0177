import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A place where a pod names a ConfigMap or a Secret.
struct ConfigReference {
  /// `ConfigMap` or `Secret`.
  var kind: String
  /// Where the name stands.
  var nameNode: NodeRef
  var name: String
  /// Where the key stands that is meant; nil for all of them.
  var keyNode: NodeRef?
  var isOptional: Bool

  /// Nil where no name is written.
  init?(_ kind: String, _ source: NodeRef, _ field: Key, key: NodeRef?, isOptional: Bool) {
    guard let node = source[field], let name = node.string, !name.isEmpty else { return nil }
    self.kind = kind
    nameNode = node
    self.name = name
    keyNode = key
    self.isOptional = isOptional || source["optional"]?.bool == true
  }
}

extension AdvicePod {
  private static let secretName = Key("secretName")

  /// Where the pod names ConfigMaps and Secrets, in the order of its containers and volumes.
  var configReferences: [ConfigReference] {
    var found: [ConfigReference] = []
    for container in containers { container.addConfigReferences(to: &found) }
    for volume in spec.node.list(.volumes) {
      if let source = volume[.configMap] {
        Self.addVolume("ConfigMap", source, .name, to: &found)
      }
      if let source = volume[.secret] {
        Self.addVolume("Secret", source, Self.secretName, to: &found)
      }
      for source in volume[.projected]?.list("sources") ?? NodeRef.value(.null).items {
        if let map = source[.configMap] { Self.addVolume("ConfigMap", map, .name, to: &found) }
        if let secret = source[.secret] { Self.addVolume("Secret", secret, .name, to: &found) }
      }
    }
    for secret in spec.node.list("imagePullSecrets") {
      if let one = ConfigReference("Secret", secret, .name, key: nil, isOptional: false) {
        found.append(one)
      }
    }
    return found
  }

  private static func addVolume(
    _ kind: String, _ source: NodeRef, _ field: Key, to found: inout [ConfigReference]
  ) {
    guard let whole = ConfigReference(kind, source, field, key: nil, isOptional: false) else {
      return
    }
    found.append(whole)
    for item in source.list("items") {
      guard let key = item["key"] else { continue }
      var one = whole
      one.keyNode = key
      found.append(one)
    }
  }
}

extension AdviceContainer {
  fileprivate func addConfigReferences(to found: inout [ConfigReference]) {
    for source in node.list(.envFrom) {
      Self.add("ConfigMap", source["configMapRef"], to: &found)
      Self.add("Secret", source["secretRef"], to: &found)
    }
    for variable in node.list(.env) {
      guard let source = variable[.valueFrom] else { continue }
      Self.add("ConfigMap", source["configMapKeyRef"], "key", to: &found)
      Self.add("Secret", source["secretKeyRef"], "key", to: &found)
    }
  }

  private static func add(
    _ kind: String, _ reference: NodeRef?, _ key: String? = nil, to found: inout [ConfigReference]
  ) {
    guard let reference else { return }
    let key = key.flatMap { reference[$0] }
    if let one = ConfigReference(kind, reference, .name, key: key, isOptional: false) {
      found.append(one)
    }
  }
}
