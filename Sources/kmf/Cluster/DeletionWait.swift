import ClusterAPI
import ClusterControl
import ControlPlane
import ManifestSyntax

/// Runs a cluster forward until deleted objects are really gone.
struct DeletionWait {
  /// A deleted object that is still there.
  struct Object {
    var target: Target
    var uid: String

    var key: ResourceKey {
      ResourceKey(
        target.resource.stored, namespace: target.namespace, name: target.name ?? "")
    }
  }

  let cluster: LocalCluster
  let timeout: Duration

  /// - Returns: whether all of them are gone.
  func run(_ objects: [Object]) throws(CommandFailure) -> Bool {
    guard !objects.isEmpty else { return true }
    var plane = OpenClusters.controlPlane(of: cluster)
    let run: ControlPlane.Run
    do throws(StatusError) {
      run = try plane.run(
        until: plane.time.present.advanced(by: min(timeout, RolloutWait.longest)),
        passesTime: false,
        isDone: { state, _ in objects.allSatisfy { state.object($0.key)?.uid != $0.uid } })
    } catch { throw CommandFailure(error) }
    var isDone = true
    for object in objects {
      guard let left = plane.state?.object(object.key), left.uid == object.uid else { continue }
      isDone = false
      let why = run.ending == .settled ? "nothing more will happen" : "the time is over"
      Complaint.writeLine("kmf: \(object.target.shownName) is still there: \(why)\(holders(left))")
    }
    return isDone
  }

  /// What keeps an object that nobody wants.
  private func holders(_ object: ClusterObject) -> String {
    var words = object.finalizers
    words += object.value["spec"]?["finalizers"]?.list?.compactMap(\.string) ?? []
    for condition in object.value["status"]?["conditions"]?.list ?? []
    where condition["status"] == "True" {
      if let message = condition["message"]?.string, object.key.resource == .namespaces {
        words.append(message)
      }
    }
    return words.isEmpty ? "" : "; it is held by \(words.joined(separator: ", "))"
  }
}
