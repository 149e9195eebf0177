import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf import`.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the objects of files into a cluster, all or none.",
    discussion: """
      kubectl get all,cm,pvc -n shop -o yaml | kmf import -
      kmf import backup/ --dry-run

      Objects of a real cluster (those with a uid) are stored as they are, with status, times and \
      owners; their addresses and ports are taken over. Manifests are created as by 'kmf create'. \
      Missing namespaces are made, and so is the cluster in .kmf where there is none.

      Exit codes: 0 imported, 1 refused, 2 wrong usage or unreadable input, 3 internal error.
      """)

  @Argument(
    help: "Files, folders, patterns, or '-' for standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var path: [String] = []

  @Flag(help: "Replace objects that are there.")
  var overwrite = false

  @Flag(help: "Do everything but keep the result.")
  var dryRun = false

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace of objects that name none.", valueName: "name"))
  var namespace: String?

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let paths = try Validate.paths(path, for: "import")
    let objects = try ManifestFiles.objects(paths)
    guard !objects.isEmpty else { throw CommandFailure("the files hold no objects") }
    let cluster = try place.cluster(for: .writing)
    var work = ClusterImport()
    work.overwrites = overwrite
    work.isDryRun = dryRun
    if let namespace { work.namespace = namespace }
    do throws(ClusterImport.Refusal) {
      let items = objects.map { ClusterImport.Item(object: $0.value, place: $0.place) }
      tell(try work.run(items, in: cluster))
    } catch {
      // A store that cannot be used has nothing to do with the objects.
      if let fault = error.problems.first(where: { $0.error.remedy != nil })?.error {
        throw CommandFailure(fault)
      }
      for (place, error) in error.problems {
        Complaint.writeLine("kmf: \(place.isEmpty ? "" : "\(place): ")\(error.message)")
      }
      let isThere = error.problems.contains { $0.error.reason == .alreadyExists }
      Complaint.writeLine(
        "  help: nothing was imported" + (isThere ? "; objects that exist need --overwrite" : ""))
      throw ExitStatus.findings
    }
  }

  private func tell(_ summary: ClusterImport.Summary) {
    for warning in summary.warnings { Complaint.writeLine("kmf: warning: \(warning)") }
    for name in summary.madeNamespaces {
      Complaint.writeLine("kmf: namespace '\(name)' was not among the objects, so it was made")
    }
    let output = Output()
    for count in summary.counts {
      let parts = [
        (count.created, "created"), (count.updated, "updated"), (count.restored, "restored"),
        (count.unchanged, "unchanged"),
      ]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      output.writeLine("\(count.resource): \(parts.joined(separator: ", "))")
    }
    let end = dryRun ? " (server dry run)" : ""
    output.writeLine("\(summary.total) \(summary.total == 1 ? "object" : "objects") imported\(end)")
    output.flush()
  }
}
