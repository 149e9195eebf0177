import ClusterAPI
import ClusterControl
import ControlPlane
import ManifestSchema
import ManifestSyntax

/// Empties a node as `kubectl drain` does, in the cluster's own time.
struct Drain {
  var ignoresDaemonSets = false
  var deletesEmptyDirData = false
  var isForced = false
  /// Whether pods are evicted, which their budgets can refuse, or just deleted.
  var evicts = true
  var graceSeconds: Int?
  var selector = ""
  var timeout = RolloutWait.longest
  var isDryRun = false

  private let client: ClusterClient

  /// Refused evictions are tried again after this time.
  private static let retry = Duration.seconds(5)

  init(_ client: ClusterClient) { self.client = client }

  private struct Pod {
    var target: Target
    var uid: String
    var object: Value

    var name: String { target.name ?? "" }
    var fullName: String { "\(target.namespace ?? "")/\(name)" }
    var key: ResourceKey { ResourceKey(.pods, namespace: target.namespace, name: name) }
  }

  /// Empties the node called `name`.
  ///
  /// - Returns: whether all pods that were to go are gone.
  func run(_ name: String) throws -> Bool {
    let pods = try chosen(on: name)
    if isDryRun {
      for pod in pods { Answer.print("evicting pod \(pod.fullName) (server dry run)") }
      return true
    }
    var plane = OpenClusters.controlPlane(of: client.cluster)
    let deadline = plane.time.present.advanced(by: timeout)
    var waiting = pods.filter { $0.object["metadata"]?["deletionTimestamp"] != nil }
    var left = pods.filter { $0.object["metadata"]?["deletionTimestamp"] == nil }
    for pod in left { Answer.print("evicting pod \(pod.fullName)") }
    var budgets: [String: String] = [:]
    while !left.isEmpty || !waiting.isEmpty {
      left = try left.filter { pod in
        switch try remove(pod) {
        case .gone: return false
        case .begun:
          waiting.append(pod)
          return false
        case .refused(let message):
          if budgets.updateValue(message, forKey: pod.uid) == nil {
            Complaint.writeLine(
              "kmf: pod \(pod.fullName) cannot be evicted now, and is tried again: \(message)")
          }
          return true
        }
      }
      let run = try pass(&plane, isRetrying: !left.isEmpty, waiting, until: deadline)
      let gone = waiting.filter { !Self.isThere($0, plane) }
      for pod in gone { Answer.print("pod/\(pod.name) evicted") }
      waiting.removeAll { pod in gone.contains { $0.uid == pod.uid } }
      let isStuck = run.ending == .settled && gone.isEmpty && run.writeCount == 0
      if run.time >= deadline || isStuck, !left.isEmpty || !waiting.isEmpty {
        complain(name, left, waiting, isStuck: isStuck)
        return false
      }
    }
    return true
  }

  /// Lets time pass: until the pods that are stopping are gone, or until the next try.
  private func pass(
    _ plane: inout ControlPlane, isRetrying: Bool, _ waiting: [Pod], until deadline: Time
  ) throws(CommandFailure) -> ControlPlane.Run {
    let next = isRetrying ? plane.time.present.advanced(by: Self.retry) : deadline
    do throws(StatusError) {
      return try plane.run(
        until: min(next, deadline), passesTime: isRetrying,
        isDone: { state, _ in
          !isRetrying && waiting.allSatisfy { state.object($0.key)?.uid != $0.uid }
        })
    } catch { throw CommandFailure(error) }
  }

  private static func isThere(_ pod: Pod, _ plane: ControlPlane) -> Bool {
    plane.state?.object(pod.key)?.uid == pod.uid
  }

  private func complain(_ node: String, _ left: [Pod], _ waiting: [Pod], isStuck: Bool) {
    let why = isStuck ? "nothing more will happen" : "the time is over"
    Complaint.writeLine("kmf: node/\(node) is not drained: \(why)")
    for pod in left { Complaint.writeLine("  pod \(pod.fullName) cannot be evicted") }
    for pod in waiting { Complaint.writeLine("  pod \(pod.fullName) has not stopped") }
  }

  // MARK: - Which pods

  /// The pods that are to go.
  ///
  /// - Throws: where some of them need a word of consent.
  private func chosen(on node: String) throws(ClusterRefusal) -> [Pod] {
    guard let resource = client.catalog.preferred(.pods) else { return [] }
    let all = Target(resource: resource, name: nil, namespace: nil)
    let selectors = Selectors(labels: selector, fields: "spec.nodeName=\(node)")
    var chosen: [Pod] = []
    var problems: [String: [String]] = [:]
    var ignored: [String] = []
    for object in try client.collection(all, selectors).items {
      let metadata = object["metadata"]
      var target = all
      target.name = metadata?["name"]?.string
      target.namespace = metadata?["namespace"]?.string
      let pod = Pod(target: target, uid: metadata?["uid"]?.string ?? "", object: object)
      switch verdict(object) {
      case .goes: chosen.append(pod)
      case .stays: break
      case .ignored: ignored.append(pod.fullName)
      case .problem(let text): problems[text, default: []].append(pod.fullName)
      }
    }
    if !problems.isEmpty {
      let texts = problems.sorted { $0.key < $1.key }.map { text, names in
        "\(text): \(names.joined(separator: ", "))"
      }
      throw ClusterRefusal(
        code: 409, reason: "Conflict",
        message: "node/\(node) is not drained: \(texts.joined(separator: "; "))")
    }
    if !ignored.isEmpty {
      Complaint.writeLine(
        "kmf: warning: ignoring pods of DaemonSets: \(ignored.joined(separator: ", "))")
    }
    return chosen
  }

  private enum Verdict {
    case goes, stays, ignored
    case problem(String)
  }

  private func verdict(_ pod: Value) -> Verdict {
    let metadata = pod["metadata"]
    // What a kubelet runs of its own accord cannot be deleted through the API.
    if metadata?["annotations"]?["kubernetes.io/config.mirror"] != nil { return .stays }
    let phase = pod["status"]?["phase"]
    if phase == "Succeeded" || phase == "Failed" { return .goes }
    let owner = metadata?["ownerReferences"]?.list?.first { $0["controller"] == true }
    if owner?["kind"] == "DaemonSet" {
      return ignoresDaemonSets
        ? .ignored : .problem("pods of DaemonSets come back at once (use --ignore-daemonsets)")
    }
    if owner == nil, !isForced {
      return .problem("pods that nobody makes anew would be lost (use --force)")
    }
    let hasLocalData = pod["spec"]?["volumes"]?.list?.contains { $0["emptyDir"] != nil } ?? false
    if hasLocalData, !deletesEmptyDirData {
      return .problem("what pods keep in emptyDir would be lost (use --delete-emptydir-data)")
    }
    return .goes
  }

  // MARK: - Removing

  private enum Removal {
    case begun, gone
    case refused(String)
  }

  private func remove(_ pod: Pod) throws(ClusterRefusal) -> Removal {
    var options: Value = ["preconditions": ["uid": .string(pod.uid)]]
    if let graceSeconds { options["gracePeriodSeconds"] = .int(Int64(graceSeconds)) }
    do throws(ClusterRefusal) {
      if evicts {
        let path = ClusterClient.path(
          pod.target.resource, namespace: pod.target.namespace, name: pod.name,
          subresource: "eviction")
        let metadata: Value = [
          "name": .string(pod.name), "namespace": .string(pod.target.namespace ?? ""),
        ]
        let eviction: Value = [
          "apiVersion": "policy/v1", "kind": "Eviction", "metadata": metadata,
          "deleteOptions": options,
        ]
        _ = try client.send("POST", path, eviction)
      } else {
        options["kind"] = "DeleteOptions"
        options["apiVersion"] = "v1"
        _ = try client.send("DELETE", pod.target.path, options)
      }
      return .begun
    } catch {
      if error.isNotFound || error.code == 409 { return .gone }
      if error.code == 429 { return .refused(error.message) }
      throw error
    }
  }
}
