import ClusterAPI
import Foundation
import ManifestSyntax
import Testing

@testable import kmf_conformance

@Test("recorded requests are answered as a real server answered them")
func answersAsRecorded() throws {
  guard let folder = recordings() else {
    print("skipped: no ../shared/conformance to compare requests with")
    return
  }
  let single = try RecordedCluster(isDualStack: false, withoutPodAdmission: true)
  let dual = try RecordedCluster(isDualStack: true, withoutPodAdmission: true)
  // Creates are many; `kmf-conformance post` takes all of them.
  let sets: [(file: String, step: Int)] = [("ssa", 1), ("update", 1), ("create", 20)]
  for (file, step) in sets {
    var count = 0
    var failures: [String] = []
    let lines = try unpacked(folder + "/\(file).jsonl.gz").split(separator: 10)
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

/// The folder of the recordings, where it lies beside the project.
private func recordings() -> String? {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return ["/../shared", "/../../shared"].map { root.path + $0 + "/conformance" }
    .first { FileManager.default.fileExists(atPath: $0 + "/ssa.jsonl.gz") }
}

private func unpacked(_ path: String) throws -> Data {
  let gzip = Process()
  gzip.executableURL = URL(filePath: "/bin/gzip")
  gzip.arguments = ["-dc", path]
  let output = Pipe()
  gzip.standardOutput = output
  try gzip.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  gzip.waitUntilExit()
  return data
}
