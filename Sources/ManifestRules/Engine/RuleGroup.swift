import ManifestModel
import ManifestSchema
import ManifestSyntax

/// One rule of the API server, said in our words; its examples are its tests.
public struct RuleDescription: Sendable {
  /// The id in the rule list: `CTR-02`.
  public var id: String
  /// What must hold, as a sentence: "a container's name is a DNS label".
  public var summary: String
  /// The object that the examples change.
  public var base: RuleExampleBase
  /// Changes of the base, each breaking the rule.
  public var bad: [RuleExample]
  /// Changes of the base that the rule accepts, near misses first.
  public var good: [RuleExample]
  /// The versions by which the examples are judged; the latest ones where nothing is said.
  public var version: KubernetesVersion
  /// Why there are no examples: the rule needs a cluster, or cannot fire once defaults are applied.
  public var untestable: String?

  public init(
    _ id: String, _ summary: String, on base: RuleExampleBase = .pod, bad: RuleExample...,
    good: RuleExample..., version: KubernetesVersion = KubernetesVersion(minor: 36)
  ) {
    self.id = id
    self.summary = summary
    self.base = base
    self.bad = bad
    self.good = good
    self.version = version
  }

  /// A rule of the list that no offline example can show.
  public static func untestable(_ id: String, _ summary: String, because reason: String) -> Self {
    var rule = RuleDescription(id, summary)
    rule.untestable = reason
    return rule
  }
}

/// Changes of a base object, one a line: `PATH = YAML`, where a path is as in diagnostics
/// (`spec.containers[0].name`), keys with dots in brackets, and `PATH =` followed by nothing
/// removes the field. For updates the old object is the base after the lines before `---`.
public struct RuleExample: Sendable, ExpressibleByStringInterpolation {
  public var text: String
  public init(stringLiteral text: String) { self.text = text }
}

/// Small valid objects that examples change.
public enum RuleExampleBase: String, Sendable {
  case pod, deployment, replicaSet, service
  /// The others are used for rules about templates inside them.
  case statefulSet, daemonSet, job, cronJob, replicationController
  /// Pairs of old and new.
  case podUpdate, deploymentUpdate, replicaSetUpdate, serviceUpdate
}

/// Rules that belong together: one file, one check.
public protocol RuleGroup: Sendable {
  /// What the group is about, as the title of its page.
  static var title: String { get }
  static var rules: [RuleDescription] { get }
  /// Keys of which an object must have one, written anywhere in it, for the rules to have anything
  /// to say: others are not shown to them. Empty where they may speak about any object. What the
  /// server adds itself need not be named: its defaults break no rule.
  static var needs: [String] { get }
}

extension RuleGroup {
  public static var needs: [String] { [] }
}

/// Rules about any object's metadata.
public protocol ObjectRules: RuleGroup {
  static func check(_ object: ObjectSubject, into report: inout Report)
}

/// Rules about a pod, on its own or as the template of a workload.
public protocol PodRules: RuleGroup {
  static func check(_ pod: PodSubject, into report: inout Report)
}

/// Rules about one kind of object, seen as a whole.
public protocol KindRules: RuleGroup {
  static var kinds: [GroupVersionKind] { get }
  /// Whether the server looks at nothing else once one of these rules is broken.
  static var comesFirst: Bool { get }
  static func check(_ object: ObjectSubject, into report: inout Report)
}

extension KindRules {
  public static var comesFirst: Bool { false }
}

/// Rules about replacing one object by another of the same kind and name.
public protocol UpdateRules: RuleGroup {
  /// The kinds; empty for all.
  static var kinds: [GroupVersionKind] { get }
  static func check(_ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report)
}

/// An object with its defaults.
public struct ObjectSubject: Sendable {
  public let gvk: GroupVersionKind
  public let node: NodeRef
  /// How it makes pods, if it does.
  public let workload: WorkloadView.WorkloadKind?
  /// Whether the object exists already and is being replaced.
  public let isUpdate: Bool
  /// Its metadata; empty where there is none.
  public let metadata: ObjectMeta
  /// Which keys it may have, anywhere in it: tells most rules that they have nothing to look at.
  public let keys: KeySketch

  public init(gvk: GroupVersionKind, node: NodeRef, isUpdate: Bool = false) {
    self.init(
      gvk: gvk, node: node, workload: WorkloadView.WorkloadKind(gvk), isUpdate: isUpdate)
  }

  /// The same for a caller who knows how the object makes pods, and maybe which keys it had before
  /// defaults were added.
  init(
    gvk: GroupVersionKind, node: NodeRef, workload: WorkloadView.WorkloadKind?,
    isUpdate: Bool = false, keys: KeySketch? = nil
  ) {
    self.gvk = gvk
    self.node = node
    self.workload = workload
    self.isUpdate = isUpdate
    self.keys = keys ?? KeySketch(of: node)
    metadata = node[.metadata].flatMap(ObjectMeta.read) ?? ObjectMeta(.value(.emptyMap))
  }
}

/// A pod with its defaults: a Pod, or the template of a workload.
public struct PodSubject: Sendable {
  /// The whole object that the pod is or belongs to.
  public let object: ObjectSubject
  /// Metadata and spec of the pod; for a Pod the object itself.
  public let template: PodTemplateSpec
  public let spec: PodSpec
  /// Whether it is a template; a template is checked with fewer rules.
  public let isTemplate: Bool
  /// The containers of all roles, init ones first.
  public let containers: [PlacedContainer]
  /// The volumes, as several groups look at them.
  let volumes: [PlacedVolume]

  public init(object: ObjectSubject, template: PodTemplateSpec, spec: PodSpec, isTemplate: Bool) {
    self.object = object
    self.template = template
    self.spec = spec
    self.isTemplate = isTemplate
    containers = spec.allContainers
    volumes = PlacedVolume.all(in: spec)
  }

  public var metadata: ObjectMeta { template.metadata ?? ObjectMeta(.value(.emptyMap)) }
}
