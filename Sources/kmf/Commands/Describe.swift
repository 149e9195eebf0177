import ArgumentParser
import ClusterAPI
import ClusterPlan
import Glibc

/// `kmf describe`.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show an object with its owners, its events and what it has to do with others.",
    discussion: """
      kmf describe deployment/web -n shop
      kmf describe svc web api

      References are followed both ways: what the object uses, by name or by labels, with a mark \
      on what is missing, and who uses it. Values of Secrets are shown as digests only.

      Exit codes: 0 shown, 1 not found, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "KIND/NAME for each, or a kind and names.")
  var words: [String]

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace to look in (default: default).", valueName: "name"))
  var namespace: String?

  @Option(name: [.short, .long], help: "How to show it: text or json.")
  var output: TextOrJSON = .text

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let planning = try PlanningCluster(place, isWriting: false, mustExist: true)
    let client = try ClusterClient(planning.cluster)
    let reader = ResourceWords(catalog: client.catalog, namespace: namespace ?? "default")
    let output = Output()
    var isRefused = false
    var isFirst = true
    for target in try reader.targets(words) {
      guard let name = target.name else {
        throw CommandFailure(
          "which \(target.resource.kind) is not said", help: "write KIND/NAME, or KIND NAME")
      }
      do throws(StatusError) {
        let found = try Description.of(
          target.resource, namespace: target.namespace, name: name, in: planning.cluster)
        let masked = planning.masker.mask(found)
        if !isFirst { output.writeLine("") }
        isFirst = false
        switch self.output {
        case .json: output.write(masked.json)
        case .text: output.write(masked.text(isColored: Styles(for: STDOUT_FILENO).isColored))
        }
      } catch {
        output.flush()
        Complaint.writeLine("kmf: \(error.message)")
        isRefused = true
      }
    }
    output.flush()
    if isRefused { throw ExitStatus.findings }
  }
}
