import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The addresses of a Service, as the server sees them once it has joined the old field for one
/// address with the new one for several.
struct ServiceAddresses {
  static let none = "None"

  let spec: ServiceSpec
  let type: String
  let clusterIP: String
  let clusterIPs: [String]
  /// Whether the list is not written and holds what `clusterIP` says (AL-01).
  let isCopied: Bool
  let families: [String]
  let policy: String?
  let hasSelector: Bool

  init(_ spec: ServiceSpec) {
    self.spec = spec
    type = spec.type ?? ""
    clusterIP = spec.clusterIP ?? ""
    let written = Self.texts(spec.clusterIPs)
    isCopied = written.isEmpty && !clusterIP.isEmpty
    clusterIPs = isCopied ? [clusterIP] : written
    families = Self.texts(spec.ipFamilies)
    policy = spec.ipFamilyPolicy
    hasSelector = !spec.selector.isEmpty
  }

  /// Most Services have no such list.
  private static func texts(_ list: ViewList<String>) -> [String] {
    list.isEmpty ? [] : Array(list)
  }

  /// Whether the Service has no address of its own: its name leads to the pods themselves.
  var isHeadless: Bool { clusterIPs == [Self.none] }

  /// The policy that the server would take where none is written.
  var effectivePolicy: String {
    if let policy { return policy }
    return clusterIP == Self.none && !hasSelector ? "RequireDualStack" : "SingleStack"
  }

  /// Where a finding about the address at `index` belongs.
  func path(of index: Int) -> FieldPath {
    isCopied ? "clusterIP" : FieldPath("clusterIPs").index(index)
  }

  /// Where a finding about all addresses belongs.
  var path: FieldPath { isCopied ? "clusterIP" : "clusterIPs" }

  /// Whether services of this type have addresses within the cluster.
  static func needsClusterIP(_ type: String) -> Bool {
    type == "ClusterIP" || type == "NodePort" || type == "LoadBalancer"
  }
}
