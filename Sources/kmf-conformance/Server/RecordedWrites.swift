import ClusterAPI
import ManifestSyntax

/// Recorded creates and updates, sent as POST and PUT.
struct RecordedWrites {
  let recording: Recording
  private let value: Value
  private let path: String

  init(_ recording: Recording) {
    self.recording = recording
    value = recording.tree.value()
    path = RecordedCluster.path(recording.text("kind"))
  }

  /// Creates the old object, then sends the new one.
  func put(_ cluster: LocalCluster) -> [String] {
    let old = value["old"] ?? .null
    let created = send(cluster, "POST", "\(path)?fieldValidation=Strict", JSONWriter.bytes(old))
    guard created.code == 201 else {
      return ["the old object is refused: \(String(decoding: created.body, as: UTF8.self))"]
    }
    let name = created.value["metadata"]?["name"]?.string ?? ""
    let new = JSONWriter.bytes(value["new"] ?? .null)
    let target = "\(path)/\(name)?dryRun=All&fieldValidation=Strict"
    let answer = send(cluster, "PUT", target, new)
    var comparison = AnswerComparison()
    comparison.compare(answer, value)
    if comparison.lines.isEmpty, answer.code == 200, let updated = value["updated"] {
      comparison.lines += ObjectComparison.differences(
        Self.withoutOwners(answer.value), Self.withoutOwners(updated))
    }
    return comparison.lines
  }

  /// Creates the object.
  func post(_ cluster: LocalCluster) -> [String] {
    guard let body = recording.body("manifest") else { return [] }
    let type = recording.text("contentType")
    let answer = send(
      cluster, "POST", "\(path)?fieldValidation=Strict", Array(body.bytes),
      type.isEmpty ? "application/json" : type)
    var recorded = value["withoutAdmission"] ?? value
    if recorded["httpCode"] == nil { recorded["httpCode"] = value["httpCode"] }
    var comparison = AnswerComparison()
    comparison.compare(answer, recorded)
    if comparison.lines.isEmpty, answer.code == 201, let defaulted = recorded["defaulted"] {
      comparison.lines += ObjectComparison.differences(
        Self.withoutOwners(answer.value), Self.withoutOwners(defaulted))
    }
    return comparison.lines
  }

  private static func withoutOwners(_ object: Value) -> Value {
    guard var metadata = object["metadata"] else { return object }
    metadata["managedFields"] = nil
    var object = object
    object["metadata"] = metadata
    return object
  }

  private func send(
    _ cluster: LocalCluster, _ method: String, _ target: String, _ body: [UInt8],
    _ type: String = "application/json"
  ) -> APIResponse {
    cluster.answer(APIRequest(method: method, target: target, contentType: type, body: body))
  }
}
