import ManifestSyntax

/// Which folders are Helm charts: what lies in their `templates/` is rendered before a cluster
/// sees it.
struct Charts: Sendable {
  private var folders: Set<String> = []
  /// What relative paths begin at; empty to compare them as they are.
  var base = ""

  /// Whether a file of this name describes a chart.
  static func isDescription(_ file: String) -> Bool {
    file == "Chart.yaml" || file.hasSuffix("/Chart.yaml")
  }

  /// Notes that the folder of `file`, a chart's description, is a chart.
  mutating func note(_ file: String) {
    let file = path(file)
    folders.insert(file.utf8.count > 10 ? String(file.dropLast(11)) : "")
  }

  private func path(_ file: String) -> String {
    base.isEmpty ? file : FilePaths.normalized(FilePaths.join(base, file))
  }

  /// Whether comments of `source` are the code of a ytt template.
  static func isAnnotated(_ source: SourceText) -> Bool {
    source.contains("#@")
      && (source.contains("#@ load(") || source.contains("#@data/") || source.contains(": #@ "))
  }

  /// Whether `source` is a template of a chart, be it YAML by chance; files there without any
  /// `{{` are manifests like others.
  func isTemplate(_ source: SourceText) -> Bool {
    chart(of: source.name) != nil && source.contains("{{")
  }

  /// The chart in whose `templates/` a file is.
  private func chart(of file: String) -> String? {
    guard !folders.isEmpty else { return nil }
    var folder = FilePaths.folder(of: path(file))
    while !folder.isEmpty {
      let parent = FilePaths.folder(of: folder)
      if Self.isLast("templates", of: folder, in: parent), folders.contains(parent) {
        return parent
      }
      folder = parent
    }
    return nil
  }

  private static func isLast(_ name: String, of folder: String, in parent: String) -> Bool {
    folder.utf8.dropFirst(parent.isEmpty ? 0 : parent.utf8.count + 1).elementsEqual(name.utf8)
  }

  /// The chart that is installed to have `source`, a template, rendered: of charts in the `charts/`
  /// of others the outermost. Nil for what is no template.
  func installed(for source: SourceText) -> String? {
    guard source.contains("{{"), var chart = chart(of: source.name) else { return nil }
    while true {
      let holder = FilePaths.folder(of: chart)
      let outer = FilePaths.folder(of: holder)
      guard Self.isLast("charts", of: holder, in: outer), folders.contains(outer) else {
        return chart
      }
      chart = outer
    }
  }
}
