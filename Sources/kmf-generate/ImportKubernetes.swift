import FoundationEssentials
import ManifestSchema

/// `kmf-generate import-kubernetes DIR [OUT] [--force]`: writes the tables from collected API
/// facts.
///
/// DIR holds `types.json`, `resources-1.36.json` and `protobuf-tags-1.36.json`. This was done once;
/// since then the tables are the truth and carry words that no fact file knows. An existing table
/// is therefore left alone unless `--force` is given.
enum ImportKubernetes {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  static func run(_ arguments: [String]) throws {
    let paths = arguments.filter { $0 != "--force" }
    guard let facts = paths.first else {
      throw Failure(description: "needs the folder with types.json")
    }
    let folder = paths.count > 1 ? paths[1] : "schemas"
    let tables = try TableWriter(facts: APIFacts(folder: facts)).tables()
    if !arguments.contains("--force") {
      let existing = tables.keys.sorted().filter {
        FileManager.default.fileExists(atPath: "\(folder)/\($0)")
      }
      guard existing.isEmpty else {
        throw Failure(
          description: "\(existing.count) tables exist (\(existing[0])…) and may hold words added "
            + "by hand; --force overwrites them")
      }
    }
    for (name, text) in tables {
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }
  }
}

/// Turns facts into the text of tables.
struct TableWriter {
  let facts: APIFacts
  /// Which file each package of types belongs to: `io.k8s.api.apps.v1` to `apps.v1`.
  let files: [String: String]

  /// Kinds that every group repeats; the core group's stand for all.
  static let repeatedKinds: Set = ["DeleteOptions", "WatchEvent", "Status"]

  /// Types that are words of the table language.
  static let words = [
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "Quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "IntOrString",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "Time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "MicroTime",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Patch": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
    apiextensions + "JSON": "any",
    apiextensions + "JSONSchemaPropsOrArray": "JSONSchemaProps|[JSONSchemaProps]",
    apiextensions + "JSONSchemaPropsOrBool": "JSONSchemaProps|bool",
    apiextensions + "JSONSchemaPropsOrStringArray": "JSONSchemaProps|[string]",
  ]
  private static let apiextensions =
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."

  init(facts: APIFacts) {
    self.facts = facts
    var files: [String: String] = [:]
    for kind in facts.kinds {
      let package = Self.split(kind.type).package
      if package.hasPrefix("io.k8s.apimachinery.") { continue }
      files[package] = "\(kind.group.isEmpty ? "core" : kind.group).\(kind.version)"
    }
    self.files = files
  }

  /// The text of every table by its file name.
  func tables() -> [String: String] {
    var types: [String: [String]] = [:]
    for name in facts.types.keys where Self.words[name] == nil {
      types[file(ofType: name), default: []].append(name)
    }
    var tables: [String: String] = [:]
    for (file, names) in types {
      var text = header(file) + kindLines(file)
      for name in names.sorted() { text += typeText(name, file: file) }
      tables[file + ".schema"] = text
    }
    return tables
  }

  private func file(ofType name: String) -> String {
    files[Self.split(name).package] ?? "meta.v1"
  }

  private func header(_ file: String) -> String {
    guard let dot = file.lastIndex(of: ".") else { return "" }
    return "group \(file[..<dot])  version \(file[file.index(after: dot)...])\n\n"
  }

  static func split(_ name: String) -> (package: String, name: String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}

/// Lines of kinds.
extension TableWriter {
  /// Namespaced kinds that were gone or not yet there in 1.36, whose resources nothing lists.
  private static let namespaced: Set = [
    "Eviction", "EvictionRequest", "PodScheduling", "PodSchedulingContext", "CompositePodGroup",
    "ResourceClaimParameters", "ResourceClassParameters",
  ]
  private static let clusterWide: Set = ["ClusterCIDR", "ResourceClass"]

  fileprivate func kindLines(_ file: String) -> String {
    let kinds = facts.kinds.filter { kind in
      "\(kind.group.isEmpty ? "core" : kind.group).\(kind.version)" == file
        && (kind.group.isEmpty || !Self.repeatedKinds.contains(kind.kind))
    }
    guard !kinds.isEmpty else { return "" }
    var rows: [[String]] = []
    for kind in kinds.sorted(by: { $0.kind < $1.kind }) {
      rows.append(["kind \(kind.kind)", words(of: kind).joined(separator: "  ")])
    }
    return aligned(rows).map { $0 + "\n" }.joined() + "\n"
  }

  private func words(of kind: KindFact) -> [String] {
    var words: [String] = []
    let file = self.file(ofType: kind.type)
    if file == "meta.v1" { words.append("type meta.v1/\(Self.split(kind.type).name)") }
    let resource =
      facts.resources.first {
        ($0.group, $0.version, $0.kind) == (kind.group, kind.version, kind.kind)
      } ?? facts.resources.first { ($0.group, $0.kind) == (kind.group, kind.kind) }
    if let resource {
      words += self.words(of: resource)
    } else if Self.namespaced.contains(kind.kind) && kind.group != "policy" {
      words.append("plural \(kind.kind.lowercased())s  namespaced")
    } else if Self.clusterWide.contains(kind.kind) {
      let plural = kind.kind.hasSuffix("ss") ? "es" : "s"
      words.append("plural \(kind.kind.lowercased())\(plural)  cluster")
    } else if kind.kind.hasSuffix("List") {
      words.append("list")
    }
    return words + availability(kind.since, kind.until)
  }

  private func words(of resource: ResourceFact) -> [String] {
    var words = ["plural \(resource.resource)"]
    if resource.singular != resource.kind.lowercased() {
      words.append("singular \(resource.singular)")
    }
    func add(_ word: String, _ values: [String]) {
      if !values.isEmpty { words.append("\(word) \(values.joined(separator: ","))") }
    }
    add("short", resource.shortNames)
    words.append(resource.namespaced ? "namespaced" : "cluster")
    add("categories", resource.categories)
    if resource.verbs != Kind.usualVerbs { add("verbs", resource.verbs) }
    add("subresources", resource.subresources.keys.sorted())
    return words
  }

  /// The `since` and `until` words; the oldest version that the tables cover goes without saying.
  fileprivate func availability(_ since: String, _ until: String?) -> [String] {
    (since == KubernetesVersion.oldest.description ? [] : ["since \(since)"])
      + (until.map { ["until \($0)"] } ?? [])
  }

  /// Rows with all columns but the last padded to the same width.
  fileprivate func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].utf8.count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() where !cell.isEmpty {
        let start = widths[..<column].reduce(0) { $0 + $1 + 2 }
        line += String(repeating: " ", count: max(0, start - line.utf8.count)) + cell
      }
      return line
    }
  }
}

/// Types and their fields.
extension TableWriter {
  fileprivate func typeText(_ name: String, file: String) -> String {
    guard let type = facts.types[name], let first = type.definitions.first,
      let last = type.definitions.last
    else { return "" }
    var head = ["type \(Self.split(name).name)"]
    if last.mapType == "atomic" { head.append("atomic") }
    if let union = last.unions?.first {
      let fields = union.fields.keys.sorted().joined(separator: ",")
      head.append("union \(union.discriminator ?? ""):\(fields)")
    }
    head += availability(first.since, last.until)
    let tags = tagPaths(name.replacing("-a", with: "_a"))
    let numbered = type.fields.keys.map { (name: $0, path: tags[Self.plain($0)] ?? []) }
    let fields = numbered.sorted {
      let (left, right) = (order($0.name, $0.path), order($1.name, $1.path))
      return left == right ? $0.name < $1.name : left.lexicographicallyPrecedes(right)
    }
    var rows: [[String]] = []
    for field in fields {
      let tag = field.path.isEmpty ? "-" : field.path.map(String.init).joined(separator: ".")
      for variant in variants(field.name, of: type, file: file) {
        rows.append(["  \(tag)", field.name] + variant)
      }
    }
    return head.joined(separator: "  ") + "\n" + aligned(rows).map { $0 + "\n" }.joined() + "\n"
  }

  /// apiVersion and kind come first, then numbered fields, then the others.
  private func order(_ field: String, _ path: [Int]) -> [Int] {
    guard path.isEmpty else { return path }
    return field == "apiVersion" || field == "kind" ? [0] : [Int.max]
  }

  /// The numbers that lead to each field of a message, by plain name. JSON inlines some messages
  /// that the wire format nests: their fields are listed too, with the numbers on the way.
  private func tagPaths(_ message: String) -> [String: [Int]] {
    var paths: [String: [Int]] = [:]
    for (name, fact) in facts.tags[message] ?? [:] {
      paths[Self.plain(name)] = [fact.tag]
      guard Self.inlined.contains(name) else { continue }
      let isFull = fact.type.contains(".")
      let inner = isFull ? fact.type : "\(Self.split(message).package).\(fact.type)"
      for (name, path) in tagPaths(inner) { paths[name] = [fact.tag] + path }
    }
    return paths
  }

  /// What the wire format calls the messages that JSON inlines.
  private static let inlined: Set = [
    "ruleWithOperations", "rule", "localObjectReference", "ephemeralContainerCommon",
    "persistentVolumeSource", "volumeSource", "handler", "ingressRuleValue", "deviceConfiguration",
  ]

  /// A name without the case and signs by which the wire format and JSON differ: `$ref` is `ref`.
  private static func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0 != "-" && $0 != "$" })
  }

  /// The type and words of each variant of a field, in the order of versions.
  private func variants(_ field: String, of type: TypeFact, file: String) -> [[String]] {
    var variants: [(since: Int, until: Int, type: String, words: [String])] = []
    for fact in type.fields[field] ?? [] {
      for definition in type.definitions {
        let since = max(minor(fact.since), minor(definition.since))
        let until = min(minor(fact.until), minor(definition.until))
        guard since <= until else { continue }
        let isRequired = definition.required.contains(field)
        let text = typeWord(fact.shape, file: file)
        let words = (isRequired ? ["required"] : []) + self.words(of: fact)
        if let last = variants.last, last.until + 1 == since, last.type == text,
          last.words == words
        {
          variants[variants.count - 1].until = until
        } else {
          variants.append((since, until, text, words))
        }
      }
    }
    let first = minor(type.definitions.first?.since ?? "1.25")
    let last = minor(type.definitions.last?.until)
    return variants.map { variant in
      let since = variant.since > first ? ["since 1.\(variant.since)"] : []
      let until = variant.until < last ? ["until 1.\(variant.until)"] : []
      return [variant.type, (variant.words + since + until).joined(separator: "  ")]
    }
  }

  /// The number after `1.`; an open end counts as later than all.
  private func minor(_ version: String?) -> Int {
    version.flatMap { KubernetesVersion($0)?.minor } ?? 255
  }

  private func words(of fact: FieldFact) -> [String] {
    var words: [String] = []
    if let type = fact.listType {
      let keys = fact.listMapKeys.map { " by " + $0.joined(separator: ",") } ?? ""
      words.append("list \(type)\(keys)")
    }
    if fact.mapType == "atomic" { words.append("map atomic") }
    if let strategy = fact.patchStrategy {
      words.append(strategy + (fact.patchMergeKey.map { " by \($0)" } ?? ""))
    }
    return words
  }

  private func typeWord(_ shape: ShapeFact, file: String) -> String {
    if let name = shape.ref {
      if let word = Self.words[name] { return word }
      let home = self.file(ofType: name)
      let short = Self.split(name).name
      return home == file || home == "core.v1" || home == "meta.v1" ? short : "\(home)/\(short)"
    }
    switch (shape.type, shape.format) {
    case ("array", _): return "[\(shape.items.map { typeWord($0, file: file) } ?? "any")]"
    case ("object", _): return shape.values.map { "{\(typeWord($0, file: file))}" } ?? "object"
    case ("integer", let format): return format ?? "int64"
    case ("number", _): return "double"
    case ("boolean", _): return "bool"
    case ("string", "byte"): return "bytes"
    case ("string", _): return "string"
    default: return "any"
    }
  }
}
