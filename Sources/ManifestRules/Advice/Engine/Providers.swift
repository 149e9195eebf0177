import ManifestModel
import ManifestSyntax

/// Objects that do not stand in the repository because something will make them: kustomize's
/// generators, and operators of well-known custom kinds.
enum Providers {
  static func all(
    in objects: [AdviceObject], _ kustomizations: KustomizeRoots
  ) -> [String: [Universe.Provider]] {
    var all: [String: [Universe.Provider]] = [:]
    for generator in kustomizations.generators {
      all["\(generator.kind)/\(generator.name)", default: []].append(
        Universe.Provider(
          namespace: generator.namespace, keys: generator.keys, file: generator.file))
    }
    for object in objects {
      for made in made(by: object) where !made.name.isEmpty {
        all["\(made.kind)/\(made.name)", default: []].append(
          Universe.Provider(
            namespace: object.writtenNamespace ?? kustomizations.namespace(of: object.file.name),
            keys: made.keys, file: object.file.name))
      }
    }
    return all
  }

  private typealias Made = (kind: String, name: String, keys: [String]?)

  /// The kinds that ``made(by:)`` tells apart: few objects are of one.
  private static let makers: Set<String> = [
    "SealedSecret", "ExternalSecret", "ClusterExternalSecret", "Certificate", "VaultStaticSecret",
    "VaultDynamicSecret", "VaultPKISecret", "OnePasswordItem", "InfisicalSecret", "SopsSecret",
    "VaultSecret", "Ingress", "Bundle",
  ]

  private static func made(by object: AdviceObject) -> [Made] {
    guard makers.contains(object.kind) else { return [] }
    let spec = object.node[.spec]
    switch object.kind {
    case "SealedSecret":
      let name = spec?[.template]?[.metadata]?[.name]?.string ?? object.name
      let keys = (spec?["encryptedData"]?.entries).map { $0.map(\.key.keyText) }
      return [("Secret", name, keys)]
    case "ExternalSecret", "ClusterExternalSecret":
      let spec = object.kind == "ExternalSecret" ? spec : spec?["externalSecretSpec"]
      return [("Secret", spec?["target"]?[.name]?.string ?? object.name, nil)]
    case "Certificate":
      return [
        ("Secret", spec?["secretName"]?.string ?? "", ["tls.crt", "tls.key", "ca.crt"])
      ]
    case "VaultStaticSecret", "VaultDynamicSecret", "VaultPKISecret":
      return [("Secret", spec?["destination"]?[.name]?.string ?? "", nil)]
    case "OnePasswordItem", "InfisicalSecret", "SopsSecret", "VaultSecret":
      return [("Secret", object.name, nil)]
    case "Ingress":
      // A certificate manager fills the secrets of annotated ingresses.
      guard object.annotations.keys.contains(where: { $0.hasPrefix("cert-manager.io/") }) else {
        return []
      }
      return (spec?["tls"]?.items).map { items in
        items.map { ("Secret", $0["secretName"]?.string ?? "", nil) }
      } ?? []
    case "Bundle":
      return [("ConfigMap", object.name, nil)]
    default: return []
    }
  }
}
