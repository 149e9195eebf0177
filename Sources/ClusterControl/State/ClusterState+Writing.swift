import ManifestSchema
import ManifestSyntax

/// Writing as the API server does it for its own controllers: identity, generation, grace,
/// finalizers. What controllers make is not validated again, and they leave no managedFields.
extension ClusterState {
  /// What a write needs beside the state.
  public struct Writing: Sendable {
    /// Stamps creations and deletions.
    public var now: Time
    /// Where uids and name suffixes come from.
    public var chance: SeededGenerator

    public init(now: Time, chance: SeededGenerator) {
      self.now = now
      self.chance = chance
    }
  }

  /// Carries out an action.
  ///
  /// - Parameter known: The revision that the writer knows the object by, where that is not the one
  ///   in the action: after a write of its own.
  /// - Returns: What changed; empty when the object was so already, and for events.
  public mutating func perform(
    _ action: Action, _ writing: inout Writing, known: Int64? = nil
  ) throws(WriteRefusal) -> [Change] {
    switch action {
    case .create(let value, let resource, let namespace):
      return [try create(value, resource, namespace, &writing)]
    case .update(let object, let value):
      let current = try self.current(object, known: known)
      var new = value
      new["status"] = current.value["status"]
      return replace(current, with: new, mayRaiseGeneration: true)
    case .updateStatus(let object, let value):
      let current = try self.current(object, known: known)
      var new = current.value
      new["status"] = value["status"]
      new.change("metadata") { $0["annotations"] = value["metadata"]?["annotations"] }
      return replace(current, with: new, mayRaiseGeneration: false)
    case .edit(let key, let uid, let edit):
      guard let current = object(key), current.uid == uid else {
        throw WriteRefusal(.notFound, "\(key.plural) \"\(key.name)\" not found")
      }
      if edit.sparesTerminating, current.isTerminating { return [] }
      var new = current.value
      edit.change(&new)
      return replace(current, with: new, mayRaiseGeneration: !edit.isStatus)
    case .delete(let key, let deletion): return try delete(key, deletion, &writing)
    case .event: return []
    }
  }

  // MARK: - Creating

  private mutating func create(
    _ value: Value, _ resource: GroupResource, _ namespace: String?, _ writing: inout Writing
  ) throws(WriteRefusal) -> Change {
    var metadata = value["metadata"] ?? .emptyMap
    var name = metadata["name"]?.string ?? ""
    var key = ResourceKey(resource, namespace: namespace, name: name)
    if name.isEmpty {
      let prefix = metadata["generateName"]?.string ?? ""
      // A name that is taken is drawn anew, as often as the server does it.
      for _ in 0..<Self.generationsMax {
        key.name = Self.generatedName(prefix, &writing)
        if object(key) == nil { break }
      }
      name = key.name
    }
    guard object(key) == nil else {
      throw WriteRefusal(.alreadyExists, "\(resource) \"\(name)\" already exists")
    }
    if let namespace {
      let home = object(ResourceKey(.namespaces, name: namespace))
      if home?.isTerminating == true {
        throw WriteRefusal(
          .namespaceTerminating,
          "unable to create new content in namespace \(namespace) because it is being terminated")
      }
    }
    metadata["name"] = .string(name)
    if let namespace { metadata["namespace"] = .string(namespace) }
    metadata["uid"] = .string(Self.uid(&writing))
    metadata["creationTimestamp"] = .string(writing.now.description)
    if value["spec"] != nil { metadata["generation"] = 1 }
    var new = value
    new["metadata"] = metadata
    revision += 1
    let object = ClusterObject(key: key, value: new, revision: revision)
    put(object)
    return Change(key: key, old: nil, new: object)
  }

  private static let generationsMax = 8

  /// A prefix, cut so that a name of 63 characters remains, and five characters by chance.
  private static func generatedName(_ prefix: String, _ writing: inout Writing) -> String {
    String(prefix.prefix(58)) + writing.chance.suffix()
  }

  /// A random uid of version 4.
  private static func uid(_ writing: inout Writing) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let high = writing.chance.next()
    let low = writing.chance.next()
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for place in 0..<32 {
      if [8, 12, 16, 20].contains(place) { text.append(UInt8(ascii: "-")) }
      let word = place < 16 ? high : low
      var digit = Int(truncatingIfNeeded: word >> UInt64(60 - place % 16 * 4)) & 15
      if place == 12 { digit = 4 }
      if place == 16 { digit = digit & 3 | 8 }
      text.append(digits[digit])
    }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: - Changing

  private func current(
    _ object: ClusterObject, known: Int64?
  ) throws(WriteRefusal) -> ClusterObject {
    guard let current = self.object(object.key), current.uid == object.uid else {
      throw WriteRefusal(.notFound, "\(object.key.resource) \"\(object.name)\" not found")
    }
    guard current.revision == known ?? object.revision else {
      throw WriteRefusal(
        .conflict,
        "the object \(object.key.resource) \"\(object.name)\" has been modified; please apply your"
          + " changes to the latest version and try again")
    }
    return current
  }

  private mutating func replace(
    _ current: ClusterObject, with value: Value, mayRaiseGeneration: Bool
  ) -> [Change] {
    guard value != current.value else { return [] }
    var new = value
    if mayRaiseGeneration, raisesGeneration(current, new) {
      new.change("metadata") { $0["generation"] = .int(current.generation &+ 1) }
    }
    revision += 1
    let object = ClusterObject(key: current.key, value: new, revision: revision)
    // An object on its way out goes with its last finalizer; a pod waits for its grace as well.
    let grace = new["metadata"]?["deletionGracePeriodSeconds"]?.int64 ?? 0
    if object.isTerminating, !Self.isHeld(new, current.key), grace == 0 {
      remove(current.key)
      return [Change(key: current.key, old: current, new: nil)]
    }
    put(object)
    return [Change(key: current.key, old: current, new: object)]
  }

  /// A Deployment's annotations count like its spec.
  private func raisesGeneration(_ current: ClusterObject, _ new: Value) -> Bool {
    if new["spec"] != current.value["spec"] { return current.key.resource != .pods }
    guard current.key.resource == .deployments else { return false }
    return new["metadata"]?["annotations"] != current.value["metadata"]?["annotations"]
  }

  // MARK: - Deleting

  private mutating func delete(
    _ key: ResourceKey, _ deletion: Action.Deletion, _ writing: inout Writing
  ) throws(WriteRefusal) -> [Change] {
    guard let current = object(key) else {
      throw WriteRefusal(.notFound, "\(key.resource) \"\(key.name)\" not found")
    }
    if let uid = deletion.uid, uid != current.uid {
      throw WriteRefusal(.conflict, "\(key.resource) \"\(key.name)\" is another object by now")
    }
    if let revision = deletion.revision, revision != current.revision {
      throw WriteRefusal(.conflict, "\(key.resource) \"\(key.name)\" has been modified")
    }
    var new = current.value
    switch deletion.propagation {
    case .background: break
    case .foreground: new.addFinalizer("foregroundDeletion")
    case .orphan: new.addFinalizer("orphan")
    }
    let grace = Self.graceSeconds(current, deletion)
    guard Self.isHeld(new, key) || grace > 0 else {
      revision += 1
      remove(key)
      return [Change(key: key, old: current, new: nil)]
    }
    new.setDeletion(at: writing.now, graceSeconds: grace)
    if key.resource == .namespaces { new.change("status") { $0["phase"] = "Terminating" } }
    guard new != current.value else { return [] }
    revision += 1
    let object = ClusterObject(key: key, value: new, revision: revision)
    put(object)
    return [Change(key: key, old: current, new: object)]
  }

  /// Whether finalizers keep an object; namespaces have some of their own.
  private static func isHeld(_ value: Value, _ key: ResourceKey) -> Bool {
    if value["metadata"]?["finalizers"]?.list?.isEmpty == false { return true }
    return key.resource == .namespaces && value["spec"]?["finalizers"]?.list?.isEmpty == false
  }

  /// How long a pod may take to stop: none when nothing runs, never longer than asked before.
  private static func graceSeconds(
    _ object: ClusterObject, _ deletion: Action.Deletion
  ) -> Int64 {
    guard let pod = object.pod else { return 0 }
    if pod.node == nil || pod.isTerminal { return 0 }
    let own = object.value["spec"]?["terminationGracePeriodSeconds"]?.int64 ?? 30
    var grace = deletion.graceSeconds ?? own
    if grace < 0 { grace = 1 }
    guard object.isTerminating else { return grace }
    let asked = object.value["metadata"]?["deletionGracePeriodSeconds"]?.int64 ?? 0
    return min(grace, asked)
  }
}

extension Value {
  /// Changes the map under `key`, made where there is none.
  public mutating func change(_ key: String, _ body: (inout Value) -> Void) {
    var part = self[key] ?? .emptyMap
    body(&part)
    self[key] = part
  }

  mutating func addFinalizer(_ name: String) {
    change("metadata") { metadata in
      var names = metadata["finalizers"]?.list ?? []
      if !names.contains(.string(name)) { names.append(.string(name)) }
      metadata["finalizers"] = .list(names)
    }
  }

  /// Marks an object as on its way out. The time is set once; the grace can only shrink, and still
  /// counts from the first time.
  fileprivate mutating func setDeletion(at now: Time, graceSeconds: Int64) {
    change("metadata") { metadata in
      guard let text = metadata["deletionTimestamp"]?.string, let end = Time(text) else {
        metadata["deletionTimestamp"] = .string(now.advanced(bySeconds: graceSeconds).description)
        metadata["deletionGracePeriodSeconds"] = .int(graceSeconds)
        if let number = metadata["generation"]?.int64 { metadata["generation"] = .int(number &+ 1) }
        return
      }
      let known = metadata["deletionGracePeriodSeconds"]?.int64 ?? 0
      guard graceSeconds < known else { return }
      let sooner = end.advanced(bySeconds: graceSeconds - known)
      metadata["deletionTimestamp"] = .string(sooner.description)
      metadata["deletionGracePeriodSeconds"] = .int(graceSeconds)
    }
  }
}
