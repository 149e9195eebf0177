import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

@Suite struct RecordedServiceTests {
  private static let dual: ServiceNetwork? = {
    let ranges = ["10.96.0.0/12", "fd00:10:96::/112"].compactMap { CIDR($0) }
    return ServiceNetwork(serviceCIDRs: ranges, nodePorts: 30000...32767)
  }()

  private static func cluster() -> TestCluster {
    let cluster = TestCluster()
    cluster.take([.address("10.96.0.1")], for: "kubernetes")
    return cluster
  }

  private static func allocator(
    _ service: Value, _ cluster: TestCluster, _ network: ServiceNetwork
  ) -> ServiceAllocator {
    let name = service["metadata"]?["name"]?.string ?? ""
    let key = ResourceKey(.services, namespace: "conf", name: name)
    return ServiceAllocator(
      network: network, table: cluster, owner: AllocationOwner(key, uid: "u"), seed: 7)
  }

  /// What is wrong with `result`, given the recorded answer.
  private static func trouble(
    _ found: Result<Value, AdmissionRefusal>, _ answer: Value, object: String
  ) -> String? {
    switch found {
    case .failure(let refusal):
      let causes = refusal.causes.map { "\($0.reason) \($0.field)" }.sorted()
      let recorded = (answer["causes"]?.list ?? []).map {
        ($0["type"]?.string ?? "") + " " + ($0["field"]?.string ?? "")
      }.sorted()
      if answer["httpCode"]?.int64 == Int64(refusal.code), refusal.code == 500 || causes == recorded
      {
        return nil
      }
      return
        "refused with \(refusal.code) \(causes), not \(answer["httpCode"] ?? .null) \(recorded)"
    case .success(let service):
      guard answer["verdict"] == "accepted", let recorded = answer[object] else { return nil }
      let wrong = differences(service["spec"] ?? .null, recorded["spec"] ?? .null)
      return wrong.isEmpty ? nil : wrong.joined(separator: "; ")
    }
  }

  private static let ours: Set<String> = ["allocation", "ipFamily", "nodePortRange"]

  @Test func newServicesGetWhatTheServerGaveThem() throws {
    guard let lines = try Recordings.requests("create") else { return }
    let complete = Completion()
    let dual = try #require(Self.dual)
    var (count, refused) = (0, 0)
    for source in lines {
      guard let record = JSONReader.read(source).tree else { continue }
      let answer = record.value()
      guard answer["kind"] == "Service", answer["phase"] != "decode", answer["phase"] != "strict",
        answer["phase"] != "storage"
      else { continue }
      var networks = [(ServiceNetwork.standard, answer)]
      if let other = answer["dualStackCluster"] { networks.append((dual, other)) }
      for (network, answer) in networks {
        guard let sent = Recordings.body("manifest", of: record, in: source),
          var service = complete(sent, kind: "Service")
        else { continue }
        let cluster = Self.cluster()
        var allocator = Self.allocator(service, cluster, network)
        let found = Result { () throws(AdmissionRefusal) in try allocator.create(&service) }
          .map { service }
        count += 1
        if case .failure = found { refused += 1 }
        if let wrong = Self.trouble(found, answer, object: "defaulted") {
          Issue.record("\(answer["id"]?.string ?? record.value()["id"]?.string ?? ""): \(wrong)")
        }
        let reason = answer["clusterDependentReason"]?.string ?? ""
        if Self.ours.contains(reason), case .success = found {
          Issue.record("\(answer["id"]?.string ?? ""): not refused (\(reason))")
        }
      }
    }
    print("allocation: \(count) recorded creations, \(refused) refused")
    #expect(count > 1000 && refused > 30)
  }

  /// Facts 215 and 217.
  @Test func changedServicesKeepAndGetWhatTheServerGaveThem() throws {
    guard let lines = try Recordings.requests("update") else { return }
    let complete = Completion()
    let dual = try #require(Self.dual)
    var (count, refused) = (0, 0)
    for source in lines {
      guard let record = JSONReader.read(source).tree else { continue }
      let answer = record.value()
      guard answer["kind"] == "Service", answer["phase"] != "decode", answer["phase"] != "strict",
        let oldSent = Recordings.body("old", of: record, in: source),
        let newSent = Recordings.body("new", of: record, in: source),
        var old = complete(oldSent, kind: "Service"),
        var new = complete(newSent, kind: "Service", isReplacement: true)
      else { continue }
      let network = answer["cluster"] == "dualStack" ? dual : .standard
      let cluster = Self.cluster()
      var allocator = Self.allocator(old, cluster, network)
      let id = answer["id"]?.string ?? ""
      do throws(AdmissionRefusal) {
        try allocator.create(&old)
      } catch {
        Issue.record("\(id): the old service is refused: \(error.message)")
        continue
      }
      let found = Result { () throws(AdmissionRefusal) in
        try allocator.update(&new, replacing: old)
      }.map { new }
      count += 1
      if case .failure = found { refused += 1 }
      if let wrong = Self.trouble(found, answer, object: "updated") {
        Issue.record("\(id) (\(answer["family"]?.string ?? "")): \(wrong)")
      }
      if case .success(let service) = found, answer["verdict"] == "accepted" {
        let held = Set(ServiceHoldings.keys(of: service))
        let all = Set(cluster.taken.filter { $0.value.uid == "u" }.keys)
        if held != all { Issue.record("\(id): holds \(held) and took \(all)") }
      }
    }
    print("allocation: \(count) recorded changes, \(refused) refused")
    #expect(count > 200)
  }
}
