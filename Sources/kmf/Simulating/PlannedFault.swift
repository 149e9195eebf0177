import ArgumentParser
import ClusterControl
import ManifestSyntax

/// Something that goes wrong at a set time: `n1@30s`.
struct PlannedFault {
  enum What: Equatable {
    case failNode(isUnreachable: Bool)
    case recoverNode
  }

  var what: What
  var node: String
  var at: Duration

  /// Reads `NODE@TIME`.
  init(_ text: String, _ what: What) throws {
    guard let sign = text.lastIndex(of: "@"), sign != text.startIndex,
      let time = DurationText.duration(String(text[text.index(after: sign)...]))
    else { throw ValidationError("'\(text)' is no NODE@TIME; write one like n1@30s") }
    self.what = what
    node = String(text[..<sign])
    at = time
  }

  var text: String {
    switch what {
    case .failNode(let isUnreachable): "node \(node) \(isUnreachable ? "is cut off" : "goes down")"
    case .recoverNode: "node \(node) is repaired"
    }
  }
}

/// Pods of a workload that crash once, at moments by chance: `web@10%`.
struct PlannedCrash {
  var namespace: String?
  var name: String
  var percent: Double

  /// Reads `[NAMESPACE/]NAME@PERCENT%`.
  init(_ text: String) throws {
    guard let sign = text.lastIndex(of: "@"), sign != text.startIndex, text.hasSuffix("%"),
      let percent = Double(text[text.index(after: sign)...].dropLast()),
      percent > 0, percent <= 100
    else { throw ValidationError("'\(text)' is no NAME@PERCENT; write one like web@10%") }
    self.percent = percent
    let parts = text[..<sign].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("'\(text)': write [NAMESPACE/]NAME@PERCENT")
    }
    name = String(parts[parts.count - 1])
    namespace = parts.count > 1 ? String(parts[0]) : nil
  }

  /// The running pods that are meant, in the order of their creation.
  func pods(in state: ClusterState) -> [ClusterObject] {
    state.objects(.pods, in: namespace).filter { pod in
      guard pod.isActivePod, pod.pod?.phase == .running else { return false }
      if pod.name == name { return true }
      guard let owner = pod.controller else { return false }
      if owner.name == name { return true }
      let key = ResourceKey(.replicaSets, namespace: pod.namespace, name: owner.name)
      return state.object(key)?.controller?.name == name
    }
  }
}
