import ClusterAPI
import ManifestSyntax
import TestRecordings
import Testing

@testable import kmf_conformance

@Test("recorded requests are answered as a real server answered them")
func answersAsRecorded() throws {
  let single = try RecordedCluster(isDualStack: false, withoutPodAdmission: true)
  let dual = try RecordedCluster(isDualStack: true, withoutPodAdmission: true)
  // Creates are many; `kmf-conformance post` takes all of them.
  let sets: [(file: String, step: Int)] = [("ssa", 1), ("update", 1), ("create", 20)]
  for (file, step) in sets {
    var count = 0
    var failures: [String] = []
    guard let lines = try Recordings.lines("conformance/\(file).jsonl.gz") else { return }
    for number in stride(from: 0, to: lines.count, by: step) {
      let line = String(decoding: lines[number], as: UTF8.self)
      let recording = try #require(Recording(line: line))
      let cluster = (recording.text("cluster") == "dualStack" ? dual : single).fresh()
      let differences =
        switch file {
        case "ssa": ApplyScenario(recording.tree.value(), cluster).differences()
        case "update": RecordedWrites(recording).put(cluster)
        default: RecordedWrites(recording).post(cluster)
        }
      count += 1
      if !differences.isEmpty { failures.append("\(recording.id): \(differences)") }
    }
    print("\(file): \(count - failures.count) of \(count) are answered as recorded")
    for failure in failures.prefix(20) { print(failure) }
    #expect(failures.isEmpty, "\(file)")
  }
}
