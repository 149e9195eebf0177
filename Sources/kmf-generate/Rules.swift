import FoundationEssentials
import ManifestRules

/// `kmf-generate rules [ROOT]`: writes `docs/rules/` of the project at ROOT.
enum Rules {
  static func run(_ arguments: [String]) throws {
    let folder = (arguments.first ?? ".") + "/docs/rules"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let pages = RulePages.all()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".md") && !pages.contains(where: { $0.name == name }) {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    for page in pages {
      try Data(page.text.utf8).write(to: URL(filePath: folder + "/" + page.name))
    }
  }
}
