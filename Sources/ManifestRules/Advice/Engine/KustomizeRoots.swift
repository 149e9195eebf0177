import ManifestSyntax

/// What the kustomizations of the repository put together: which files each one reaches, in which
/// namespace, and what its generators will make.
public struct KustomizeRoots: Sendable {
  /// A ConfigMap or Secret that a generator will make.
  public struct Generator: Sendable {
    public var kind: String
    public var name: String
    public var namespace: String?
    /// The keys; nil where a file says them that was not read.
    public var keys: [String]?
    public var file: String
  }

  /// One kustomization as it is written.
  struct Kustomization: Sendable {
    var file: String
    var folder: String
    var namespace: String?
    var resources: [String] = []
    var generators: [Generator] = []
    /// Whether it takes in something that is not in the repository.
    var hasRemote = false
    /// Whether it does more to objects than to name them.
    var changesObjects = false
    var isComponent = false
  }

  private var kustomizations: [String: Kustomization] = [:]
  /// The roots of each file: kustomizations that reach it and that no other one takes in.
  private var rootsByFile: [String: Set<String>] = [:]
  private var namespaceByFile: [String: String] = [:]
  /// Files that some root applies without giving a namespace.
  private var filesWithoutNamespace: Set<String> = []
  public private(set) var generators: [Generator] = []
  /// What relative paths begin at.
  private let base: String

  public init(base: String = "") { self.base = base }

  /// The folders of the kustomizations that a file is applied by.
  public func roots(of file: String) -> Set<String> { rootsByFile[file] ?? [] }

  /// The one namespace that the kustomizations of a file give to its objects; nil where they give
  /// none or several.
  public func namespace(of file: String) -> String? { namespaceByFile[file] }

  /// Whether every kustomization that a file is applied by gives its objects a namespace, be it the
  /// same one or not.
  public func giveNamespace(to file: String) -> Bool {
    rootsByFile[file] != nil && !filesWithoutNamespace.contains(file)
  }

  /// Notes the kustomization in `source`.
  mutating func survey(_ source: SourceText) {
    var reader = DocumentReader(source)
    while let document = reader.next() {
      guard let tree = document.tree, tree.kind(.root) == .mapping else { continue }
      let node = NodeRef(tree)
      let folder = FilePaths.folder(of: path(source.name))
      var found = Kustomization(file: source.name, folder: folder)
      found.namespace = node["namespace"]?.string
      for list in ["resources", "bases", "components"] {
        for item in node[list]?.items ?? NodeRef.value(.null).items {
          guard let path = item.string else { continue }
          if Self.isRemote(path) {
            found.hasRemote = true
          } else {
            found.resources.append(
              FilePaths.normalized(folder.isEmpty ? path : FilePaths.join(folder, path)))
          }
        }
      }
      found.changesObjects = Self.changing.contains { node[$0].map { $0.count > 0 } ?? false }
      found.isComponent = node["kind"]?.string == "Component"
      let names = (node["namePrefix"]?.string ?? "", node["nameSuffix"]?.string ?? "")
      for (list, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for item in node[list]?.items ?? NodeRef.value(.null).items {
          found.generators += Self.generators(
            item, kind, names, in: source.name, namespace: found.namespace)
        }
      }
      kustomizations[found.folder] = found
    }
  }

  private static func isRemote(_ path: String) -> Bool {
    path.contains("://") || path.contains("?ref=") || path.contains("@")
      || path.hasPrefix("github.com/") || path.hasPrefix("git::")
  }

  /// The fields by which a kustomization does more to objects than to name them.
  private static let changing = [
    "patches", "patchesStrategicMerge", "patchesJson6902", "replicas", "images", "components",
    "replacements", "transformers",
  ]

  /// The folders of the kustomizations that no other one takes in, that change objects, and that
  /// need nothing from elsewhere; absolute.
  public var renderable: [String] {
    let taken = Set(kustomizations.values.flatMap { $0.resources })
    return kustomizations.values.filter { root in
      guard !root.isComponent, !taken.contains(root.folder) else { return false }
      var seen: Set<String> = []
      var changes = false
      return isLocal(root.folder, &seen, &changes) && changes
    }.map(\.folder).sorted()
  }

  private func isLocal(_ folder: String, _ seen: inout Set<String>, _ changes: inout Bool) -> Bool {
    guard seen.insert(folder).inserted, let here = kustomizations[folder] else { return true }
    if here.changesObjects { changes = true }
    guard !here.hasRemote else { return false }
    for resource in here.resources where !isLocal(resource, &seen, &changes) { return false }
    return true
  }

  private static func generators(
    _ item: NodeRef, _ kind: String, _ affixes: (String, String), in file: String,
    namespace: String?
  ) -> [Generator] {
    guard let name = item["name"]?.string else { return [] }
    var keys: [String]? = []
    for literal in item["literals"]?.items ?? NodeRef.value(.null).items {
      if let text = literal.string, let end = text.firstIndex(of: "=") {
        keys?.append(String(text[..<end]))
      }
    }
    for entry in item["files"]?.items ?? NodeRef.value(.null).items {
      guard let text = entry.string else { continue }
      let parts = text.split(separator: "=", maxSplits: 1)
      let key = parts.count == 2 ? parts[0] : text.split(separator: "/").last ?? ""
      keys?.append(String(key))
    }
    if item["envs"] != nil || item["env"] != nil || item["behavior"]?.string == "merge" {
      keys = nil
    }
    let own = item["namespace"]?.string ?? namespace
    let full = affixes.0 + name + affixes.1
    return Set([name, full]).sorted().map {
      Generator(kind: kind, name: $0, namespace: own, keys: keys, file: file)
    }
  }

  /// Works out which kustomization reaches which of `files`; call once after all surveys.
  mutating func settle(files: [String]) {
    guard !kustomizations.isEmpty else { return }
    let byPath = Dictionary(files.map { (path($0), $0) }) { first, _ in first }
    let taken = Set(kustomizations.values.flatMap { $0.resources })
    for root in kustomizations.values.sorted(by: { $0.folder < $1.folder }) {
      if taken.contains(root.folder) { continue }
      var seen: Set<String> = []
      reach(root.folder, of: root.folder, namespace: root.namespace, byPath, &seen)
    }
    generators = kustomizations.values.sorted { $0.folder < $1.folder }.flatMap(\.generators)
  }

  private mutating func reach(
    _ folder: String, of root: String, namespace: String?, _ byPath: [String: String],
    _ seen: inout Set<String>
  ) {
    guard seen.insert(folder).inserted, let here = kustomizations[folder] else { return }
    let namespace = namespace ?? here.namespace
    note(here.file, root, namespace)
    for resource in here.resources {
      if kustomizations[resource] != nil {
        reach(resource, of: root, namespace: namespace, byPath, &seen)
      } else if let file = byPath[resource] {
        note(file, root, namespace)
      }
    }
  }

  private mutating func note(_ file: String, _ root: String, _ namespace: String?) {
    let isFirst = rootsByFile[file] == nil
    rootsByFile[file, default: []].insert(root)
    if namespace == nil { filesWithoutNamespace.insert(file) }
    if isFirst {
      namespaceByFile[file] = namespace
    } else if namespaceByFile[file] != namespace {
      namespaceByFile[file] = nil
    }
  }

  /// The path of a file from the root, without `.` and `..` parts.
  func path(_ file: String) -> String {
    FilePaths.normalized(FilePaths.join(base, file))
  }
}
