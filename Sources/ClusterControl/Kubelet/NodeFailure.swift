import ManifestSchema
import ManifestSyntax

/// How a simulated node has failed.
///
/// All that has to be remembered of it is written on the node itself: whoever begins anew goes on
/// from there.
enum NodeFailure: String, Sendable {
  /// Without power: its containers are gone, too.
  case down
  /// Cut off: its containers go on.
  case unreachable

  init?(_ node: ClusterObject) {
    guard let text = node.annotation(Kubelet.failureAnnotation), !text.isEmpty else { return nil }
    self = NodeFailure(rawValue: text) ?? .unreachable
  }

  static let sinceAnnotation = ContainerBehavior.prefix + "node-failed-since"
  /// While it is there, the node has still to come up.
  static let downAnnotation = ContainerBehavior.prefix + "node-down"
  static let bootAnnotation = ContainerBehavior.prefix + "node-booted-at"

  /// Since when the node has failed; nil where nobody noted it.
  static func since(_ node: ClusterObject) -> Time? {
    node.annotation(sinceAnnotation).flatMap { Time($0) }
  }

  /// When the node came up after it had been down.
  static func boot(of node: ClusterObject) -> Time? {
    node.annotation(bootAnnotation).flatMap { Time($0) }
  }

  /// Whether the node's kubelet is at work.
  static func isUp(_ node: ClusterObject) -> Bool {
    NodeFailure(node) == nil && node.annotation(downAnnotation) == nil
  }

  /// Whether the kubelet is played here, and not by somebody else.
  static func isSimulated(_ node: ClusterObject) -> Bool {
    node.annotation(ContainerBehavior.prefix + "external") != "true"
  }

  /// What is to be noted on a node that has failed, or is back; nil when all is as it should be.
  static func note(on node: ClusterObject, at now: Time) -> Action.Edit? {
    let time = Value.string(now.wholeSeconds.description)
    var news: [String: Value?] = [:]
    if let failure = NodeFailure(node) {
      if node.annotation(sinceAnnotation) == nil { news[sinceAnnotation] = .some(time) }
      if failure == .down, node.annotation(downAnnotation) == nil {
        news[downAnnotation] = .some("true")
      }
    } else {
      if node.annotation(sinceAnnotation) != nil { news[sinceAnnotation] = .some(nil) }
      if node.annotation(downAnnotation) != nil {
        news[downAnnotation] = .some(nil)
        news[bootAnnotation] = .some(time)
      }
    }
    guard !news.isEmpty else { return nil }
    let notes = news.sorted { $0.key < $1.key }
    return Action.Edit("note failure") { value in
      value.change("metadata") { metadata in
        metadata.change("annotations") { annotations in
          for note in notes { annotations[note.key] = note.value }
        }
      }
    }
  }
}
