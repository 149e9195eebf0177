import Glibc
import ManifestRules
import ManifestSchema

/// Everything that a run of `kmf lint` depends on besides what it shares with `kmf validate`.
struct LintSettings {
  /// What both commands understand.
  var common: ValidateSettings
  var selection = AdviceSelection()
  /// Names that something outside of the repository supplies.
  var externals: [String] = []
  /// What is left out of the findings.
  var policy = SuppressionPolicy(today: Today.text)
  /// A git revision: only files that differ from it are reported.
  var changedSince: String?
  var baseline: String?
  var writesBaseline: String?
  var showsStatistics = false
  var watches = false
  var usesCache = true
  /// Whether kustomize is run where it is installed.
  var renders = true
  /// The configuration as it was read, for the cache to compare.
  var configurationText = ""

  init(_ common: ValidateSettings) { self.common = common }

  /// Everything about the judging that is no text of a manifest, in words.
  var fingerprint: String {
    let arguments = CommandLine.arguments.dropFirst().joined(separator: "\0")
    return "\(configurationText)\0\(arguments)\0\(common.substitutions.sorted { $0.key < $1.key })"
  }
}

/// The day on which suppressions are judged.
enum Today {
  /// Today in UTC as `YYYY-MM-DD`; SOURCE_DATE_EPOCH sets another day, so that runs can be
  /// repeated.
  static var text: String {
    var seconds = time(nil)
    if let text = getenv("SOURCE_DATE_EPOCH"), let number = Int(String(cString: text)) {
      seconds = number
    }
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let digits = [Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(Int(parts.tm_year) + 1900)-\(digits.joined(separator: "-"))"
  }
}
