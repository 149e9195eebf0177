import ClusterAPI
import ClusterControl
import ManifestSchema
import Testing

@Test("resources are found by the words that people use, in the version that is preferred")
func findsResources() {
  let catalog = ResourceCatalog(schema: Schema(version: KubernetesVersion(minor: 36)))
  let cases: [(word: String, found: [String])] = [
    ("deploy", ["deployments.apps"]), ("deployments.apps", ["deployments.apps"]),
    ("deployments.v1.apps", ["deployments.apps"]), ("Deployment", ["deployments.apps"]),
    ("svc", ["services"]), ("po", ["pods"]), ("hpa", ["horizontalpodautoscalers.autoscaling"]),
    ("events", ["events", "events.events.k8s.io"]), ("leasecandidates", []), ("nothing", []),
  ]
  for (word, found) in cases {
    #expect(catalog.resources(named: word).map { "\($0.resource)" } == found, "\(word)")
  }
  #expect(catalog.resources(named: "hpa").first?.version == "v2")
  #expect(catalog.groups.first?.group == "")
  let events = catalog.resource(apiVersion: "events.k8s.io/v1", kind: "Event")
  #expect(events?.stored == GroupResource("events"))
}

@Test("moments are written as RFC 3339 in UTC")
func writesTimes() {
  let cases: [(Double, String)] = [
    (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (1_767_225_599, "2025-12-31T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
    (4_102_444_800, "2100-01-01T00:00:00Z"),
  ]
  for (moment, text) in cases { #expect(Timestamp.seconds(moment) == text) }
  #expect(Timestamp.micro(1.25) == "1970-01-01T00:00:01.250000Z")
}
