import ManifestMerge
import ManifestSchema
import ManifestSyntax

/// The least of an API server that replays a recorded scenario: one object, no validation.
///
/// What only a cluster can decide (addresses, ports) is taken from the recording.
final class SmallServer {
  let schema: Schema
  let types: MergeTypes
  let kind: Kind
  private let defaulter: Defaulter
  private let rendering: Rendering
  private(set) var object: Value?
  private var clock = 0

  /// What a request led to.
  struct Answer {
    var code: Int
    var conflicts: [String] = []
    var troubles: [String] = []
    var isChanged = false
  }

  init(schema: Schema, types: MergeTypes, kind: Kind) {
    self.schema = schema
    self.types = types
    self.kind = kind
    defaulter = Defaulter(schema: schema)
    rendering = Rendering(schema: schema)
  }

  /// Carries out the request of a recorded step.
  func carryOut(_ step: Value) -> Answer {
    clock += 1
    let before = object
    let request = step["request"] ?? .null
    do throws(ApplyRefusal) {
      var answer = try answer(request)
      if let recorded = step["object"], recorded != .null { adopt(recorded) }
      answer.isChanged = object != before
      return answer
    } catch {
      switch error {
      case .badRequest: return Answer(code: 400)
      case .schema(let troubles):
        return Answer(
          code: 500, troubles: troubles.troubles.map { "\($0.path.pathText) \($0.message)" })
      case .conflict(let conflict):
        return Answer(
          code: 409,
          conflicts: conflict.fields.map { path, owner in
            let version = owner.writer.operation == .update ? owner.apiVersion : ""
            return "\(path.pathText) \(owner.writer.manager) \(owner.writer.subresource) \(version)"
          })
      }
    }
  }

  private func answer(_ request: Value) throws(ApplyRefusal) -> Answer {
    let manager = request["manager"]?.string ?? ""
    let subresource = request["subresource"]?.string ?? ""
    switch request["op"]?.string {
    case "apply":
      let fields = fieldManager(subresource)
      let isNew = object == nil
      let applied = try fields.apply(
        request["body"] ?? .null, to: object, manager: manager,
        force: request["force"] == true, time: time)
      store(complete(applied), subresource, managed: applied)
      return Answer(code: isNew ? 201 : 200)
    case "create":
      write(request["body"] ?? .null, manager, subresource)
      return Answer(code: 201)
    case "update":
      var new = object ?? .null
      for edit in request["edits"]?.list ?? [] { Edit(edit).apply(to: &new) }
      write(new, manager, subresource)
      return Answer(code: 200)
    case "patch":
      let body = request["body"] ?? .null
      let patch: Patch =
        switch request["patchType"]?.string {
        case "json": .json(body)
        case "merge": .merge(body)
        default: .strategic(body)
        }
      guard let new = try? patch.applied(to: object ?? .null, types: types) else {
        return Answer(code: 422)
      }
      write(new, manager, subresource)
      return Answer(code: 200)
    default:
      try scale(request, manager)
      return Answer(code: 200)
    }
  }

  private var time: String {
    let seconds = clock % 60
    return "2026-01-01T00:\(clock / 60 + 10):\(seconds < 10 ? "0" : "")\(seconds)Z"
  }

  // MARK: - Writing

  private func write(_ body: Value, _ manager: String, _ subresource: String) {
    let new = complete(body)
    let written = fieldManager(subresource).update(
      keepingManagedFields(new, of: body), over: object, manager: manager, time: time)
    store(new, subresource, managed: written)
  }

  private func keepingManagedFields(_ new: Value, of body: Value) -> Value {
    var new = new
    let managed = body["metadata"]?["managedFields"]
    new.change(["metadata"]) { $0["managedFields"] = managed }
    return new
  }

  private func store(_ new: Value, _ subresource: String, managed: Value) {
    var stored = asStored(new)
    if let object {
      switch subresource {
      case "status":
        let status = stored["status"]
        let conditions = new["status"] ?? status
        stored = object
        stored["status"] = conditions
      default: stored["status"] = object["status"]
      }
      var generation = object["metadata"]?["generation"]
      // Deployments count changes of their annotations as well.
      let isChanged =
        stored["spec"] != object["spec"]
        || kind.gvk.kind == "Deployment"
          && stored["metadata"]?["annotations"] != object["metadata"]?["annotations"]
      if isChanged, let number = generation?.int64 {
        generation = .int(number + 1)
      }
      stored.change(["metadata"]) { $0["generation"] = generation }
    }
    stored = keepingManagedFields(stored, of: managed)
    if let object { stored = FieldManager.keepingTimes(of: stored, from: object) }
    object = stored
  }

  /// Typed and with defaults.
  private func complete(_ body: Value) -> Value {
    guard let tree = tree(body) else { return body }
    defaulter.apply(to: tree, kind: kind, dropsAnnotations: false)
    return rendering.decoded(tree, kind: kind)
  }

  private func asStored(_ completed: Value) -> Value {
    guard let tree = tree(completed) else { return completed }
    var stored = rendering.asStored(
      tree, kind: kind, serverFields: Rendering.ServerFields(namespace: "n"))
    stored.change(["metadata"]) { $0["namespace"] = nil }
    return stored
  }

  private func tree(_ value: Value) -> Tree? {
    JSONReader.read(SourceText(JSONWriter.string(value))).tree
  }

  /// Takes what the cluster decided from the recording.
  private func adopt(_ recorded: Value) {
    guard var new = object else { return }
    new.change(["status"]) { status in
      guard case .list(var conditions)? = status["conditions"] else { return }
      for index in conditions.indices where conditions[index]["type"] == "PodScheduled" {
        conditions[index] = recorded["status"]?["conditions"]?[index] ?? conditions[index]
      }
      status["conditions"] = .list(conditions)
    }
    object = new
    guard kind.gvk.kind == "Service" else { return }
    new.change(["spec"]) { spec in
      let allocated = [
        "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort",
        "externalTrafficPolicy", "allocateLoadBalancerNodePorts", "internalTrafficPolicy",
      ]
      for name in allocated { spec[name] = recorded["spec"]?[name] }
      guard case .list(var ports)? = spec["ports"],
        case .list(let recordedPorts)? = recorded["spec"]?["ports"],
        ports.count == recordedPorts.count
      else { return }
      for index in ports.indices { ports[index]["nodePort"] = recordedPorts[index]["nodePort"] }
      spec["ports"] = .list(ports)
    }
    object = new
  }

  // MARK: - Endpoints

  private func fieldManager(_ subresource: String) -> FieldManager {
    let version = kind.gvk.apiVersion
    return FieldManager(
      apiVersion: version, kind: kind.gvk.kind, subresource: subresource,
      empty: rendering.empty(kind),
      filters: [version: filter(subresource)], types: types)
  }

  private func filter(_ subresource: String) -> OwnershipFilter {
    switch (subresource, kind.gvk.kind) {
    case ("status", "Pod"):
      .excluding("spec", "metadata.deletionTimestamp", "metadata.ownerReferences")
    case ("status", "Deployment"): .excluding("spec", "metadata.labels")
    case ("status", _): .excluding("spec")
    case ("ephemeralcontainers", _):
      .including([[.field("spec"), .field("ephemeralContainers")]])
    default: .excluding("status")
    }
  }

  // MARK: - Scale

  private func scale(_ request: Value, _ manager: String) throws(ApplyRefusal) {
    guard let object else { return }
    let known = (try? ManagedFields(object["metadata"]?["managedFields"])) ?? ManagedFields()
    let ownership = ScaleOwnership(parent: known, apiVersion: kind.gvk.apiVersion)
    var old = scaleObject(object["spec"]?["replicas"] ?? 0)
    old.change(["metadata"]) { $0["managedFields"] = ownership.scale().value }
    let empty: Value = [
      "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": [:], "spec": [:],
      "status": ["replicas": 0],
    ]
    let fields = FieldManager(
      apiVersion: "autoscaling/v1", kind: "Scale", subresource: "scale", empty: empty,
      types: types)
    let replicas = request["replicas"] ?? .null
    var new: Value
    switch request["how"] {
    case "apply"?, "apply-force"?:
      let config: Value = [
        "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": ["name": "obj"],
        "spec": ["replicas": replicas],
      ]
      new = try fields.apply(
        config, to: old, manager: manager, force: request["how"] == "apply-force", time: time)
    default:
      new = fields.update(scaleObject(replicas), over: old, manager: manager, time: time)
    }
    let scale = (try? ManagedFields(new["metadata"]?["managedFields"])) ?? ManagedFields()
    var parent = object
    parent["spec"]?["replicas"] = new["spec"]?["replicas"] ?? 0
    parent.change(["metadata"]) { $0["managedFields"] = ownership.parent(after: scale).value }
    store(complete(parent), "", managed: parent)
  }

  private func scaleObject(_ replicas: Value) -> Value {
    var spec = ValueMap()
    if replicas != 0 { spec["replicas"] = replicas }
    return [
      "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": ["name": "obj"],
      "spec": .map(spec), "status": ["replicas": 0, "selector": "app=x"],
    ]
  }
}

/// A change to one part of an object, as recorded: a path and a value.
private struct Edit {
  private let path: [Value]
  private let value: Value

  init(_ edit: Value) {
    value = edit[1] ?? .null
    switch edit[0] {
    case .string(let text)?: path = text.split(separator: ".").map { .string(String($0)) }
    case .list(let tokens)?: path = tokens
    default: path = []
    }
  }

  func apply(to object: inout Value) { apply(path[...], to: &object) }

  private func apply(_ path: ArraySlice<Value>, to part: inout Value) {
    guard let token = path.first else { return }
    let rest = path.dropFirst()
    switch token {
    case .string(let name):
      if rest.isEmpty {
        part[name] = value == "<remove>" ? Optional.none : value
        return
      }
      var inner = part[name] ?? .emptyMap
      apply(rest, to: &inner)
      part[name] = inner
    case .int(let number):
      guard case .list(let items) = part, items.indices.contains(Int(number)) else { return }
      change(item: Int(number), of: &part, rest)
    case .map(let keys):
      let items = part.list ?? []
      let position = items.firstIndex { item in
        keys.entries.allSatisfy { item[$0.key] == $0.value }
      }
      if let position { return change(item: position, of: &part, rest) }
      if value == "<remove>" { return }
      part = .list(items + [.map(keys)])
      change(item: items.count, of: &part, rest)
    default: break
    }
  }

  private func change(item position: Int, of list: inout Value, _ rest: ArraySlice<Value>) {
    guard case .list(var items) = list else { return }
    if !rest.isEmpty {
      apply(rest, to: &items[position])
    } else if value == "<remove>" {
      items.remove(at: position)
    } else {
      items[position] = value
    }
    list = .list(items)
  }
}
