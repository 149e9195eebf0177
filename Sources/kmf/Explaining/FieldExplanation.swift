import ManifestSchema
import ManifestSyntax

/// What `kmf explain` says about a field or an object, as text and as JSON.
struct FieldExplanation {
  let search: FieldSearch
  let found: FieldSearch.Found

  private var path: String { ([found.kind.gvk.kind] + found.names).joined(separator: ".") }

  // MARK: - Text

  var text: String {
    var lines = ["\(path)  (\(found.kind.gvk.apiVersion))", ""]
    var facts = TextTable(header: ["type", typeWords])
    for (name, value) in found.field.map(facts(of:)) ?? kindFacts { facts.add([name, value]) }
    lines.append(facts.text(indentation: "  "))
    if let type = found.inside { lines += listing(of: type) }
    return lines.joined(separator: "\n")
  }

  private var typeWords: String {
    found.field.map { search.words($0.type) } ?? found.owner.name
  }

  private var kindFacts: [(String, String)] {
    let kind = found.kind
    var facts = [("name", kind.plural), ("scope", kind.isNamespaced ? "namespaced" : "cluster")]
    if !kind.shortNames.isEmpty { facts.append(("short", kind.shortNames.joined(separator: ", "))) }
    if !kind.subresources.isEmpty {
      facts.append(("subresources", kind.subresources.joined(separator: ", ")))
    }
    facts.append(("versions", kind.availability.words))
    return facts
  }

  private func facts(of field: Field) -> [(String, String)] {
    var facts = [("required", field.isRequired ? "yes" : "no")]
    if let word = field.defaultWord { facts.append(("default", DefaultWords.text(word))) }
    if !field.enumValues.isEmpty {
      facts.append(("values", field.enumValues.joined(separator: ", ")))
    }
    switch (field.min, field.max) {
    case (let min?, let max?): facts.append(("range", "\(min) to \(max)"))
    case (let min?, nil): facts.append(("range", "at least \(min)"))
    case (nil, let max?): facts.append(("range", "at most \(max)"))
    case (nil, nil): break
    }
    if let list = listWords(field) { facts.append(("items", list)) }
    if field.patchStrategy.contains(.merge) {
      let key = field.patchMergeKey.map { " by \($0)" } ?? ""
      facts.append(("patches", "merge items\(key)"))
    }
    if field.isImmutable { facts.append(("updates", "cannot change once set")) }
    facts.append(("versions", versionWords))
    return facts
  }

  private func listWords(_ field: Field) -> String? {
    switch field.listType {
    case .map: "told apart by \(field.listKeys.joined(separator: ", "))"
    case .set: "each value once"
    case .atomic: "replaced as a whole"
    case nil: nil
    }
  }

  /// When the field exists at all, over all its variants.
  private var versionWords: String {
    guard let name = found.field?.name else { return Availability().words }
    return FieldSearch.availability(of: name, in: found.variants).words
  }

  private func listing(of type: ObjectType) -> [String] {
    let fields = search.fields(of: type)
    guard !fields.isEmpty else { return [] }
    var table = TextTable(header: ["FIELD", "TYPE", "REMARKS"])
    for field in fields {
      var remarks: [String] = []
      let availability = FieldSearch.availability(of: field.name, in: type.fields)
      if field.isRequired {
        // Newer versions may ask for what older ones did without.
        let since = field.availability.since.flatMap { $0 == availability.since ? nil : $0 }
        remarks.append("required" + (since.map { " since \($0)" } ?? ""))
      }
      if let word = field.defaultWord { remarks.append("default \(DefaultWords.text(word))") }
      if !field.enumValues.isEmpty { remarks.append(field.enumValues.joined(separator: "|")) }
      if availability != Availability() { remarks.append(availability.words) }
      table.add([field.name, search.words(field.type), remarks.joined(separator: ", ")])
    }
    return ["", table.text(indentation: "  ")]
  }

  // MARK: - JSON

  var value: Value {
    var value: Value = [
      "path": .string(path),
      "apiVersion": .string(found.kind.gvk.apiVersion),
      "kind": .string(found.kind.gvk.kind),
    ]
    if let field = found.field {
      value["field"] = entry(field, among: found.variants)
    } else {
      value["plural"] = .string(found.kind.plural)
      value["namespaced"] = .bool(found.kind.isNamespaced)
      value["shortNames"] = .list(found.kind.shortNames.map(Value.string))
    }
    if let type = found.inside {
      value["type"] = .string(type.name)
      value["fields"] = .list(search.fields(of: type).map { entry($0, among: type.fields) })
    }
    return value
  }

  private func entry(_ field: Field, among fields: [Field]) -> Value {
    let availability = FieldSearch.availability(of: field.name, in: fields)
    var entry: Value = [
      "name": .string(field.name),
      "type": .string(search.words(field.type)),
      "required": .bool(field.isRequired),
    ]
    if let word = field.defaultWord { entry["default"] = .string(DefaultWords.text(word)) }
    if !field.enumValues.isEmpty { entry["enum"] = .list(field.enumValues.map(Value.string)) }
    if let min = field.min { entry["minimum"] = .int(min) }
    if let max = field.max { entry["maximum"] = .int(max) }
    if field.listType == .map { entry["listKeys"] = .list(field.listKeys.map(Value.string)) }
    if let key = field.patchMergeKey { entry["patchMergeKey"] = .string(key) }
    if field.isImmutable { entry["immutable"] = true }
    if let since = availability.since { entry["since"] = .string(since.description) }
    if let until = availability.until { entry["until"] = .string(until.description) }
    return entry
  }
}

/// Defaults in words.
enum DefaultWords {
  static func text(_ word: DefaultWord) -> String {
    switch word {
    case .constant(let text): text.isEmpty ? "\"\"" : text
    case .computed(let name): computed[name] ?? "depends on other fields"
    }
  }

  /// What computed defaults come to, by their names in the tables.
  private static let computed: [String: String] = [
    "allocateLoadBalancerNodePorts": "true for a Service of type LoadBalancer",
    "enableServiceLinks": "true",
    "externalTrafficPolicy": "Cluster for Services that can be reached from outside",
    "hostPort": "the containerPort, if the pod uses the host's network",
    "imagePullPolicy": "Always for the tag latest or none, else IfNotPresent",
    "imageVolumePullPolicy": "Always for the tag latest or none, else IfNotPresent",
    "internalTrafficPolicy": "Cluster, except for Services of type ExternalName",
    "ipMode": "VIP where an IP is set",
    "resourceRequests": "the limits, for resources that are only limited",
    "rollingUpdate": "maxSurge 25% and maxUnavailable 25% for the type RollingUpdate",
    "serviceAccountName": "the older field serviceAccount",
    "sessionAffinityConfig": "a timeout of 10800 seconds for the affinity ClientIP",
    "targetPort": "the port",
    "volumeSource": "emptyDir",
  ]
}
