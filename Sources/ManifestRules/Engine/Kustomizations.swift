import ManifestSyntax

/// Which files kustomizations apply as patches: fragments of objects, not objects.
struct Kustomizations: Sendable {
  /// What a file is used as.
  enum Role: Sendable { case strategicPatch, jsonPatch, eitherPatch }

  private var roles: [String: Role] = [:]
  /// What relative paths begin at, so that two ways to name a file meet; empty to compare them as
  /// they are.
  var base = ""

  /// The role that a kustomization gives to `file`.
  func role(of file: String) -> Role? {
    roles.isEmpty ? nil : roles[Self.normalized(FilePaths.join(base, file))]
  }

  /// Whether a file of this name is a kustomization.
  static func isKustomization(_ file: String) -> Bool {
    let bytes = file.utf8
    // Nearly all names differ from these in the letter before the ending.
    guard let last = bytes.last, last == UInt8(ascii: "l") || last == UInt8(ascii: "n"),
      last == UInt8(ascii: "n") || file.hasSuffix("n.yaml") || file.hasSuffix("n.yml")
    else { return false }
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes.index(after: $0) }
    let name = file[(start ?? file.startIndex)...]
    return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization"
  }

  /// Notes the patches that the kustomization in `source` lists.
  mutating func survey(_ source: SourceText) {
    var reader = DocumentReader(source)
    let folder = source.name.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    while let document = reader.next() {
      guard let tree = document.tree else { continue }
      for (list, role) in [
        ("patches", Role.eitherPatch), ("patchesStrategicMerge", .strategicPatch),
        ("patchesJson6902", .jsonPatch),
      ] {
        guard let items = tree.value(.root, list) else { continue }
        for item in tree.items(items) {
          let node = tree.kind(item) == .mapping ? tree.value(item, "path") : item
          guard let node, tree.kind(node) == .string else { continue }
          let path = tree.string(node)
          guard !path.contains("\n"), !path.contains("://") else { continue }
          let whole = folder.isEmpty ? path : folder + "/" + path
          roles[Self.normalized(FilePaths.join(base, whole))] = role
        }
      }
    }
  }

  private static func normalized(_ path: String) -> String { FilePaths.normalized(path) }
}

/// Paths as text.
public enum FilePaths {
  /// `path` as seen from where `base` is; `path` itself where it is absolute or there is no base.
  public static func join(_ base: String, _ path: String) -> String {
    base.isEmpty || path.hasPrefix("/") ? path : base + "/" + path
  }

  /// The path without `.` and `..` parts.
  public static func normalized(_ path: String) -> String {
    if isNormal(path) { return path }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// Whether no part of a path is empty or begins with a dot: then it is normal as it is.
  private static func isNormal(_ path: String) -> Bool {
    var isStart = false
    for byte in path.utf8 {
      if isStart, byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") { return false }
      isStart = byte == UInt8(ascii: "/")
    }
    return !isStart && path.utf8.first != UInt8(ascii: ".")
  }

  /// The absolute path `path` as seen from the absolute folder `folder`.
  public static func relative(_ path: String, to folder: String) -> String {
    let path = path.split(separator: "/")
    let folder = folder.split(separator: "/")
    var shared = 0
    while shared < min(path.count - 1, folder.count), path[shared] == folder[shared] { shared += 1 }
    let up = Array(repeating: "..", count: folder.count - shared)
    return (up + path[shared...].map(String.init)).joined(separator: "/")
  }

  /// The folder of a file: `""` for the working directory.
  public static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
  }
}
