import ArgumentParser
import ClusterPlan

extension PlanOptions.OnConflict: ExpressibleByArgument {}

/// How `diff` and `apply` see ownership, sets and deletions.
struct PlanningOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who owns what is applied.", valueName: "name"))
  var fieldManager = "kmf"

  @Option(
    help: """
      Where others own a field that a manifest sets otherwise: fail, force (take it) or skip \
      (leave the object alone).
      """)
  var onConflict: PlanOptions.OnConflict?

  @Flag(help: "As --on-conflict force.")
  var forceConflicts = false

  @Option(
    help: ArgumentHelp(
      "The manifests are all of this set: its objects are kept in an inventory.",
      valueName: "name"))
  var set: String?

  @Flag(help: "Delete the objects of the set that no manifest holds any more.")
  var prune = false

  @Option(
    help: ArgumentHelp(
      "Delete so many without --yes (default: 10).", valueName: "n"),
    transform: { try WholeNumber.read($0, least: 0) })
  var pruneMax: Int?

  /// What to do with objects of kinds that the cluster does not know.
  enum UnknownKinds: String, CaseIterable, ExpressibleByArgument { case error, skip }

  @Option(help: "Objects of kinds that the cluster does not know: error, or skip (leave them out).")
  var unknownKinds = UnknownKinds.error

  func validate() throws {
    if prune, set == nil {
      throw ValidationError("--prune needs --set NAME: only what a set made is deleted with it")
    }
    if forceConflicts, let onConflict, onConflict != .force {
      throw ValidationError("--force-conflicts and --on-conflict \(onConflict.rawValue) disagree")
    }
    if let set, !Inventory.isName(set) {
      throw ValidationError("'\(set)' is no name of a set: use letters, digits, '-', '_' and '.'")
    }
    if fieldManager.isEmpty || fieldManager.utf8.count > 128 {
      throw ValidationError("a field manager's name has 1 to 128 bytes")
    }
  }

  func options(namespace: String) -> PlanOptions {
    var options = PlanOptions()
    options.manager = fieldManager
    options.onConflict = forceConflicts ? .force : onConflict ?? .fail
    options.set = set
    options.prunes = prune
    options.prunedMax = pruneMax ?? options.prunedMax
    options.namespace = namespace
    options.skipsUnknownKinds = unknownKinds == .skip
    return options
  }
}
