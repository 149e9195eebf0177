import Glibc
import InputFiles
import ManifestRules

/// Kustomizations, and descriptions of charts, that lie beside files given by name.
///
/// A commit hook names changed files only; whether such a file is a patch says the kustomization
/// next to it, or one in a folder above; templates belong to the chart above them.
enum NeighbouringKustomizations {
  /// How many folders above a file may hold the kustomization that lists it.
  private static let levelsMax = 3

  /// Tells `context` of the kustomizations near `inputs` that are not among them.
  static func survey(_ inputs: [Input], into context: inout ValidationContext) {
    var known = Set(inputs.map(\.path))
    for input in inputs where input.origin != .found && input.place == .file {
      var folder = parent(of: input.path)
      for _ in 0..<levelsMax {
        for name in [
          "kustomization.yaml", "kustomization.yml", "Kustomization", "Chart.yaml",
        ] {
          let path = folder.isEmpty ? name : folder + "/" + name
          guard known.insert(path).inserted, access(path, R_OK) == 0 else { continue }
          // What cannot be read now is no help, and was not asked for.
          if let source = try? SourceReader.read(Input(path: path)) { context.survey(source) }
        }
        guard !folder.isEmpty, folder != "/", folder != "." else { break }
        folder = parent(of: folder)
      }
    }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex && path.count > 1 ? "/" : String(path[..<slash])
  }
}
