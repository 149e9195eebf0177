import ManifestSchema
import ManifestSyntax

/// An object that is a pod or makes pods from a template.
public struct WorkloadView: Sendable {
  /// The kinds that make pods, and Pod itself.
  public enum WorkloadKind: String, Hashable, Sendable, CaseIterable {
    case pod = "Pod"
    case podTemplate = "PodTemplate"
    case replicationController = "ReplicationController"
    case deployment = "Deployment"
    case replicaSet = "ReplicaSet"
    case statefulSet = "StatefulSet"
    case daemonSet = "DaemonSet"
    case job = "Job"
    case cronJob = "CronJob"

    /// The API group of the kind.
    public var group: String {
      switch self {
      case .pod, .podTemplate, .replicationController: ""
      case .deployment, .replicaSet, .statefulSet, .daemonSet: "apps"
      case .job, .cronJob: "batch"
      }
    }

    /// The way from the object to the pod template; to the pod itself, the root.
    public var templatePath: FieldPath { FieldPath(templateFields.map(FieldPath.Step.field)) }

    /// The fields on that way.
    public var templateFields: [String] {
      switch self {
      case .pod: []
      case .podTemplate: Self.inObject
      case .cronJob: Self.inJobTemplate
      default: Self.inSpec
      }
    }

    private static let inObject = ["template"]
    private static let inSpec = ["spec", "template"]
    private static let inJobTemplate = ["spec", "jobTemplate", "spec", "template"]

    /// The same, to look them up.
    public var templateKeys: [Key] {
      switch self {
      case .pod: []
      case .podTemplate: Self.keysInObject
      case .cronJob: Self.keysInJobTemplate
      default: Self.keysInSpec
      }
    }

    private static let keysInObject = [Key.template]
    private static let keysInSpec = [Key.spec, .template]
    private static let keysInJobTemplate = [Key.spec, Key("jobTemplate"), .spec, .template]

    public init?(_ gvk: GroupVersionKind) {
      guard gvk.group.isEmpty || gvk.group == "apps" || gvk.group == "batch" else { return nil }
      self.init(rawValue: gvk.kind)
      guard group == gvk.group else { return nil }
    }
  }

  public let kind: WorkloadKind
  /// The whole object.
  public let node: NodeRef

  /// The object at `node`, which is of the kind.
  public init(_ node: NodeRef, _ kind: WorkloadKind) {
    self.kind = kind
    self.node = node
  }

  /// Nil for kinds that make no pods.
  public init?(_ node: NodeRef, kind gvk: GroupVersionKind) {
    guard let kind = WorkloadKind(gvk) else { return nil }
    self.kind = kind
    self.node = node
  }

  /// The way from the object to the pod template; to the pod itself, the root.
  public var templatePath: FieldPath { kind.templatePath }

  /// The template, or the pod seen as one (both have `metadata` and `spec`).
  public var template: PodTemplateSpec? {
    var part: NodeRef? = node
    for key in kind.templateKeys { part = part?[key] }
    return part.flatMap(PodTemplateSpec.read)
  }

  /// The spec of the pods.
  public var podSpec: PodSpec? { template?.spec }

  /// The way from the object to the spec of the pods.
  public var podSpecPath: FieldPath { templatePath.field("spec") }
}

extension Tree {
  /// The whole document, to make views of.
  public var node: NodeRef { NodeRef(self) }

  /// A part of the document, to make views of.
  public func node(_ id: NodeID) -> NodeRef { .tree(self, id) }

  /// Group, version and kind as the document says itself.
  public var writtenKind: GroupVersionKind {
    GroupVersionKind(
      apiVersion: node["apiVersion"]?.string ?? "", kind: node["kind"]?.string ?? "")
  }
}
