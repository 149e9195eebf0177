import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Names and namespaces of objects.
enum ObjectNames: ObjectRules {
  static let title = "Names and namespaces"

  /// How many bytes of a prefix a generated name keeps, and what stands for its random end.
  static let generatedPrefixMax = 58
  private static let randomEnd = "xxxxx"
  /// A CronJob's Jobs get eleven more characters than it has, and they are labels of pods.
  private static let cronJobNameMax = 52

  /// The name that the object will have: its own, or one made from its prefix.
  ///
  /// Empty where it has neither.
  static func finalName(of metadata: ObjectMeta) -> String {
    if let name = metadata.name, !name.isEmpty { return name }
    guard let prefix = metadata.generateName, !prefix.isEmpty else { return "" }
    return String(decoding: prefix.utf8.prefix(generatedPrefixMax), as: UTF8.self) + randomEnd
  }

  private static let unusual = KeySketch(ofKeys: ["generateName", "generation"])

  static func check(_ object: ObjectSubject, into report: inout Report) {
    let metadata = object.metadata
    if !object.keys.mayMeet(unusual), isPlain(metadata) { return }
    let grammar = ObjectNameGrammar(object.gvk, report.version)
    checkPrefix(metadata, grammar, object, into: &report)
    checkName(metadata, grammar, object, into: &report)
    if let namespace = metadata.namespace, !namespace.isEmpty, isNamespaced(object.gvk) {
      LabelChecks.refuse(
        "META-06", NameFormat.dnsLabel(namespace), of: namespace, as: "the name of a namespace",
        at: object.node, "metadata.namespace", into: &report)
    }
    // Most kinds have the number set by the server before anything looks at it.
    if let generation = metadata.generation, generation < 0, keepsGeneration(object.gvk) {
      report.error(
        "META-24", .invalid, at: object.node, "metadata.generation",
        "'\(generation)' is below 0; the cluster counts an object's changes itself",
        help: "remove 'generation'")
    }
  }

  /// Whether the names are there and as every kind takes them: nearly always so, and told from the
  /// bytes that are there.
  private static func isPlain(_ metadata: ObjectMeta) -> Bool {
    guard let (tree, node) = metadata.node.treeNode, let name = tree.text(node, .name),
      name.count <= cronJobNameMax, NameFormat.isPlain(name)
    else { return false }
    guard let namespace = tree.value(node, .namespace) else { return true }
    return tree.kind(namespace) == .string && NameFormat.isPlain(tree.bytes(namespace))
  }

  private static func checkPrefix(
    _ metadata: ObjectMeta, _ grammar: ObjectNameGrammar, _ object: ObjectSubject,
    into report: inout Report
  ) {
    guard let prefix = metadata.generateName, !prefix.isEmpty else { return }
    let masked = NameFormat.maskingTrailingHyphen(prefix)
    LabelChecks.refuse(
      "META-05", grammar.problems(masked), of: prefix, as: "the beginning of \(grammar.rawValue)",
      at: object.node, "metadata.generateName", help: lowered(prefix, grammar), into: &report)
  }

  private static func checkName(
    _ metadata: ObjectMeta, _ grammar: ObjectNameGrammar, _ object: ObjectSubject,
    into report: inout Report
  ) {
    let name = finalName(of: metadata)
    if name.isEmpty {
      if isQuestion(object.gvk) { return }
      report.error(
        "META-01", .required, at: object.node, "metadata.name",
        "the \(object.gvk.kind) has no name, and no 'generateName' to make one from",
        help: "add 'name' under 'metadata'")
      return
    }
    let isGenerated = metadata.name?.isEmpty ?? true
    // What is wrong with a generated name is its prefix's fault, though the server names both.
    let code = isGenerated ? "META-05" : code(grammar)
    LabelChecks.refuse(
      code, grammar.problems(name), of: name, as: "the name of a \(object.gvk.kind)",
      at: object.node, "metadata.name", help: lowered(name, grammar), into: &report)
    if object.gvk.kind == "CronJob", name.utf8.count > cronJobNameMax {
      report.error(
        "META-02", .invalid, at: object.node, "metadata.name",
        "a CronJob's name has at most \(cronJobNameMax) bytes, since its Jobs' names are longer; "
          + "\(PodFieldChecks.quoted(name)) has \(name.utf8.count)",
        help: "shorten the name")
    }
  }

  /// The kinds that are answered and never stored, so that they need no name.
  private static func isQuestion(_ kind: GroupVersionKind) -> Bool {
    ["authentication.k8s.io", "authorization.k8s.io"].contains(kind.group)
      && kind.kind.hasSuffix("Review")
  }

  private static func code(_ grammar: ObjectNameGrammar) -> String {
    switch grammar {
    case .dnsSubdomain: "META-02"
    case .dnsLabel, .dns1035Label: "META-03"
    case .pathSegment: "META-04"
    }
  }

  /// A name of lower-case letters and hyphens that the grammar takes, as a help text.
  private static func lowered(_ name: String, _ grammar: ObjectNameGrammar) -> String? {
    let text = String(name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
    let plain = text.hasSuffix("-") ? String(text.dropLast()) : text
    return grammar.problems(plain).isEmpty ? "write '\(text)', for instance" : nil
  }

  /// The kinds for which the server removes a namespace instead of looking at it.
  private static func isNamespaced(_ kind: GroupVersionKind) -> Bool {
    switch kind.kind {
    case "Namespace", "Node", "PersistentVolume", "StorageClass", "PriorityClass", "IngressClass",
      "RuntimeClass", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition":
      false
    default: true
    }
  }

  private static func keepsGeneration(_ kind: GroupVersionKind) -> Bool {
    kind.group.isEmpty && ["Service", "ConfigMap", "Secret", "ServiceAccount"].contains(kind.kind)
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "META-01", "an object has a name, or a prefix to make one from",
      bad: "metadata = {labels: {app: web}}", "metadata.name = ''",
      good: "metadata = {generateName: web-}"),
    RuleDescription(
      "META-02", "a name is a DNS name: lower-case letters, digits, '-' and '.'",
      bad: "metadata.name = Web", "metadata.name = web_1", "metadata.name = -web",
      good: "metadata.name = web.1-a", "metadata.name = \(String(repeating: "a", count: 253))"),
    RuleDescription(
      "META-03", "the name of a Service, a StatefulSet or a Namespace is a DNS label", on: .service,
      bad: "metadata.name = web.internal", "metadata.name = \(String(repeating: "a", count: 64))",
      good: "metadata.name = 1st-web"),
    .untestable(
      "META-04", "a name of any kind is no '.' or '..' and has no '/' or '%'",
      because: "the kinds that examples are made of have stricter names"),
    RuleDescription(
      "META-05", "the prefix of a generated name is the beginning of a name",
      bad: "metadata = {generateName: Web-}", "metadata = {generateName: 'web '}",
      good: "metadata = {generateName: web-}"),
    RuleDescription(
      "META-06", "a namespace is named by a DNS label",
      bad: "metadata.namespace = my.shop", "metadata.namespace = Shop",
      good: "metadata.namespace = shop-1"),
    RuleDescription(
      "META-24", "a generation is not below 0", on: .service,
      bad: "metadata.generation = -1", good: "metadata.generation = 3"),
  ]
}
