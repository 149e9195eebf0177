import ArgumentParser
import ClusterAPI
import ClusterControl
import ClusterPlan
import ClusterStore
import Glibc
import ManifestSyntax

/// `kmf restore`.
struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring objects, or the whole cluster, back to what they were.",
    discussion: """
      kmf restore --revision 57
      kmf restore --revision 57 deployment/web -n shop

      Restored objects have the uid, the owners and the status that they had. All of it happens in \
      one transaction, as a new step of the history: what was in between can be restored as well. \
      --dry-run shows the difference.

      Exit codes: 0 done, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  @Argument(help: "KIND/NAME for each, or a kind and names; none for the whole cluster.")
  var words: [String] = []

  @Option(
    help: ArgumentHelp("The revision to go back to; 'kmf history' shows them.", valueName: "n"),
    transform: { try WholeNumber.read($0, least: 1) })
  var revision: Int

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace of the objects (default: default).", valueName: "name"))
  var namespace: String?

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Option(name: [.short, .long], help: "How to tell what was done: text or json.")
  var output: TextOrJSON = .text

  @Option(help: ArgumentHelp("Who restores, for the history.", valueName: "name"))
  var fieldManager = "kmf"

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let planning = try PlanningCluster(place, isWriting: false, mustExist: true)
    let objects = try ObjectWords.objects(words, namespace, planning.cluster)
    let restorer = Restorer(planning.cluster, manager: fieldManager)
    let outcome: Restorer.Outcome
    do throws(StatusError) {
      outcome =
        objects.isEmpty
        ? try restorer.whole(to: Revision(revision), isDryRun: dryRun)
        : try restorer.objects(objects.map(\.key), to: Revision(revision), isDryRun: dryRun)
    } catch {
      Complaint.writeLine("kmf: \(error.message)")
      Complaint.writeLine("kmf: nothing was restored")
      throw ExitStatus.findings
    }
    print(outcome, planning.masker.mask(outcome.changes))
  }

  private func print(_ outcome: Restorer.Outcome, _ set: ChangeSet) {
    let output = Output()
    switch self.output {
    case .json: output.write(JSONChanges.text(set, ChangeFormatOptions()))
    case .text where dryRun:
      var options = ChangeFormatOptions()
      let styles = Styles(for: STDOUT_FILENO)
      options.isColored = styles.isColored
      options.width = styles.width
      output.write(PrettyChanges.text(set, options))
    case .text:
      for change in set.changes {
        output.writeLine("\(change.object.label) \(Self.word(change))")
      }
      if set.isEmpty, !set.changes.contains(where: \.adoptsFields) {
        output.writeLine("the cluster is as it was at revision \(revision)")
      } else {
        output.writeLine("to undo this: kmf restore --revision \(outcome.before)")
      }
    }
    output.flush()
  }

  private static func word(_ change: ObjectChange) -> String {
    switch change.action {
    case .create: "restored (it was gone)"
    case .delete: "deleted (it was not there)"
    case .update:
      "restored (\(change.fields.count) field\(change.fields.count == 1 ? "" : "s"))"
    default: change.adoptsFields ? "restored (status and ownership)" : "unchanged"
    }
  }
}
