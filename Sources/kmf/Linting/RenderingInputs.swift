import Glibc
import InputFiles
import ManifestRules

/// What renderings depend on besides the manifests: which programs are there, and what lies in
/// charts that is no YAML.
enum RenderingInputs {
  /// Folders of charts are not deep; links that lead around in circles end here.
  private static let depthMax = 12

  /// A sum of it, as text.
  static func fingerprint(_ files: [LintSession.File]) -> String {
    var hash = ContentHash()
    for program in ["kustomize", "kubectl", "helm"] {
      guard let path = Subprocess.path(of: program) else { continue }
      hash.add(path + stamp(path))
    }
    for file in files {
      let path = file.input.path
      guard path == "Chart.yaml" || path.hasSuffix("/Chart.yaml") else { continue }
      let folder = FilePaths.folder(of: path)
      add(folder.isEmpty ? "." : folder, to: &hash, depth: 0)
    }
    return hash.text
  }

  private static func add(_ folder: String, to hash: inout ContentHash, depth: Int) {
    guard depth < depthMax, let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let bytes = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 19)
      let name = String(cString: bytes.assumingMemoryBound(to: CChar.self))
      if name != ".", name != "..", name != ".git", name != ".kmf" { names.append(name) }
    }
    for name in names.sorted() {
      let path = "\(folder)/\(name)"
      var status = Glibc.stat()
      guard stat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        add(path, to: &hash, depth: depth + 1)
      } else {
        hash.add(path + stamp(path))
      }
    }
  }

  private static func stamp(_ path: String) -> String {
    var status = Glibc.stat()
    guard stat(path, &status) == 0 else { return "" }
    return " \(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
  }
}
