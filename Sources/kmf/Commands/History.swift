import ArgumentParser
import ClusterAPI
import ClusterControl
import ClusterPlan
import Glibc

/// `kmf history`.
struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what was written to a cluster, or to one object, and when.",
    discussion: """
      kmf history
      kmf history deployment/web -n shop

      Without an object: a line for each command and each write by others, the newest first. With \
      one: its writes, with the fields that each of them changed. 'kmf restore --revision N' goes \
      back to what the cluster was at a revision.

      Exit codes: 0 shown, 1 not found, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "KIND/NAME, or a kind and a name; none for the whole cluster.")
  var words: [String] = []

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace to look in (default: default).", valueName: "name"))
  var namespace: String?

  @Option(
    help: ArgumentHelp("How many entries to show (default: 20).", valueName: "n"),
    transform: { try WholeNumber.read($0, least: 1) })
  var limit: Int?

  @Flag(help: "Also what changed nothing but status or ownership, and each write of controllers.")
  var all = false

  @Option(name: [.short, .long], help: "How to show it: text or json.")
  var output: TextOrJSON = .text

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let planning = try PlanningCluster(place, isWriting: false, mustExist: true)
    let reader = HistoryReader(planning.cluster)
    let objects = try ObjectWords.objects(words, namespace, planning.cluster)
    guard objects.count <= 1 else {
      throw CommandFailure("a history is of one object, or of the whole cluster")
    }
    let history = try planning.checked { () throws(StatusError) in
      guard let object = objects.first else {
        return try reader.whole(limit ?? 20, isDetailed: all)
      }
      return try reader.object(object.key, limit ?? 20, isDetailed: all)
    }
    if let object = objects.first, history.entries.isEmpty {
      Complaint.writeLine("kmf: nothing is known of \(object.fullLabel)")
      throw ExitStatus.findings
    }
    let masked = planning.masker.mask(history)
    let output = Output()
    switch self.output {
    case .json: output.write(HistoryForms.json(masked))
    case .text:
      let styles = Styles(for: STDOUT_FILENO)
      output.write(
        HistoryForms.text(masked, showsFields: !objects.isEmpty, isColored: styles.isColored))
    }
    output.flush()
  }
}

/// Words that name single objects.
enum ObjectWords {
  static func objects(
    _ words: [String], _ namespace: String?, _ cluster: LocalCluster
  ) throws(CommandFailure) -> [ObjectIdentity] {
    if words.isEmpty { return [] }
    let client = try ClusterClient(cluster)
    let reader = ResourceWords(catalog: client.catalog, namespace: namespace ?? "default")
    var objects: [ObjectIdentity] = []
    for target in try reader.targets(words) {
      guard let name = target.name else {
        throw CommandFailure(
          "which \(target.resource.kind) is not said", help: "write KIND/NAME, or KIND NAME")
      }
      objects.append(ObjectIdentity(target.resource, namespace: target.namespace, name: name))
    }
    return objects
  }
}
