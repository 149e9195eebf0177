import Glibc
import InputFiles
import ManifestSyntax

/// Finds `kmf.yaml` and reads it.
enum ConfigurationFile {
  static let name = "kmf.yaml"

  /// The configuration of the file `path`, or of the nearest `kmf.yaml` in the working directory
  /// and above; without either, an empty one.
  static func load(_ path: String?) throws(CommandFailure) -> Configuration {
    guard let path = path ?? nearest() else { return Configuration() }
    let source: SourceText
    do {
      source = try SourceReader.read(Input(path: path))
    } catch {
      throw CommandFailure("configuration: \(error.message)", help: error.remedy)
    }
    switch ConfigurationReader.read(source, folder: folder(of: path)) {
    case .success(var configuration):
      configuration.file = path
      return configuration
    case .failure(let mistakes):
      // All mistakes are told; the last one ends the run.
      let texts = mistakes.list.map { mistake in
        CommandFailure(
          "\(path):\(mistake.line):\(mistake.column): \(mistake.message)", help: mistake.help)
      }
      for text in texts.dropLast() { text.complain() }
      throw texts.last ?? CommandFailure("\(path) cannot be read")
    }
  }

  /// The nearest file upwards, by a path that is short to read.
  private static func nearest() -> String? {
    guard let here = getcwd(nil, 0) else { return nil }
    defer { free(here) }
    var levels = String(cString: here).split(separator: "/").count
    var prefix = ""
    while true {
      if access(prefix + name, F_OK) == 0 { return prefix + name }
      guard levels > 0 else { return nil }
      levels -= 1
      prefix += "../"
    }
  }

  /// The folder that holds `path`.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` as seen from the folder where `folder` is.
  static func join(_ folder: String, _ path: String) -> String {
    if folder == "." || path.hasPrefix("/") || path.contains("://") { return path }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }
}
