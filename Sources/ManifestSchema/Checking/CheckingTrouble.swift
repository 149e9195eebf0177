import ManifestSyntax

extension SchemaChecker {
  mutating func add(
    _ node: NodeID, _ code: String, _ reason: Diagnostic.Reason, _ message: String,
    help: String? = nil, notes: [String] = [], anchor: Diagnostic.Anchor = .value,
    fixes: [FixIt] = []
  ) {
    if reason == .typeInvalid { hasTypeErrors = true }
    let diagnostic = Diagnostic(
      code, .error, reason, at: tree.path(to: node), message, help: help, notes: notes,
      anchor: anchor, span: tree.span(of: .root, from: node, at: anchor), fixes: fixes)
    diagnostics.append(diagnostic)
  }

  mutating func notePlaceholder(_ node: NodeID) {
    if placeholder == nil { placeholder = node }
  }

  // MARK: - Wrong types

  mutating func wrongType(_ node: NodeID, expected: String, code: String) {
    if mode.allowsPlaceholders, tree.isPlaceholder(node) { return notePlaceholder(node) }
    let text = tree.string(node)
    let isQuoted = tree.style(node) == .singleQuoted || tree.style(node) == .doubleQuoted
    var help: String?
    var notes: [String] = []
    var fixes: [FixIt] = []
    switch (code, tree.kind(node)) {
    case ("DEC-08", .bool), ("DEC-08", .int), ("DEC-08", .float):
      help = "quote it: \"\(text)\""
      let span = tree.span(node)
      fixes = [
        FixIt("quote the value", safety: .safe, edits: [.replace(span, with: "\"\(text)\"")])
      ]
      if tree.kind(node) == .bool, text.lowercased() != "true", text.lowercased() != "false" {
        notes = ["unquoted, YAML 1.1 reads '\(text)' as \(tree.bool(node) == true)"]
      }
    case ("DEC-09", .string), ("DEC-13", .string):
      let wanted = code == "DEC-09" ? NodeKind.int : .bool
      if isQuoted || tree.style(node) == .json, kind(ofPlain: text) == wanted {
        help = "remove the quotes: \(text)"
        fixes = [
          FixIt("remove the quotes", safety: .safe, edits: [.replace(tree.span(node), with: text)])
        ]
      }
    case ("DEC-08", .mapping), ("DEC-08", .sequence):
      help =
        tree.kind(node) == .sequence ? "write one value here, not a list" : "write one value here"
    default: break
    }
    add(
      node, code, .typeInvalid, "expected \(expected), found \(found(node))", help: help,
      notes: notes, fixes: fixes)
  }

  private func kind(ofPlain text: String) -> NodeKind {
    var text = text
    return text.withUTF8 {
      switch ScalarResolution.kind(ofPlain: UnsafeRawBufferPointer($0)) {
      case .int: .int
      case .bool: .bool
      case .null: .null
      case .float: .float
      case .string: .string
      }
    }
  }

  /// What stands at `node`, in words.
  func found(_ node: NodeID) -> String {
    switch tree.kind(node) {
    case .string: "the string \(tree.string(node).quoted)"
    case .null, .alias: "null"
    case .bool: "the truth value '\(tree.string(node))'"
    case .int, .float: "the number \(tree.string(node).quoted)"
    case .mapping: "a mapping"
    case .sequence: "a list"
    }
  }

  mutating func checkNoMapping(_ node: NodeID, _ expected: String) {
    if tree.kind(node) == .null { return }
    if mode.allowsPlaceholders, tree.isPlaceholder(node) { return notePlaceholder(node) }
    var help: String?
    if tree.kind(node) == .sequence {
      help = "write `key: value` lines here, without '- '"
    } else if tree.kind(node) == .string, let colon = tree.string(node).firstIndex(of: ":") {
      let text = tree.string(node)
      help = "put a space after the colon: '\(text[...colon]) \(text[text.index(after: colon)...])'"
    }
    add(node, "DEC-15", .typeInvalid, "expected \(expected), found \(found(node))", help: help)
  }

  mutating func checkNoList(_ node: NodeID, of element: FieldType) {
    if tree.kind(node) == .null { return }
    if mode.allowsPlaceholders, tree.isPlaceholder(node) { return notePlaceholder(node) }
    let help: String
    if tree.kind(node) == .mapping {
      help = "begin each item with '- '"
    } else {
      help = "write a list: ['\(tree.string(node))']"
    }
    add(node, "DEC-14", .typeInvalid, "expected a list, found \(found(node))", help: help)
  }

  // MARK: - Fields

  /// A key that the type has no field for.
  mutating func unnamed(_ key: NodeID, _ value: NodeID, of type: TypeID) {
    if let others = schema.unnamedFields(of: type) { return check(value, as: others, named: key) }
    if isDirective(key) || mode.allowsPlaceholders && tree.isPlaceholder(key) { return }
    let name = tree.string(key)
    let path = tree.path(to: value).parent.field(name)
    let known = schema.type(type).fields(in: schema.version).map(\.name)
    let near =
      known.first { $0.lowercased() == name.lowercased() }
      ?? EditDistance.nearest(to: name, in: known)
    var fixes: [FixIt] = []
    if let near, tree.value(tree.parent(of: value), near) == nil {
      fixes = [FixIt("rename to '\(near)'", safety: .safe, edits: [.rename(path, to: near)])]
    }
    let typeName = schema.type(type).name
    var help = near.map { "did you mean '\($0)'?" }
    if help == nil, let place = Self.usualPlace(of: name, in: typeName) { help = place }
    add(
      value, near == name.lowercased() ? "DEC-04" : "DEC-05", .unknownField,
      "\(typeName) has no field '\(name)'",
      help: help ?? "remove it, or move it to where it belongs",
      anchor: .key, fixes: fixes)
    diagnostics[diagnostics.count - 1].span = tree.span(key)
    // The server joins unknown names by dots, whatever is in them, and escapes what does not print.
    diagnostics[diagnostics.count - 1].path = path
    if name.utf8.contains(where: { $0 < 32 }) {
      diagnostics[diagnostics.count - 1].serverField = path.description.escapingControls
    }
  }

  /// Fields that people often write one level too high or too low.
  private static func usualPlace(of name: String, in type: String) -> String? {
    let places: [String: [String: String]] = [
      "containers": [
        "DeploymentSpec": "spec.template.spec", "ReplicaSetSpec": "spec.template.spec",
        "StatefulSetSpec": "spec.template.spec", "DaemonSetSpec": "spec.template.spec",
        "JobSpec": "spec.template.spec", "Deployment": "spec.template.spec", "Pod": "spec",
      ],
      "replicas": [
        "Deployment": "spec", "ReplicaSet": "spec", "StatefulSet": "spec",
        "PodSpec": "the workload's spec",
      ],
      "labels": [
        "Deployment": "metadata", "Pod": "metadata", "Service": "metadata",
        "PodTemplateSpec": "metadata",
      ],
      "name": ["Deployment": "metadata", "Pod": "metadata", "Service": "metadata"],
      "resources": ["PodTemplateSpec": "each container"],
      "env": ["PodSpec": "each container"], "ports": ["PodSpec": "each container"],
      "image": ["PodSpec": "each container"], "command": ["PodSpec": "each container"],
      "volumes": ["Container": "the pod's spec", "PodTemplateSpec": "spec"],
      "restartPolicy": ["PodTemplateSpec": "spec"],
    ]
    return places[name]?[type].map { "'\(name)' belongs in \($0): check the indentation" }
  }

  /// A field that another version of Kubernetes has.
  mutating func unavailable(_ key: NodeID, _ index: FieldIndex, of type: TypeID) {
    let name = tree.string(key)
    let variants = schema.type(type).fields.filter { $0.name == name }
    let since = variants.compactMap(\.availability.since).min()
    let until = variants.compactMap(\.availability.until).max()
    var message = "\(schema.type(type).name) has no field '\(name)' in Kubernetes \(schema.version)"
    var help = "remove it"
    if let since, schema.version < since {
      message += ": it came in \(since)"
      help = "remove it, or target Kubernetes \(since) or later"
    } else if let until, schema.version > until {
      message += ": it was last in \(until)"
    }
    add(key, "DEC-05", .unknownField, message, help: help, anchor: .key)
  }

  /// Required fields that are not there.
  mutating func missing(in node: NodeID, _ type: TypeID, _ seen: UInt64) {
    let path = tree.path(to: node)
    if path.steps.first == .field("status") { return }
    for number in 0..<schema.requiredCount(of: type) where seen & (1 << UInt64(number & 63)) == 0 {
      let field = schema.field(schema.requiredField(of: type, at: number), of: type)
      let typeName = schema.type(type).name
      if ToleratedAbsence.fields.contains("\(typeName).\(field.name)") { continue }
      diagnostics.append(
        Diagnostic(
          "SCH-01", .error, .required, at: path.field(field.name),
          "\(typeName) needs the field '\(field.name)'", help: "add '\(field.name)'", anchor: .key,
          span: tree.span(of: .root, from: node, at: .key)))
    }
  }
}

extension String {
  /// Control characters as Go's quoted strings show them.
  fileprivate var escapingControls: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

/// Fields that the published schema calls required and the server does without: their zero value is
/// as good as any.
enum ToleratedAbsence {
  static let fields: Set<String> = [
    "ClusterRole.rules", "Role.rules", "RoleRef.apiGroup", "ISCSIPersistentVolumeSource.lun",
    "StatefulSetSpec.serviceName", "EndpointSlice.endpoints",
    "LimitRangeSpec.limits", "NetworkPolicySpec.podSelector", "NetworkPolicy.spec",
    "PriorityClass.value", "CSINodeSpec.drivers", "ControllerRevision.revision",
    "CustomResourceDefinitionVersion.served", "CustomResourceDefinitionVersion.storage",
    "Event.involvedObject", "Event.metadata", "ResourceClaimSpec.devices",
    "ResourceClaimTemplateSpec.spec", "DeviceClass.spec",
    "EphemeralVolumeSource.volumeClaimTemplate", "ComponentStatus.conditions", "CSINode.spec",
    "IngressClass.spec", "StorageVersion.spec", "StorageVersion.status", "CSIDriver.spec",
    "ObjectReference.kind", "PodTemplate.template", "APIService.spec",
    "CSIStorageCapacity.metadata",
    "SelfSubjectAccessReview.spec", "SubjectAccessReview.spec", "TokenReview.spec",
    "LocalSubjectAccessReview.spec", "SelfSubjectRulesReview.spec", "TokenRequest.spec",
    "TokenRequestSpec.audiences", "Binding.target", "PodFailurePolicy.rules",
    "ScaleIOPersistentVolumeSource.secretRef",
  ]
}
