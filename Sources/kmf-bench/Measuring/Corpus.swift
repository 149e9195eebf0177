import Glibc
import InputFiles

/// Real manifests to measure with and to mutate.
enum Corpus {
  /// The folders that are looked at where none are named: the one that `KMF_MANIFESTS` names, and
  /// the fixtures.
  static var usualFolders: [String] {
    let named = getenv("KMF_MANIFESTS").map { String(cString: $0) }
    return [named, "fixtures"].compactMap { $0 }.filter { access($0, R_OK) == 0 }
  }

  /// The files with YAML or JSON below `folders`, as bytes.
  static func files(below folders: [String]) -> [[UInt8]] {
    let finder = InputFinder(respectsIgnoreFiles: false)
    return finder.find(folders).inputs.compactMap { Files.read($0.path) }
  }
}
