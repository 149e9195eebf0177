import Foundation
import Testing

/// Kills of the whole command at random moments, with two processes writing at once.
@Suite struct DurabilityTests {
  /// How many rounds; KMF_KILLS=200 for the long run.
  private static let rounds =
    ProcessInfo.processInfo.environment["KMF_KILLS"].flatMap { Int($0) } ?? 12
  private static let objectsPerImport = 60

  @Test func aKillLeavesTheStateBeforeOrAfter() throws {
    let scratch = try Scratch()
    let requests = (0..<400).map { index in
      """
      {"method":"POST","path":"/api/v1/namespaces/default/services","body":{"apiVersion":"v1",\
      "kind":"Service","metadata":{"generateName":"s-"},"spec":{"type":"NodePort","ports":\
      [{"port":\(index + 1)}]}}}
      """
    }
    try scratch.write("requests.jsonl", requests.joined(separator: "\n") + "\n")
    for round in 0..<Self.rounds {
      let objects = (0..<Self.objectsPerImport).map { index in
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c-\(round)-\(index), labels: {round: r\(round)}}
        """
      }
      try scratch.write("round.yaml", objects.joined(separator: "\n---\n"))
      // Spread over the time that an import takes.
      let delay = Double(round % 20) * 0.02 + 0.01
      let killed = try scratch.shell(
        """
        [ -e .kmf ] || "$KMF" cluster create
        "$KMF" api --batch requests.jsonl >answers 2>&1 & one=$!
        "$KMF" import round.yaml >imported 2>&1 & two=$!
        sleep \(delay); kill -9 $one $two; wait $one; wait $two
        "$KMF" cluster check
        "$KMF" get cm -l round=r\(round) -o name | wc -l
        """)
      let lines = killed.out.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(lines.contains { $0.hasPrefix("sound: ") }, "round \(round): \(killed)")
      let count = lines.last ?? ""
      #expect(["0", "\(Self.objectsPerImport)"].contains(count), "round \(round): \(killed)")
    }
    // What was answered before a kill is there after it.
    let answers = try scratch.read("answers").split(separator: "\n").filter {
      $0.contains("\"code\":201") && $0.hasSuffix("}")
    }
    let names = try scratch.shell("\"$KMF\" get svc -o name").out
    for answer in answers {
      let reply = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
      let body = reply?["body"] as? [String: Any]
      let name = (body?["metadata"] as? [String: Any])?["name"] as? String ?? "?"
      #expect(names.contains("service/\(name)\n"), "\(name) was answered and is lost")
    }
  }
}
