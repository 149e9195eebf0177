import ArgumentParser
import ManifestRules
import ManifestSchema

/// `kmf lint`.
struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Judge manifests as an experienced reviewer would, with the whole repository in view.",
    discussion: """
      Says what `kmf validate` says, and what the rules of docs/rules/ find besides. References \
      between objects are looked up in the whole git repository (outside of one: in the working \
      directory), whatever PATH and --changed-since choose to report on; standard input is a world \
      of its own.

      Rules are chosen by preset, code, beginning of a code, or name: --preset strict \
      --select IMG --ignore RES004. `kmf explain CODE` tells about a rule.

      Exit codes: 0 clean, 1 findings of the severity that --fail-on names (default: warning), \
      2 wrong usage or configuration or unreadable input, 3 internal error.
      """)

  @Argument(
    help: "Files, folders, patterns, or '-' for standard input.",
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var path: [String] = []

  @OptionGroup(title: "Rules") var rules: LintRuleOptions
  @OptionGroup(title: "Input") var input: InputOptions
  // `--ignore` is for rules here, as everywhere among linters.
  @Flag(help: "Read what .gitignore and .kmfignore name, too.")
  var noIgnore = false

  @OptionGroup(title: "Judging") var judging: JudgingOptions
  @OptionGroup(title: "Running") var running: LintRunOptions
  @OptionGroup(title: "Fixing") var fixing: FixingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Flag(help: "Write the configuration of pre-commit with kmf's hooks, or show what to add to it.")
  var addHook = false

  func run() throws {
    if addHook { return try HookHelp.run() }
    let configuration = try ConfigurationFile.load(input.config)
    var common = try ValidateSettings(configuration)
    common.failOn = configuration.lint.failOn ?? configuration.failOn ?? .warning
    // Custom kinds are counted in the closing line; a finding for each would bury the others.
    common.unknownKinds = configuration.unknownKinds ?? .skip
    common.command = "lint"
    common.paths = Self.paths(path)
    input.apply(to: &common)
    if noIgnore { common.respectsIgnoreFiles = false }
    try judging.apply(to: &common)
    output.apply(to: &common)
    try fixing.apply(to: &common, hasOutput: !output.output.isEmpty)
    var settings = LintSettings(common)
    try configuration.lint.apply(to: &settings, of: configuration)
    try rules.apply(to: &settings)
    try running.apply(to: &settings)
    settings.configurationText = "\(configuration)"
    if settings.watches { try WatchLoop(settings: settings).run() }
    let status = try LintRun(settings).run()
    if status != .clean { throw status }
  }
}

extension Lint {
  /// The paths given, or standard input where something is piped in, or the working directory.
  static func paths(_ path: [String]) -> [String] {
    (try? Validate.paths(path, for: "lint")) ?? ["."]
  }
}

/// Which rules run, and how.
struct LintRuleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Rules to begin with: \(AdvicePreset.names); repeatable (default: recommended).",
      valueName: "name"),
    completion: .list(AdvicePreset.allCases.map(\.rawValue)))
  var preset: [String] = []

  @Option(
    help: ArgumentHelp(
      "Rules to add, or alone without --preset: codes, beginnings of codes, names; repeatable, or "
        + "parted by commas.", valueName: "rules"))
  var select: [String] = []

  @Option(help: ArgumentHelp("Rules to leave out, named as for --select.", valueName: "rules"))
  var ignore: [String] = []

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A parameter of a rule, such as SEC009.min-uid=1000; repeatable.",
      valueName: "CODE.name=value"))
  var parameters: [String] = []

  @Option(
    help: ArgumentHelp(
      "Judge by a Pod Security profile of a version of its own: restricted@1.31.",
      valueName: "profile@version"))
  var pss: String?

  @Flag(help: "Report also what comments and annotations suppress.")
  var noSuppressions = false

  func apply(to settings: inout LintSettings) throws(CommandFailure) {
    if !preset.isEmpty || !select.isEmpty { settings.selection.presets = [] }
    for name in preset.flatMap(Self.parts) {
      settings.selection.presets.append(try AdvicePreset(checking: name))
    }
    for word in select.flatMap(Self.parts) {
      settings.selection.select += try RuleWords.codes(word)
    }
    for word in ignore.flatMap(Self.parts) {
      settings.selection.ignore += try RuleWords.codes(word)
    }
    for text in parameters { try settings.selection.set(text) }
    if noSuppressions { settings.policy.honoursSource = false }
    if let pss { try settings.selection.applyProfile(pss) }
  }

  private static func parts(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      String(part.drop { $0 == " " }.prefix { $0 != " " })
    }
  }
}

/// What names rules on the command line and in the configuration.
enum RuleWords {
  /// The word itself where it names rules, else the codes of a peer's rule of that name.
  static func codes(_ word: String) throws(CommandFailure) -> [String] {
    let known = AdviceSelection.codes(word)
    if !known.isEmpty { return known }
    let codes = AdviceRegistry.all.map { $0.about.code }
    let names = AdviceRegistry.all.map { $0.about.name }
    let near = NearestWord.of(word, among: word.contains("-") ? names : codes)
    throw CommandFailure(
      "no rule is called '\(word)'",
      help: near.map { "did you mean '\($0)'?" } ?? "docs/rules lists the rules that there are")
  }
}

extension AdvicePreset {
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  init(checking name: String) throws(CommandFailure) {
    guard let preset = AdvicePreset(rawValue: name) else {
      let near = NearestWord.of(name, among: Self.allCases.map(\.rawValue))
      throw CommandFailure(
        "there is no preset '\(name)'",
        help: near.map { "did you mean '\($0)'?" } ?? "presets are \(Self.names)")
    }
    self = preset
  }
}

extension AdviceSelection {
  /// Reads `CODE.name=value`.
  mutating func set(_ text: String) throws(CommandFailure) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let dot = parts[0].firstIndex(of: ".") else {
      throw CommandFailure(
        "'\(text)' sets nothing", help: "write CODE.name=value, such as SEC009.min-uid=1000")
    }
    try set(
      String(parts[0][..<dot]), String(parts[0][parts[0].index(after: dot)...]),
      to: String(parts[1]))
  }

  /// Sets a parameter of the rule with this code or name.
  mutating func set(
    _ code: String, _ name: String, to text: String
  ) throws(CommandFailure) {
    guard let rule = AdviceRegistry.rule(code)?.about else {
      _ = try RuleWords.codes(code)
      throw CommandFailure("'\(code)' names several rules; a parameter belongs to one")
    }
    guard let parameter = rule.parameters.first(where: { $0.name == name }) else {
      let names = rule.parameters.map(\.name).joined(separator: ", ")
      throw CommandFailure(
        "\(rule.code) has no parameter '\(name)'",
        help: names.isEmpty ? "it has none at all" : "it has \(names)")
    }
    guard let setting = parameter.kind.setting(text) else {
      throw CommandFailure("\(rule.code).\(name) takes \(parameter.kind.words), not '\(text)'")
    }
    parameters[rule.code, default: [:]][name] = setting
  }

  /// Reads `baseline`, `restricted@1.31`.
  mutating func applyProfile(_ text: String) throws(CommandFailure) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    if presets.isEmpty, select.isEmpty { presets = [.recommended] }
    switch parts.first {
    case "baseline": presets.append(.podSecurityBaseline)
    case "restricted": presets.append(.podSecurityRestricted)
    case "privileged": ignore += ["PSB", "PSR"]
    default:
      throw CommandFailure(
        "there is no Pod Security profile '\(text)'",
        help: "profiles are privileged, baseline and restricted; restricted@1.31 names a version")
    }
    guard parts.count == 2 else { return }
    do {
      podSecurityVersion = try VersionRange(checking: String(parts[1])).last
    } catch {
      throw CommandFailure("--pss: \(error)")
    }
  }
}

/// What a run does besides finding things.
struct LintRunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Report only on files that differ from this git revision, or are new.", valueName: "rev"))
  var changedSince: String?

  @Option(
    help: ArgumentHelp("Leave out the findings that this file knows.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Write all findings into a file for --baseline, and end with 0.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var writeBaseline: String?

  @Flag(help: "Print how many findings each rule has in place of the findings.")
  var statistics = false

  @Flag(help: "Run again whenever a file changes, until interrupted.")
  var watch = false

  @Flag(help: "Neither read nor write .kmf/cache.")
  var noCache = false

  @Flag(
    help: "Do not run kustomize, kubectl or helm to see what kustomizations and charts come to.")
  var noRender = false

  func apply(to settings: inout LintSettings) throws(CommandFailure) {
    settings.changedSince = changedSince
    settings.baseline = baseline ?? settings.baseline
    settings.writesBaseline = writeBaseline
    if writeBaseline != nil { settings.baseline = baseline }
    settings.showsStatistics = statistics
    settings.watches = watch
    if noCache { settings.usesCache = false }
    if noRender { settings.renders = false }
  }
}
