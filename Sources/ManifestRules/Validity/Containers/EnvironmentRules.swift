import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The environment variables of containers.
enum EnvironmentRules: PodRules {
  static let title = "Environment variables"
  static let needs = ["env", "envFrom"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    var volumes: DeclaredVolumes?
    for placed in pod.containers {
      for variable in placed.container.env {
        checkName(variable, into: &report)
        guard let source = variable.valueFrom else { continue }
        checkSources(source, of: variable, into: &report)
        if source.fileKeyRef != nil, report.version.hasFileVariables {
          let declared = volumes ?? DeclaredVolumes(withMistakesOf: pod)
          volumes = declared
          checkFile(source, declared, into: &report)
        }
      }
      for (index, source) in placed.container.envFrom.enumerated() {
        checkBulk(source, index, in: placed.container, into: &report)
      }
    }
  }

  /// Reports a name that no variable (or prefix of variables) may have in this version.
  private static func checkVariable(
    _ code: String, _ name: String, as what: String, at node: NodeRef,
    _ part: @autoclosure () -> FieldPath, into report: inout Report
  ) {
    // Until 1.31 only the names that shells take were allowed.
    let problems =
      report.version.minor >= 32
      ? KeyFormat.environmentVariable(name) : KeyFormat.strictEnvironmentVariable(name)
    PodFieldChecks.format(code, problems, of: name, as: what, at: node, part(), into: &report)
  }

  /// Whether every version and every shell takes the name: nearly always, so it is told from the
  /// bytes that are there.
  private static func hasPlainName(_ variable: EnvVar) -> Bool {
    guard let (tree, node) = variable.node.treeNode, let name = tree.text(node, .name),
      let first = name.first, first < UInt8(ascii: "0") || first > UInt8(ascii: "9")
    else { return false }
    return name.allSatisfy { byte in
      (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
        || byte == UInt8(ascii: "_")
    }
  }

  private static func checkName(_ variable: EnvVar, into report: inout Report) {
    if hasPlainName(variable) { return }
    guard let name = variable.name, !name.isEmpty else {
      return PodFieldChecks.missing(
        "ENV-01", at: variable.node, "name", "a variable is set by its name", into: &report)
    }
    checkVariable("ENV-02", name, as: "a variable's name", at: variable.node, "name", into: &report)
  }

  private static func checkSources(
    _ source: EnvVarSource, of variable: EnvVar, into report: inout Report
  ) {
    var count = 0
    if let field = source.fieldRef {
      count += 1
      FieldReferenceChecks.check(field, into: &report)
    }
    if let resource = source.resourceFieldRef {
      count += 1
      checkResource(resource, into: &report)
    }
    if let key = source.configMapKeyRef {
      count += 1
      checkKey(key.node, key.name, key.key, of: "ConfigMap", "ENV-12", "ENV-13", into: &report)
    }
    if let key = source.secretKeyRef {
      count += 1
      checkKey(key.node, key.name, key.key, of: "Secret", "ENV-14", "ENV-15", into: &report)
    }
    if source.fileKeyRef != nil, report.version.hasFileVariables { count += 1 }
    let hasValue = !(variable.value ?? "").isEmpty
    if count == 0 {
      report.error(
        "ENV-03", .invalid, at: variable.node, "valueFrom",
        "'valueFrom' names no source, so the variable would have no value",
        help: "give one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef")
    } else if hasValue {
      report.error(
        "ENV-04", .invalid, at: variable.node, "valueFrom",
        "the variable has a 'value' as well as 'valueFrom', and only one of them can count",
        help: "remove 'value' or 'valueFrom'")
    } else if count > 1 {
      report.error(
        "ENV-05", .invalid, at: variable.node, "valueFrom",
        "'valueFrom' names \(count) sources, and a variable has one value", help: "keep one of them"
      )
    }
  }

  private static func checkResource(_ field: ResourceFieldSelector, into report: inout Report) {
    let resource = field.resource ?? ""
    if resource.isEmpty {
      PodFieldChecks.missing(
        "ENV-10", at: field.node, "resource", "it says which amount is meant",
        help: "add something like 'resource: limits.cpu'", into: &report)
    } else if !ResourceFields.isKnown(resource) {
      report.error(
        "ENV-10", .notSupported, at: field.node, "resource",
        "\(PodFieldChecks.quoted(resource)) is no amount that a variable can hold",
        help: "write 'limits.' or 'requests.' and cpu, memory, ephemeral-storage or hugepages-SIZE")
    }
    guard let divisor = field.divisor, !ResourceFields.allows(divisor, for: resource) else {
      return
    }
    report.error(
      "ENV-11", .invalid, at: field.node, "divisor",
      "'\(resource)' cannot be divided by '\(divisor)'",
      help: resource.hasSuffix(".cpu")
        ? "write '1' or '1m'" : "write '1', or 1 with a suffix: k M G T P E Ki Mi Gi Ti Pi Ei")
  }

  private static func checkKey(
    _ node: NodeRef, _ name: String?, _ key: String?, of kind: String, _ nameCode: String,
    _ keyCode: String, into report: inout Report
  ) {
    PodFieldChecks.format(
      nameCode, NameFormat.dnsSubdomain(name ?? ""), of: name ?? "", as: "the name of a \(kind)",
      at: node, "name", into: &report)
    guard let key, !key.isEmpty else {
      return PodFieldChecks.missing(
        keyCode, at: node, "key", "it says which entry of the \(kind) holds the value",
        into: &report)
    }
    PodFieldChecks.format(
      keyCode, KeyFormat.configKey(key), of: key, as: "a key of a \(kind)", at: node, "key",
      into: &report)
  }

  private static func checkFile(
    _ source: EnvVarSource, _ volumes: DeclaredVolumes, into report: inout Report
  ) {
    guard let file = source.fileKeyRef else { return }
    if let key = file.key, !key.isEmpty {
      checkVariable("ENV-16", key, as: "a variable's name", at: file.node, "key", into: &report)
    } else {
      PodFieldChecks.missing(
        "ENV-16", at: file.node, "key", "it says which variable of the file is meant", into: &report
      )
    }
    let volume = file.volumeName ?? ""
    if volume.isEmpty {
      PodFieldChecks.missing(
        "ENV-17", at: file.node, "volumeName", "it says which volume holds the file", into: &report)
    } else {
      PodFieldChecks.format(
        "ENV-17", NameFormat.dnsLabel(volume), of: volume, as: "a volume's name", at: file.node,
        "volumeName", into: &report)
    }
    if let path = file.path, !path.isEmpty {
      PodFieldChecks.format(
        "ENV-18", FileFormat.withoutBacksteps(path), of: path, as: "a path in a volume",
        at: file.node,
        "path", into: &report)
    } else {
      PodFieldChecks.missing(
        "ENV-18", at: file.node, "path", "it says where in the volume the file is", into: &report)
    }
    guard let declared = volumes[volume] else {
      return report.error(
        "ENV-19", .notFound, at: file.node, "volumeName",
        "the pod has no volume \(PodFieldChecks.quoted(volume))", help: volumes.hint)
    }
    if declared.emptyDir == nil {
      report.error(
        "ENV-20", .invalid, at: file.node, "volumeName",
        "the volume '\(volume)' is no emptyDir, and variables are read from those alone",
        help: "make the volume an emptyDir that an init container fills")
    }
  }

  private static func checkBulk(
    _ source: EnvFromSource, _ index: Int, in container: Container, into report: inout Report
  ) {
    if let prefix = source.prefix, !prefix.isEmpty {
      checkVariable(
        "ENF-01", prefix, as: "a prefix of variables' names", at: source.node, "prefix",
        into: &report)
    }
    let configMap = source.configMapRef
    let secret = source.secretRef
    if let configMap {
      checkBulkName("ENF-03", configMap.name, at: configMap.node, "ConfigMap", into: &report)
    }
    if let secret { checkBulkName("ENF-04", secret.name, at: secret.node, "Secret", into: &report) }
    guard (configMap == nil) == (secret == nil) else { return }
    report.error(
      "ENF-02", .invalid, at: container.node, FieldPath("envFrom").index(index),
      configMap == nil
        ? "an item of 'envFrom' names nothing to take variables from"
        : "an item of 'envFrom' names a ConfigMap and a Secret, and it can hold one",
      help: configMap == nil ? "add 'configMapRef' or 'secretRef'" : "make two items of it",
      server: "envFrom")
  }

  private static func checkBulkName(
    _ code: String, _ name: String?, at node: NodeRef, _ kind: String, into report: inout Report
  ) {
    guard let name, !name.isEmpty else {
      return PodFieldChecks.missing(
        code, at: node, "name", "it says which \(kind) holds the variables", into: &report)
    }
    PodFieldChecks.format(
      code, NameFormat.dnsSubdomain(NameFormat.maskingTrailingHyphen(name)), of: name,
      as: "the name of a \(kind)", at: node, "name", into: &report)
  }
}

extension KubernetesVersion {
  /// Whether variables can be read from files of a volume.
  var hasFileVariables: Bool { minor >= 35 }
}
