import FoundationEssentials

/// `kmf-generate views [ROOT]`: writes `Sources/ManifestModel/Views/` of the project at ROOT.
enum Views {
  static func run(_ arguments: [String]) throws {
    let folder = (arguments.first ?? ".") + "/Sources/ManifestModel/Views"
    let files = ViewWriter().files()
    let known = try FileManager.default.contentsOfDirectory(atPath: folder)
    for name in known where name.hasSuffix(".swift") && !files.contains(where: { $0.name == name })
    {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    for file in files {
      let path = URL(filePath: folder + "/" + file.name)
      let text = Data(file.text.utf8)
      // An unchanged file keeps its time, so that nothing is built anew.
      if (try? Data(contentsOf: path)) != text { try text.write(to: path) }
    }
  }
}
