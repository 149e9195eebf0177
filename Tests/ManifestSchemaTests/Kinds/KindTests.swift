import Testing

@testable import ManifestSchema

@Test("versions and ranges are read as users write them")
func versions() {
  let cases: [(text: String, minor: Int?)] = [
    ("1.31", 31), ("v1.31", 31), ("1.31.2", 31), ("v1.31.14", 31), ("latest", 37), ("1.8", 8),
    ("", nil), ("1", nil), ("2.31", nil), ("1.", nil), ("1.x", nil), ("1.31.2.3", nil),
    ("1.999", nil), ("1.31-rc1", nil), ("v", nil), ("1.-1", nil), ("1.99999999999999999999", nil),
  ]
  for (text, minor) in cases { #expect(KubernetesVersion(text)?.minor == minor, "\(text)") }
  let ranges: [(text: String, range: String?)] = [
    ("1.30..1.33", "1.30..1.33"), ("1.31", "1.31"), ("latest", "1.37"),
    ("1.30..latest", "1.30..1.37"),
    ("1.33..1.30", nil), ("1.30..", nil), ("..1.30", nil), ("1.30...1.33", nil), ("a..b", nil),
  ]
  for (text, range) in ranges { #expect(VersionRange(text)?.description == range, "\(text)") }
  #expect(KubernetesVersion.all.count == 13)
}

@Test("kinds are found by apiVersion in the versions that have them")
func kindsOfVersions() throws {
  let cases: [(apiVersion: String, kind: String, versions: ClosedRange<Int>?)] = [
    ("v1", "Pod", 25...37), ("apps/v1", "DeploymentList", 25...37), ("v1", "Deployment", nil),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 25...25), ("core/v1", "Pod", nil),
    ("meta/v1", "Status", nil), ("", "", nil), ("v1", "pod", nil), ("apps/v1/x", "Pod", nil),
    ("storage.k8s.io/v1alpha1", "VolumeAttributesClass", 29...34),
  ]
  for version in KubernetesVersion.all {
    let schema = Schema(version: version)
    for (apiVersion, kind, versions) in cases {
      let found = schema.kind(apiVersion: apiVersion, kind: kind)
      #expect(
        (found != nil) == (versions?.contains(version.minor) ?? false), "\(apiVersion) \(kind)")
    }
  }
  let schema = Schema()
  let deployment = try #require(schema.kind(apiVersion: "apps/v1", kind: "Deployment"))
  #expect(deployment.plural == "deployments" && deployment.singular == "deployment")
  #expect(deployment.shortNames == ["deploy"] && deployment.isNamespaced)
  #expect(deployment.subresources == ["scale", "status"] && deployment.verbs == Kind.usualVerbs)
  #expect(schema.kind(apiVersion: "v1", kind: "Namespace")?.scope == .cluster)
  #expect(schema.kind(apiVersion: "v1", kind: "PodList")?.isList == true)
}

@Test("removed API versions name their replacement")
func removals() {
  let schema = Schema()
  let cases: [(apiVersion: String, kind: String, removed: Int?, replacement: String?)] = [
    ("extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
    ("extensions/v1beta1", "Deployment", 16, "apps/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", 25, nil), ("batch/v1beta1", "CronJob", 25, "batch/v1"),
    ("storage.k8s.io/v1alpha1", "VolumeAttributesClass", 35, "storage.k8s.io/v1"),
    ("v1", "Endpoints", nil, "discovery.k8s.io/v1"),
  ]
  for (apiVersion, kind, removed, replacement) in cases {
    let removal = schema.removal(of: GroupVersionKind(apiVersion: apiVersion, kind: kind))
    #expect(removal != nil && removal?.removedIn?.minor == removed, "\(apiVersion) \(kind)")
    #expect(removal?.replacement == replacement, "\(apiVersion) \(kind)")
    // A replacement that the newest version lacks would send the reader astray.
    if let replacement, kind != "Endpoints" {
      #expect(schema.kind(apiVersion: replacement, kind: kind) != nil, "\(replacement) \(kind)")
    }
  }
  #expect(schema.removal(of: GroupVersionKind(apiVersion: "v1", kind: "Pod")) == nil)
}

@Test("every line of removed.tsv is well formed, and agrees with the tables")
func removalLines() {
  let schema = Schema()
  let lines = schema.tables.removals.split(separator: 0x0A).map { Bytes(rebasing: $0) }
  for line in lines where line.first != UInt8(ascii: "#") {
    let removal = Removal(line)
    #expect(removal != nil, "\(line.string)")
    guard let removal, let kind = schema.anyKind(removal.gvk) else { continue }
    #expect(
      kind.availability.until.map { $0.minor + 1 } == removal.removedIn?.minor, "\(line.string)")
  }
  #expect(schema.isBuiltIn(group: "extensions") && schema.isBuiltIn(group: ""))
  #expect(!schema.isBuiltIn(group: "example.com") && !schema.isBuiltIn(group: "meta"))
}

@Test("misspelt kinds and API versions find their neighbours")
func nearest() {
  let schema = Schema()
  let cases: [(kind: String, apiVersion: String, nearest: String?)] = [
    ("Deploymnet", "apps/v1", "apps/v1 Deployment"),
    ("deployment", "apps/v1", "apps/v1 Deployment"),
    ("Pdo", "v1", "v1 Pod"), ("Event", "v1", "v1 Event"), ("Zebra", "v1", nil),
  ]
  for (kind, apiVersion, nearest) in cases {
    let found = schema.nearestKinds(to: kind, apiVersion: apiVersion).first?.description
    #expect(found == nearest, "\(kind)")
  }
  #expect(schema.apiVersions(ofKind: "HorizontalPodAutoscaler").map(\.version) == ["v2", "v1"])
  #expect(schema.nearestAPIVersions(to: "app/v1").first == "apps/v1")
  #expect(EditDistance.between("ab", "ba") == 1 && EditDistance.between("", "abc") == 3)
}
