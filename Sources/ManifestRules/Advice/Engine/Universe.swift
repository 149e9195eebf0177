import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Everything that is known together: the files of the repository, the objects in them, and what
/// they say about each other.
///
/// References are resolved here and nowhere else, and never in the files alone that somebody wants
/// a report on. Objects that generators or operators will make count as well. What could not be
/// read may hold anything, so answers about what is missing are `unknown` as long as it might be
/// there.
public final class Universe: Sendable {
  /// All files, in the order in which they were found.
  public let files: [AdviceFile]
  /// All objects in the order of the files; those that generators make are not among them.
  public let objects: [AdviceObject]
  /// What makes pods, in the order of ``objects``.
  public let pods: [AdvicePod]
  /// The kustomizations of the repository.
  public let kustomizations: KustomizeRoots
  /// Names that something outside of the repository supplies: `Secret/prod/db`, `ConfigMap/*/ca-*`.
  public let externals: [String]

  private let byKind: [String: [AdviceObject]]
  /// How the names of ``byKind`` look, for whoever looks for one like another.
  private let nameSketches: [String: [EditDistance.Sketch]]
  private let byName: [String: [AdviceObject]]
  private let podByObject: [ObjectIdentifier: Int]
  private let provided: [String: [Provider]]
  private let unreadable: [AdviceFile]
  /// Kustomizations and the patches that they lay over objects.
  let overlays: [AdviceFile]
  /// Custom objects for which operators may make others.
  let makers: [AdviceObject]
  /// What pods are told by name on their command lines.
  let argumentWords: Set<String>
  private let namespaces: [String: String]
  /// Who selects and scales whom.
  let links: UniverseLinks

  /// Something that will make an object: a generator, or a custom object whose operator does.
  public struct Provider: Sendable {
    public var namespace: String?
    /// The keys that the object will have; nil where nobody can know.
    public var keys: [String]?
    /// The file that says so.
    public var file: String
  }

  /// - Parameter isFinal: Nothing is laid over the objects any more.
  public init(
    _ files: [AdviceFile], kustomizations: KustomizeRoots = KustomizeRoots(),
    externals: [String] = [], isFinal: Bool = false
  ) {
    self.files = files
    self.kustomizations = kustomizations
    self.externals = externals
    objects = files.flatMap { file in
      file.isPatch ? [] : file.documents.flatMap(\.objects)
    }
    var byKind: [String: [AdviceObject]] = [:]
    var byName: [String: [AdviceObject]] = [:]
    for object in objects {
      byKind[object.kind, default: []].append(object)
      if !object.name.isEmpty {
        byName[Self.key(object.kind, object.name), default: []].append(object)
      }
    }
    self.byKind = byKind
    nameSketches = byKind.mapValues { objects in objects.map { EditDistance.Sketch($0.name) } }
    self.byName = byName
    unreadable = files.filter { $0.unknownBecause != nil }
    makers = objects.filter(Self.isMaker)
    overlays =
      isFinal ? [] : files.filter { $0.isPatch || Kustomizations.isKustomization($0.name) }
    provided = Providers.all(in: objects, kustomizations)
    var namespaces: [String: String] = [:]
    for object in objects where namespaces[object.file.name] == nil {
      namespaces[object.file.name] = kustomizations.namespace(of: object.file.name)
    }
    self.namespaces = namespaces
    let ranges = byKind["LimitRange"] ?? []
    var pods: [AdvicePod] = []
    var podByObject: [ObjectIdentifier: Int] = [:]
    for object in objects {
      let own = namespaces[object.file.name]
      let nearby = ranges.filter { range in
        let namespace = range.writtenNamespace ?? namespaces[range.file.name]
        return Self.areSame(object.writtenNamespace ?? own, namespace)
      }
      guard let pod = AdvicePod(object, limitRanges: nearby.map(\.node)) else { continue }
      podByObject[ObjectIdentifier(object)] = pods.count
      pods.append(pod)
    }
    self.pods = pods
    self.podByObject = podByObject
    argumentWords = Self.argumentWords(of: pods)
    links = UniverseLinks(
      UniverseLinks.Material(
        pods: pods, byKind: byKind, byName: byName, namespaces: namespaces,
        kustomizations: kustomizations))
  }

  /// Which of ``pods`` an object is or makes.
  func podNumber(of object: AdviceObject) -> Int? { podByObject[ObjectIdentifier(object)] }

  private static func key(_ kind: String, _ name: String) -> String { "\(kind)/\(name)" }

  // MARK: - Namespaces

  /// The namespace that the object will be in: the written one, else that of its kustomization;
  /// nil where only whoever applies it knows.
  public func namespace(of object: AdviceObject) -> String? {
    object.writtenNamespace ?? namespaces[object.file.name]
  }

  /// Whether two namespaces can be the same one: an unknown one can be any.
  public static func areSame(_ left: String?, _ right: String?) -> Bool {
    guard let left, let right else { return true }
    return left == right
  }

  /// Whether two objects can be in the same namespace.
  public func shareNamespace(_ left: AdviceObject, _ right: AdviceObject) -> Bool {
    Self.areSame(namespace(of: left), namespace(of: right))
  }

  // MARK: - Objects

  /// The objects of a kind, of whatever version; of one API group where that is given.
  public func objects(ofKind kind: String, group: String? = nil) -> [AdviceObject] {
    let all = byKind[kind] ?? []
    guard let group else { return all }
    return all.filter { $0.gvk.group == group }
  }

  /// The pod that an object is or makes.
  public func pod(of object: AdviceObject) -> AdvicePod? {
    podByObject[ObjectIdentifier(object)].map { pods[$0] }
  }

  /// The pods whose labels `selector` fits and that can be in the namespace of `object`.
  public func pods(selectedBy selector: LabelSelector, near object: AdviceObject) -> [AdvicePod] {
    pods.filter { selector.matches($0.labels) && shareNamespace($0.object, object) }
  }

  /// The objects that are applied together with `object`, itself included: those of the same
  /// kustomization, else those of the same folder.
  public func applySet(of object: AdviceObject) -> [AdviceObject] {
    objects.filter { areAppliedTogether(object, $0) }
  }

  /// Whether two objects are applied together.
  public func areAppliedTogether(_ left: AdviceObject, _ right: AdviceObject) -> Bool {
    if left.file === right.file || left.file.name == right.file.name { return true }
    let leftRoots = kustomizations.roots(of: left.file.name)
    let rightRoots = kustomizations.roots(of: right.file.name)
    if leftRoots.isEmpty, rightRoots.isEmpty { return left.file.folder == right.file.folder }
    return !leftRoots.isDisjoint(with: rightRoots)
  }

  // MARK: - References

  /// What a reference leads to.
  public enum Found: Sendable {
    /// The objects of that name; several where overlays or copies have one each.
    case objects([AdviceObject])
    /// A generator or an operator will make it.
    case provided(Provider)
    /// Only in another namespace.
    case elsewhere([AdviceObject])
    /// It may be in something that could not be read, or outside of the repository.
    case unknown
    case missing
  }

  /// Looks for an object by kind and name.
  ///
  /// - Parameters:
  ///   - object: who refers to it.
  ///   - namespace: where it has to be; that of `object` where nothing is said.
  public func find(
    _ kind: String, _ name: String, group: String? = nil, for object: AdviceObject,
    in namespace: String? = nil
  ) -> Found {
    let wanted = namespace ?? self.namespace(of: object)
    let key = Self.key(kind, name)
    let all = (byName[key] ?? []).filter { group == nil || $0.gvk.group == group }
    let here = all.filter { Self.areSame(self.namespace(of: $0), wanted) }
    if !here.isEmpty {
      let near = here.filter { areAppliedTogether($0, object) }
      return .objects(near.isEmpty ? here : near)
    }
    let providers = provided[key] ?? []
    if let provider = providers.first(where: { Self.areSame($0.namespace, wanted) }) {
      return .provided(provider)
    }
    if isExternal(kind, wanted, name) || mayBeUnread(name, near: object)
      || mayBeMade(kind, name, near: object)
    {
      return .unknown
    }
    return all.isEmpty ? .missing : .elsewhere(all)
  }

  /// The objects of a kind and a name, wherever they are.
  func objects(ofKind kind: String, named name: String) -> [AdviceObject] {
    byName[Self.key(kind, name)] ?? []
  }

  /// The name that `name` was probably meant to be: that of an object of a kind in the namespace of
  /// `object`; nil where none is near.
  public func name(
    meantBy name: String, ofKind kind: String, near object: AdviceObject
  ) -> String? {
    guard let all = byKind[kind], let sketches = nameSketches[kind] else { return nil }
    var alike: [String] = []
    let space = namespace(of: object)
    for index in EditDistance.Sketch(name).positions(ofNearIn: sketches) {
      guard !all[index].name.isEmpty, Self.areSame(namespace(of: all[index]), space) else {
        continue
      }
      alike.append(all[index].name)
    }
    return alike.isEmpty ? nil : EditDistance.nearest(to: name, in: alike)
  }

  /// Whether an object of a kind in the namespace of `object` is called `name`.
  func isThere(_ kind: String, _ name: String, near object: AdviceObject) -> Bool {
    objects(ofKind: kind, named: name).contains { shareNamespace($0, object) }
  }

  /// Whether something that could not be read may hold what is called `name`: broken files may hold
  /// anything, templates what they mention.
  public func mayBeUnread(_ name: String, near object: AdviceObject) -> Bool {
    guard !unreadable.isEmpty else { return false }
    var name = name
    return name.withUTF8 { wanted in
      unreadable.contains { file in
        file.isBroken || file.source.bytes.holds(UnsafeRawBufferPointer(wanted))
      }
    }
  }

  /// Whether there are files whose objects are not known.
  public var isIncomplete: Bool { !unreadable.isEmpty }

  private func isExternal(_ kind: String, _ namespace: String?, _ name: String) -> Bool {
    externals.contains { pattern in
      let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count >= 2, parts[0] == "*" || parts[0] == kind else { return false }
      let isHere =
        parts.count < 3 || namespace == nil || Wildcard.matches(namespace ?? "", parts[1])
      return isHere && Wildcard.matches(name, parts[parts.count - 1])
    }
  }
}

/// Patterns in which `*` stands for any text.
enum Wildcard {
  static func matches(_ text: String, _ pattern: Substring) -> Bool {
    let text = Array(text.utf8)
    let pattern = Array(pattern.utf8)
    var at = 0
    var next = 0
    var star: (pattern: Int, text: Int)?
    while at < text.count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        star = (next, at)
        next += 1
      } else if next < pattern.count, pattern[next] == text[at] {
        next += 1
        at += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        next = last.pattern + 1
        at = last.text + 1
      } else {
        return false
      }
    }
    while next < pattern.count, pattern[next] == UInt8(ascii: "*") { next += 1 }
    return next == pattern.count
  }
}
