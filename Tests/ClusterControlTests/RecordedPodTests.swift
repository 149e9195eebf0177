import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

@Suite struct RecordedPodTests {
  /// The cluster of the recordings.
  private static let cluster =
    """
    {kind: Namespace, metadata: {name: conf}, status: {phase: Active}}
    ---
    {kind: ServiceAccount, metadata: {name: default, namespace: conf}}
    ---
    {kind: PriorityClass, metadata: {name: system-node-critical}, value: 2000001000}
    ---
    {kind: PriorityClass, metadata: {name: system-cluster-critical}, value: 2000000000}
    """

  @Test func podsAreAdmittedWhereTheServerAdmittedThem() throws {
    guard let lines = try Recordings.requests("create") else { return }
    let complete = Completion()
    let cluster = TestCluster(Self.cluster)
    let kind = GroupVersionKind(apiVersion: "v1", kind: "Pod")
    var counts: [String: Int] = [:]
    for source in lines {
      guard let record = JSONReader.read(source).tree else { continue }
      let answer = record.value()
      let phase = answer["phase"]?.string ?? ""
      guard answer["kind"] == "Pod", !["decode", "strict", "storage"].contains(phase),
        let sent = Recordings.body("manifest", of: record, in: source),
        var pod = complete(sent, kind: "Pod")
      else { continue }
      var request = AdmissionRequest(
        .create, ResourceKey(.pods, namespace: "conf", name: pod.metadataName), kind: kind,
        seed: 1)
      request.hasEmptyOverhead = answer["manifest"]?["spec"]?["overhead"] == .emptyMap
      let isAccepted = answer["verdict"] == "accepted"
      var code = 201
      do throws(AdmissionRefusal) {
        try AdmissionChain.standard.mutate(&pod, request, cluster)
        if phase != "validation" {
          _ = try AdmissionChain.standard.validate(pod, old: nil, request, cluster)
        }
      } catch {
        code = error.code
      }
      counts["\(code)", default: 0] += 1
      let recorded = phase == "validation" ? 201 : answer["httpCode"]?.int64.map(Int.init)
      if code != recorded {
        Issue.record("\(answer["id"]?.string ?? ""): \(code), not \(recorded ?? 0) (\(phase))")
      }
      if isAccepted, code == 201 {
        let isMirror = pod.annotation("kubernetes.io/config.mirror") != nil
        #expect(isMirror || pod["spec"]?["serviceAccountName"] != nil)
        #expect(pod["spec"]?["priority"] != nil)
      }
    }
    print("admission: \(counts.sorted { $0.key < $1.key })")
    #expect(counts["403", default: 0] > 50 && counts["500", default: 0] > 0)
  }
}
