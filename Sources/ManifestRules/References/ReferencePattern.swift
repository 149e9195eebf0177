import ManifestSchema
import ManifestSyntax

/// A place in objects of a kind where the name of another object stands.
///
/// The path is written as in `spec.tls[].secretName`; `[]` stands for every item of a list. With
/// `{}` at its end it leads to an object that names kind and name itself.
struct ReferencePattern: Sendable {
  /// How the other object's namespace is found.
  enum Place: Sendable {
    /// It is the namespace of the object that mentions.
    case same
    /// The other belongs to the whole cluster.
    case cluster
    /// It stands beside the name, under `namespace`.
    case written
  }

  /// One step of the way.
  enum Step: Sendable {
    case field(String)
    case items
  }

  var steps: [Step]
  /// The kind and group of the other; nil where the place itself says so.
  var kind: String?
  var group: String
  var place: Place
  var role: Reference.Role
  /// Whether the object never minds the other missing; else `optional` beside the name decides.
  var isOptional: Bool

  init(
    _ path: String, _ kind: String?, group: String = "", _ place: Place = .same,
    role: Reference.Role = .need, isOptional: Bool = false
  ) {
    steps = path.split(separator: ".").flatMap { part -> [Step] in
      part.hasSuffix("[]") ? [.field(String(part.dropLast(2))), .items] : [.field(String(part))]
    }
    self.kind = kind
    self.group = group
    self.place = place
    self.role = role
    self.isOptional = isOptional
  }
}

/// Follows patterns through one object and collects what they lead to.
struct ReferenceCollector {
  /// The namespace of the object that mentions; nil where it belongs to the whole cluster.
  let namespace: String?
  private(set) var found: [Reference] = []

  init(namespace: String?) { self.namespace = namespace }

  mutating func add(_ reference: Reference) { found.append(reference) }

  /// Everything that `patterns` lead to from `node`, which is at `path`.
  mutating func collect(_ patterns: [ReferencePattern], in node: NodeRef, at path: FieldPath) {
    for pattern in patterns {
      follow(pattern, pattern.steps[...], node, parent: node, path.steps)
    }
  }

  private mutating func follow(
    _ pattern: ReferencePattern, _ steps: ArraySlice<ReferencePattern.Step>, _ node: NodeRef,
    parent: NodeRef, _ path: [FieldPath.Step]
  ) {
    guard let step = steps.first else { return arrive(pattern, node, parent: parent, path) }
    switch step {
    case .field(let name):
      guard let next = node[name] else { return }
      follow(pattern, steps.dropFirst(), next, parent: node, path + [.field(name)])
    case .items:
      for (position, item) in node.items.enumerated() {
        follow(pattern, steps.dropFirst(), item, parent: node, path + [.index(position)])
      }
    }
  }

  private mutating func arrive(
    _ pattern: ReferencePattern, _ node: NodeRef, parent: NodeRef, _ path: [FieldPath.Step]
  ) {
    guard let kind = pattern.kind else { return arriveAtObject(pattern, node, path) }
    guard let name = node.string, !name.isEmpty else { return }
    let space: String? =
      switch pattern.place {
      case .same: namespace
      case .cluster: nil
      case .written: parent["namespace"]?.string ?? namespace
      }
    found.append(
      Reference(
        path: FieldPath(path),
        target: .object(
          ObjectName(group: pattern.group, kind: kind, namespace: space, name: name)),
        role: pattern.role, isOptional: pattern.isOptional || parent["optional"]?.bool == true,
        key: parent["key"]?.string))
  }

  /// An object that names group, kind and name, in one of the ways in which the API does.
  private mutating func arriveAtObject(
    _ pattern: ReferencePattern, _ node: NodeRef, _ path: [FieldPath.Step]
  ) {
    guard let kind = node["kind"]?.string, let name = node["name"]?.string, !name.isEmpty else {
      return
    }
    var group = node["apiGroup"]?.string ?? ""
    if let version = node["apiVersion"]?.string {
      group = GroupVersionKind(apiVersion: version, kind: kind).group
    }
    // Subjects that are people: no objects.
    if group == "rbac.authorization.k8s.io", ["User", "Group"].contains(kind) { return }
    var space = pattern.place == .written ? node["namespace"]?.string ?? namespace : namespace
    if pattern.place == .cluster || References.isClusterWide(kind, group: group) { space = nil }
    found.append(
      Reference(
        path: FieldPath(path + [.field("name")]),
        target: .object(ObjectName(group: group, kind: kind, namespace: space, name: name)),
        role: pattern.role, isOptional: pattern.isOptional))
  }
}
