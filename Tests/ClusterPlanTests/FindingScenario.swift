import ClusterPlan
import Foundation
import ManifestSyntax

/// A folder of `fixtures/scenarios`: a cluster, a change in which a finding holds, and a near miss.
struct FindingScenario {
  let name: String
  let finding: String
  private let severity: String
  /// Whether the controllers never bring the change to an end.
  private let stalls: Bool
  private let folder: URL

  static func all() throws -> [FindingScenario] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures/scenarios")
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
    return try names.filter { $0.hasPrefix("B") }.map { try FindingScenario(root, $0) }
  }

  private init(_ root: URL, _ name: String) throws {
    self.name = name
    folder = root.appending(path: name)
    var expected: [String: String] = [:]
    let file = folder.appending(path: "expected.yaml")
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { expected[parts[0]] = parts[1] }
    }
    finding = expected["finding"] ?? ""
    severity = expected["severity"] ?? ""
    stalls = expected["stalls"] == "true"
  }

  private func objects(_ file: String) throws -> [Value] {
    let text = try String(contentsOf: folder.appending(path: file + ".yaml"), encoding: .utf8)
    return Bench.manifests(text).map(\.value)
  }

  /// What is otherwise than expected.
  func troubles(isMiss: Bool) throws -> [String] {
    let change = try objects(isMiss ? "near-miss" : "change")
    let world = try RolloutWorld(seed: 1)
    let before = try objects("before")
    let isNode = { (object: Value) in object["kind"] == "Node" }
    try world.add(nodes: before.filter(isNode))
    let others = before.filter { !isNode($0) }
    if !others.isEmpty { try world.apply(others) }
    try world.rest()
    var troubles: [String] = []
    let simulated = try world.forecast(change)
    troubles += judge(simulated, isMiss: isMiss, "simulated")
    // Where nobody simulates: as long as the pods will say that they take.
    var assumed = ForecastOptions(readyAfter: Self.readySeconds(change))
    assumed.now = world.now
    let counted = try world.forecast(change, assumed)
    troubles += judge(counted, isMiss: isMiss, "counted")
    let planned = RolloutWorld.Course(simulated)
    let done = try world.applyAndFollow(change)
    if planned.writes != done.writes {
      troubles.append("planned \(planned.writes), done \(done.writes)")
    }
    let isEnded = try change.filter { $0["kind"] == "Deployment" && $0["spec"]?["paused"] != true }
      .allSatisfy { try world.isRolledOut($0["metadata"]?["name"]?.string ?? "") }
    if isEnded != (isMiss || !stalls) {
      troubles.append(isEnded ? "the controllers bring it to an end" : "it never ends")
    }
    return troubles
  }

  private func judge(_ forecast: Forecast, isMiss: Bool, _ way: String) -> [String] {
    let errors = forecast.changes.changes.compactMap(\.error?.message)
    if !errors.isEmpty { return ["\(way): refused: \(errors)"] }
    let found = forecast.findings.filter { $0.code == finding }
    let codes = forecast.findings.map { "\($0.code) \($0.severity.rawValue): \($0.proof)" }
    var troubles: [String] = []
    if found.isEmpty != isMiss { troubles.append("\(way): found \(codes)") }
    for finding in found where !isMiss {
      if finding.severity.rawValue != severity {
        troubles.append("\(way): it is \(finding.severity.rawValue)")
      }
      if finding.proof.isEmpty || finding.help.isEmpty {
        troubles.append("\(way): it has no proof or no help")
      }
    }
    let isBlocked = forecast.gravest == .blocked
    if isBlocked != (stalls && !isMiss) {
      troubles.append("\(way): blocked \(isBlocked): \(codes)")
    }
    return troubles
  }

  private static func readySeconds(_ change: [Value]) -> Int64 {
    let texts = change.compactMap {
      $0["spec"]?["template"]?["metadata"]?["annotations"]?["sim.kmf.dev/ready-after"]?.string
    }
    return texts.first.flatMap { Int64($0.dropLast()) } ?? 10
  }
}
