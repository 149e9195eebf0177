import ClusterControl
import ManifestSyntax

/// Something that keeps a pod from being ready.
struct PodTrouble: Hashable {
  var pod: String
  /// nil where it is about the whole pod.
  var container: String?
  /// One word, as the API has it: `ImagePullBackOff`, `Unschedulable`.
  var reason: String
  var message: String

  /// `container web: ImagePullBackOff: …`
  var text: String {
    let place = container.map { "container \($0): " } ?? ""
    return place + reason + (message.isEmpty ? "" : ": \(message)")
  }

  /// What makes two troubles the same, whoever has them.
  var topic: String { "\(container ?? "")\u{0}\(reason)" }

  /// What is wrong with a pod.
  ///
  /// - Parameter isPatient: Leaves out what passes by itself: containers that are being started or
  ///   are not ready yet.
  static func all(of pod: Value, isPatient: Bool) -> [PodTrouble] {
    let name = pod["metadata"]?["name"]?.string ?? ""
    let status = pod["status"]
    func trouble(_ container: String?, _ reason: String, _ message: String?) -> PodTrouble {
      PodTrouble(pod: name, container: container, reason: reason, message: message ?? "")
    }
    if status?["phase"] == "Failed", let reason = status?["reason"]?.string {
      return [trouble(nil, reason, status?["message"]?.string)]
    }
    let scheduled = status?["conditions"]?.list?.first { $0["type"] == "PodScheduled" }
    if let scheduled, scheduled["status"] == "False" {
      return [
        trouble(nil, scheduled["reason"]?.string ?? "Pending", scheduled["message"]?.string)
      ]
    }
    var troubles: [PodTrouble] = []
    for list in ["initContainerStatuses", "containerStatuses"] {
      for container in status?[list]?.list ?? [] {
        guard let (reason, message) = reason(container, list, isPatient) else { continue }
        troubles.append(trouble(container["name"]?.string, reason, message))
      }
      // Later containers wait for the first ones, which is no news.
      if !troubles.isEmpty { return troubles }
    }
    if status?["phase"] == "Failed" { return [trouble(nil, "Failed", nil)] }
    if !isPatient, pod["spec"]?["nodeName"] == nil {
      troubles.append(trouble(nil, "Pending", "no node has been found for it yet"))
    }
    return troubles
  }

  private static let usualWaits: Set<String> = ["", "ContainerCreating", "PodInitializing"]

  private static func reason(
    _ container: Value, _ list: String, _ isPatient: Bool
  ) -> (String, String)? {
    let state = container["state"]
    if let waiting = state?["waiting"] {
      let reason = waiting["reason"]?.string ?? ""
      if usualWaits.contains(reason) {
        return isPatient ? nil : (reason.isEmpty ? "Waiting" : reason, "it is being started")
      }
      let message = waiting["message"]?.string ?? ""
      let end = container["lastState"]?["terminated"]
      guard let code = end?["exitCode"]?.int64 else { return (reason, message) }
      let last = "the last run ended with exit code \(code)"
      return (reason, message.isEmpty ? last : "\(message); \(last)")
    }
    if let end = state?["terminated"] {
      let code = end["exitCode"]?.int64 ?? 0
      if code == 0, list == "initContainerStatuses" || isPatient { return nil }
      return (end["reason"]?.string ?? "Terminated", "it ended with exit code \(code)")
    }
    guard !isPatient, list == "containerStatuses", container["ready"] != true else { return nil }
    let restarts = container["restartCount"]?.int64 ?? 0
    let since = restarts > 0 ? ", after \(restarts) restarts" : ""
    return ("NotReady", "it is running, not ready\(since)")
  }
}
