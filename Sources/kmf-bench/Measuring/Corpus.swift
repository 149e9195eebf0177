import Glibc
import InputFiles

/// Real manifests to measure with and to mutate.
enum Corpus {
  /// The folders that are looked at where none are named: those of collected manifests beside the
  /// repository, where they are, and the fixtures.
  static var usualFolders: [String] {
    ["../shared/corpus", "fixtures"].filter { access($0, R_OK) == 0 }
  }

  /// The files with YAML or JSON below `folders`, as bytes.
  static func files(below folders: [String]) -> [[UInt8]] {
    let finder = InputFinder(respectsIgnoreFiles: false)
    return finder.find(folders).inputs.compactMap { Files.read($0.path) }
  }
}
