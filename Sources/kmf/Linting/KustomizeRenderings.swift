import Glibc
import InputFiles
import ManifestRules
import ManifestSyntax

/// Renders the kustomizations of a repository with kustomize or kubectl, where one is installed.
enum KustomizeRenderings {
  /// What became of one kustomization.
  private struct Rendered: Sendable {
    var folder: String
    /// The folder that origins are told from.
    var wrapper = ""
    var source: SourceText?
    var failure: String?
  }

  /// What the kustomizations in `folders` (absolute) come to; says which of them fail.
  static func all(
    of universe: Universe, _ builder: UniverseBuilder, threads: Int
  ) -> [RenderedRoot] {
    let folders = universe.kustomizations.renderable
    guard !folders.isEmpty, Kustomize.isInstalled else { return [] }
    let rendered: [Rendered] = OrderedWork.run(
      count: folders.count, threads: threads, into: [],
      worker: { { render(folders[$0]) } },
      take: { all, one in
        all.append(one)
        return true
      })
    return rendered.compactMap { one in
      if let failure = one.failure {
        Complaint.writeLine(
          "kmf: '\(shown(one.folder))' cannot be rendered, so its files are judged as they are: "
            + failure)
      }
      return one.source.map { RenderedRoot(builder.read($0), folder: one.wrapper, in: universe) }
    }
  }

  /// The folder as seen from here.
  private static func shown(_ folder: String) -> String {
    FilePaths.relative(folder + "/.", to: Repository.workingFolder).dropLast(2).description
  }

  /// Renders one kustomization through another one that asks for origins and leaves it alone.
  private static func render(_ folder: String) -> Rendered {
    var rendered = Rendered(folder: folder)
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(temporary)/kmf-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else {
      rendered.failure = "there is no place for temporary files in \(temporary)"
      return rendered
    }
    let wrapper = resolved(
      String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    let file = wrapper + "/kustomization.yaml"
    defer {
      unlink(file)
      rmdir(wrapper)
    }
    let path = FilePaths.relative(resolved(folder) + "/.", to: wrapper).dropLast(2)
    let output = Output(descriptor: open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
    output.write(
      "resources: [\(JSONWriter.string(.string(String(path))))]\n"
        + "buildMetadata: [originAnnotations]\n")
    output.flush()
    do throws(CommandFailure) {
      let source = try Kustomize.render(wrapper)
      rendered.source = SourceText(name: folder + "/kustomization.yaml", bytes: source.bytes)
      rendered.wrapper = wrapper
    } catch {
      rendered.failure = cause(error.help ?? error.message)
    }
    return rendered
  }

  /// The end of a chain of complaints, which is its beginning in time.
  private static func cause(_ text: String) -> String {
    let parts = (text.split(separator: "\n").first ?? "").split(separator: ":")
    let words = parts.suffix(2).map { String($0.drop { $0 == " " }) }.joined(separator: ": ")
    return words.filter { $0 != "\"" && $0 != "\\" }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
