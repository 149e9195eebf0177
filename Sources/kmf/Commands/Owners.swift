import ArgumentParser
import ClusterAPI
import ClusterPlan
import Glibc

/// `kmf owners`.
struct Owners: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show who owns which field of an object, and hand fields over.",
    discussion: """
      kmf owners deployment/web
      kmf owners deployment/web --take spec.replicas
      kmf owners deployment/web --take . --from kubectl-client-side-apply
      kmf owners deployment/web --release spec.replicas

      Whoever owns a field is asked before server-side apply changes it. --take makes \
      --field-manager (kmf) the only owner of a field and of everything below it, --release gives \
      it up; neither changes a value. A field that is owned and left out of the next apply is \
      removed by it, unless somebody else owns it too.

      Exit codes: 0 done, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "KIND/NAME, or a kind and a name.")
  var words: [String]

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace of the object (default: default).", valueName: "name"))
  var namespace: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Become the only owner of this field; '.' is the whole object; repeatable.",
      valueName: "path"))
  var take: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Give up this field; repeatable.", valueName: "path"))
  var release: [String] = []

  @Option(
    help: ArgumentHelp("With --take: only what this manager owns.", valueName: "manager"))
  var from: String?

  @Option(help: ArgumentHelp("Who takes or releases.", valueName: "name"))
  var fieldManager = "kmf"

  @Flag(help: "Also the fields that nobody owns: defaults, and what the server writes.")
  var all = false

  @Flag(help: "Do everything but keep the result.")
  var dryRun = false

  @Option(name: [.short, .long], help: "How to show it: text or json.")
  var output: TextOrJSON = .text

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func validate() throws {
    if from != nil, take.isEmpty { throw ValidationError("--from goes with --take") }
  }

  func run() throws {
    let planning = try PlanningCluster(place, isWriting: false, mustExist: true)
    let objects = try ObjectWords.objects(words, namespace, planning.cluster)
    guard let object = objects.first, objects.count == 1 else {
      throw CommandFailure("one object is meant, not \(objects.count)")
    }
    do throws(StatusError) {
      if take.isEmpty, release.isEmpty { return try show(object, planning) }
      for (step, paths) in [(OwnershipChange.Step.take, take), (.release, release)]
      where !paths.isEmpty {
        let change = OwnershipChange(step, paths, manager: fieldManager, from: from)
        let count = try change.perform(on: object, in: planning.cluster, isDryRun: dryRun)
        let word = step == .take ? "taken" : "released"
        let end = dryRun ? " (dry run)" : ""
        Answer.print(
          "\(object.label): \(count) field\(count == 1 ? "" : "s") \(word) by \(fieldManager)\(end)"
        )
      }
    } catch {
      Complaint.writeLine("kmf: \(error.message)")
      throw ExitStatus.findings
    }
  }

  private func show(
    _ object: ObjectIdentity, _ planning: PlanningCluster
  ) throws(StatusError) {
    let owned = try planning.cluster.read { (session) throws(StatusError) in
      let resource = try session.resource(object.resource)
      let value = try session.get(resource, namespace: object.namespace, name: object.name)
      let owned = OwnedFields(object, value, session, includesUnowned: all)
      return planning.masker.mask(owned, of: value)
    }
    let output = Output()
    switch self.output {
    case .json: output.write(owned.json)
    case .text: output.write(owned.text(isColored: Styles(for: STDOUT_FILENO).isColored))
    }
    output.flush()
  }
}
