import ClusterAPI
import ManifestSyntax

/// One recorded scenario of server-side apply, replayed against a cluster of ours.
struct ApplyScenario {
  let recording: Value
  let cluster: LocalCluster
  private var path: String { RecordedCluster.path(recording["kind"]?.string ?? "") }

  init(_ recording: Value, _ cluster: LocalCluster) {
    self.recording = recording
    self.cluster = cluster
  }

  /// What differs in the first step that differs; empty when none does.
  func differences() -> [String] {
    var version: Value?
    for (number, step) in (recording["steps"]?.list ?? []).enumerated() {
      let request = step["request"] ?? .null
      var comparison = AnswerComparison()
      comparison.compare(carryOut(request), step)
      let live = send("GET", "\(path)/obj")
      let object = live.code == 200 ? live.value : .null
      let now = object["metadata"]?["resourceVersion"]
      if let isChanged = step["changed"]?.bool, isChanged != (now != version) {
        comparison.lines.append("changed: \(now != version)")
      }
      version = now
      comparison.lines += ObjectComparison.differences(object, step["object"] ?? .null)
      if !comparison.lines.isEmpty {
        let operation = request["op"]?.string ?? ""
        return ["step \(number) \(operation):"] + comparison.lines
      }
    }
    return []
  }

  private func carryOut(_ request: Value) -> APIResponse {
    var query = "fieldValidation=Strict"
    if let manager = request["manager"]?.string {
      query += "&fieldManager=\(Self.escaped(manager))"
    }
    if request["dryRun"]?.bool == true { query += "&dryRun=All" }
    var place = "\(path)/\(request["urlName"]?.string ?? "obj")"
    if let part = request["subresource"]?.string { place += "/\(part)" }
    let body = request["body"] ?? .null
    switch request["op"]?.string {
    case "apply":
      let force = request["force"]?.bool == true
      return send(
        "PATCH", "\(place)?\(query)&force=\(force)", body, "application/apply-patch+yaml")
    case "create": return send("POST", "\(path)?\(query)", body)
    case "update":
      var object = send("GET", place).value
      for edit in request["edits"]?.list ?? [] { RecordedEdit(edit).apply(to: &object) }
      return send("PUT", "\(place)?\(query)", object)
    case "patch":
      let types = [
        "json": "application/json-patch+json", "merge": "application/merge-patch+json",
        "strategic": "application/strategic-merge-patch+json",
      ]
      return send("PATCH", "\(place)?\(query)", body, types[request["patchType"]?.string ?? ""])
    default: return scale(request, "\(place)/scale", query)
    }
  }

  private func scale(_ request: Value, _ place: String, _ query: String) -> APIResponse {
    let replicas = request["replicas"] ?? .null
    switch request["how"]?.string {
    case "update":
      var scale = send("GET", place).value
      scale["spec"] = ["replicas": replicas]
      return send("PUT", "\(place)?\(query)", scale)
    case "merge":
      return send(
        "PATCH", "\(place)?\(query)", ["spec": ["replicas": replicas]],
        "application/merge-patch+json")
    default:
      let config: Value = [
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": ["name": "obj"],
        "spec": ["replicas": replicas],
      ]
      let force = request["how"] == "apply-force"
      return send(
        "PATCH", "\(place)?\(query)&force=\(force)", config, "application/apply-patch+yaml")
    }
  }

  private func send(
    _ method: String, _ target: String, _ body: Value? = nil, _ type: String? = nil
  ) -> APIResponse {
    cluster.answer(
      APIRequest(
        method: method, target: target, contentType: body.map { _ in type ?? "application/json" },
        body: body.map { JSONWriter.bytes($0) } ?? []))
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [45, 46, 95, 126].contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
