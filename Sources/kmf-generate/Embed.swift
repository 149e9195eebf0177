import FoundationEssentials
import ManifestSchema

/// `kmf-generate embed [ROOT]`: writes `Sources/CSchemas/Schemas.c` of the project at ROOT.
enum Embed {
  static func run(_ arguments: [String]) throws {
    let root = arguments.first ?? "."
    let folder = root + "/schemas"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    let tables = try names.filter { $0.hasSuffix(".schema") }.map { name in
      EmbeddingWriter.File(
        name: name, bytes: [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
    }
    let path = URL(filePath: root + "/Sources/CSchemas/Schemas.c")
    let source = Data(try EmbeddingWriter.source(tables: tables).utf8)
    // An unchanged file keeps its time, so that nothing is built anew.
    if (try? Data(contentsOf: path)) != source { try source.write(to: path) }
  }
}
