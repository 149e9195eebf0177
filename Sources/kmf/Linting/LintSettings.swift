import ManifestRules
import ManifestSchema

/// Everything that a run of `kmf lint` depends on besides what it shares with `kmf validate`.
struct LintSettings {
  /// What both commands understand.
  var common: ValidateSettings
  var selection = AdviceSelection()
  /// Names that something outside of the repository supplies.
  var externals: [String] = []
  /// Whether comments and annotations that suppress findings count.
  var honoursSuppressions = true
  /// A git revision: only files that differ from it are reported.
  var changedSince: String?
  var baseline: String?
  var writesBaseline: String?
  var showsStatistics = false
  var watches = false
  var usesCache = true

  init(_ common: ValidateSettings) { self.common = common }
}
