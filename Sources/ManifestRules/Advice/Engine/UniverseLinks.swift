import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Who selects which pods and who scales what: worked out once, when the universe is known.
///
/// Pods that are applied together with what selects them go before those of other folders and
/// overlays, which may be copies for other clusters: they count only where there are no nearer
/// ones.
struct UniverseLinks: Sendable {
  /// The selector of each Service, PodDisruptionBudget and NetworkPolicy that has one.
  private(set) var selectors: [ObjectIdentifier: LabelSelector] = [:]
  /// The numbers of the pods that each of them selects.
  private(set) var pods: [ObjectIdentifier: [Int]] = [:]
  /// What selects each pod, by its number.
  private(set) var selecting: [[AdviceObject]]
  /// The numbers of the pods that have a label of some value, by its key.
  private(set) var podsByKey: [String: [Int]] = [:]
  /// What scales each object.
  private(set) var autoscalers: [ObjectIdentifier: [AdviceObject]] = [:]

  /// What is known while the links are made.
  struct Material {
    var pods: [AdvicePod]
    var byKind: [String: [AdviceObject]]
    /// By kind and name with a slash between.
    var byName: [String: [AdviceObject]]
    /// The namespaces that kustomizations give, by file.
    var namespaces: [String: String]
    var kustomizations: KustomizeRoots
  }

  init(_ material: Material) {
    selecting = Array(repeating: [], count: material.pods.count)
    for (number, pod) in material.pods.enumerated() {
      for key in pod.labels.keys { podsByKey[key, default: []].append(number) }
    }
    let material = Prepared(material)
    for kind in Self.selectingKinds {
      for object in material.byKind[kind] ?? [] {
        guard let selector = Self.selector(of: object) else { continue }
        selectors[ObjectIdentifier(object)] = selector
        let selected = material.pods(selectedBy: selector, for: object)
        guard !selected.isEmpty else { continue }
        pods[ObjectIdentifier(object)] = selected
        for number in selected { selecting[number].append(object) }
      }
    }
    for kind in ["HorizontalPodAutoscaler", "ScaledObject"] {
      for object in material.byKind[kind] ?? [] {
        guard let target = ScaleTarget(object) else { continue }
        for scaled in material.objects(target.kind, target.name, for: object)
        where scaled.gvk.group == target.group {
          autoscalers[ObjectIdentifier(scaled), default: []].append(object)
        }
      }
    }
  }

  private static let selectingKinds =
    ["Service", "PodDisruptionBudget", "NetworkPolicy"] + controllers
  private static let controllers = [
    "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController",
  ]

  /// The selector for pods that an object has; nil where it selects none.
  private static func selector(of object: AdviceObject) -> LabelSelector? {
    let spec = object.node[.spec]
    switch object.kind {
    case "Service":
      guard object.gvk.group.isEmpty, spec?["type"]?.string != "ExternalName",
        let written = spec?[.selector], written.count > 0
      else { return nil }
      let labels = AdviceObject.texts(written)
      return labels.count == written.count ? LabelSelector(matchLabels: labels) : nil
    case "PodDisruptionBudget": return spec?[.selector].flatMap(Selections.read)
    case "ReplicationController":
      let written = spec?[.selector] ?? spec?[.template]?[.metadata]?[.labels]
      let labels = AdviceObject.texts(written)
      return labels.isEmpty ? nil : LabelSelector(matchLabels: labels)
    case _ where controllers.contains(object.kind):
      guard object.gvk.group == "apps" else { return nil }
      return spec?[.selector].flatMap(Selections.read)
    default:
      guard object.gvk.group == "networking.k8s.io" else { return nil }
      // Left out it selects every pod of the namespace.
      guard let written = spec?["podSelector"] else { return spec.map { _ in LabelSelector() } }
      return Selections.read(written)
    }
  }
}

/// What an autoscaler scales.
struct ScaleTarget {
  var group: String
  var kind: String
  var name: String
  /// What is written: the map with kind and name.
  var node: NodeRef

  /// Nil for objects that are no autoscalers, and for those that say nothing of their target.
  init?(_ object: AdviceObject) {
    guard let node = object.node[.spec]?["scaleTargetRef"], let name = node[.name]?.string,
      !name.isEmpty
    else { return nil }
    switch object.kind {
    case "HorizontalPodAutoscaler": kind = node[.kind]?.string ?? ""
    case "ScaledObject": kind = node[.kind]?.string ?? "Deployment"
    default: return nil
    }
    let standard = object.kind == "ScaledObject" ? "apps/v1" : ""
    let version = node[.apiVersion]?.string ?? standard
    group = GroupVersionKind(apiVersion: version, kind: kind).group
    self.name = name
    self.node = node
  }
}

/// The material with what makes it quick to search.
private struct Prepared {
  let byKind: [String: [AdviceObject]]
  private let material: UniverseLinks.Material
  /// The numbers of the pods that have a label, by `key=value`.
  private var podsByLabel: [String: [Int]] = [:]
  private let podNamespaces: [String?]
  private let podSets: [ApplySet]

  init(_ material: UniverseLinks.Material) {
    self.material = material
    byKind = material.byKind
    podNamespaces = material.pods.map { pod in
      pod.object.writtenNamespace ?? material.namespaces[pod.object.file.name]
    }
    podSets = material.pods.map { ApplySet($0.object, material.kustomizations) }
    for (number, pod) in material.pods.enumerated() {
      for (key, value) in pod.labels { podsByLabel["\(key)=\(value)", default: []].append(number) }
    }
  }

  private func namespace(_ object: AdviceObject) -> String? {
    object.writtenNamespace ?? material.namespaces[object.file.name]
  }

  func pods(selectedBy selector: LabelSelector, for object: AdviceObject) -> [Int] {
    let space = namespace(object)
    let plain = selector.requirements.first { $0.operator == .in && $0.values.count == 1 }
    let candidates = plain.map { podsByLabel["\($0.key)=\($0.values[0])"] ?? [] }
    let found = (candidates ?? Array(material.pods.indices)).filter { number in
      Universe.areSame(podNamespaces[number], space)
        && selector.matches(material.pods[number].labels)
    }
    guard found.count > 1 else { return found }
    let own = ApplySet(object, material.kustomizations)
    let near = found.filter { podSets[$0].meets(own) }
    return near.isEmpty ? found : near
  }

  func objects(_ kind: String, _ name: String, for object: AdviceObject) -> [AdviceObject] {
    let space = namespace(object)
    let found = (material.byName["\(kind)/\(name)"] ?? []).filter {
      Universe.areSame(namespace($0), space)
    }
    guard found.count > 1 else { return found }
    let own = ApplySet(object, material.kustomizations)
    let near = found.filter { ApplySet($0, material.kustomizations).meets(own) }
    return near.isEmpty ? found : near
  }
}

/// What an object is applied with: kustomizations, else a folder.
private struct ApplySet {
  let file: AdviceFileName
  let roots: Set<String>

  init(_ object: AdviceObject, _ kustomizations: KustomizeRoots) {
    file = object.file
    roots = kustomizations.roots(of: object.file.name)
  }

  func meets(_ other: ApplySet) -> Bool {
    if file === other.file { return true }
    if roots.isEmpty, other.roots.isEmpty { return file.folder == other.file.folder }
    return !roots.isDisjoint(with: other.roots)
  }
}

extension Universe {
  /// The selector for pods of a Service, PodDisruptionBudget or NetworkPolicy.
  func selector(of object: AdviceObject) -> LabelSelector? {
    links.selectors[ObjectIdentifier(object)]
  }

  /// The pods that a Service, PodDisruptionBudget or NetworkPolicy selects.
  func selectedPods(of object: AdviceObject) -> [AdvicePod] {
    (links.pods[ObjectIdentifier(object)] ?? []).map { pods[$0] }
  }

  /// The pod in the namespace of `object` that has most of the labels called `keys`, the first one
  /// of several; nil where none has any.
  func pod(withMostOf keys: some Sequence<String>, near object: AdviceObject) -> AdvicePod? {
    var counts = [Int](repeating: 0, count: pods.count)
    counts.withUnsafeMutableBufferPointer { counts in
      for key in keys {
        for number in links.podsByKey[key] ?? [] { counts[number] += 1 }
      }
    }
    var best: (number: Int, count: Int)?
    for (number, count) in counts.enumerated()
    where count > best?.count ?? 0 && shareNamespace(pods[number].object, object) {
      best = (number, count)
    }
    return best.map { pods[$0.number] }
  }

  /// The objects of `kind` (`Service`) that select the pods of `object`.
  func objects(ofKind kind: String, selectingPodsOf object: AdviceObject) -> [AdviceObject] {
    guard let number = podNumber(of: object) else { return [] }
    return links.selecting[number].filter { $0.kind == kind }
  }

  /// The autoscalers that set the replicas of `object`.
  func autoscalers(of object: AdviceObject) -> [AdviceObject] {
    links.autoscalers[ObjectIdentifier(object)] ?? []
  }

  /// How many replicas an object has at the least: what it says, or the minimum of its autoscaler.
  ///
  /// Nil where nobody can know.
  func replicasMin(of pod: AdvicePod) -> Int? {
    guard let scaler = autoscalers(of: pod.object).first else { return pod.replicas }
    let spec = scaler.node[.spec]
    let isKeda = scaler.kind == "ScaledObject"
    guard let written = spec?[isKeda ? "minReplicaCount" : "minReplicas"] else {
      return isKeda ? 0 : 1
    }
    return written.int64.flatMap(Int.init(exactly:))
  }
}
