import ManifestSchema
import ManifestSyntax

/// What a lint rule says of itself: its name, its page, and examples that are its tests.
public struct AdviceDescription: Sendable {
  /// In which presets the rule is on without being asked for.
  public enum Membership: String, Sendable {
    /// On by default.
    case recommended
    /// On in `strict`.
    case strict
    /// Off until somebody selects it.
    case optional
  }

  /// What can be done about a finding by itself.
  public enum Fixing: String, Sendable {
    /// `--fix` does it: what the cluster does stays the same.
    case safe
    /// `--unsafe-fixes` does it: the cluster may do something else afterwards.
    case unsafe
    /// The help shows what to write; kmf does not do it.
    case hint
    case none = "no"
  }

  /// The code: `RES001`. Never used twice.
  public var code: String
  /// The name: `no-memory-request`.
  public var name: String
  public var severity: Diagnostic.Severity
  public var membership: Membership
  public var fixing: Fixing
  /// What the rule finds, as a sentence.
  public var summary: String
  /// Why that is bad; a paragraph.
  public var why: String
  public var parameters: [AdviceParameter]
  /// Codes of other findings that say the same: they are left out where this rule has spoken about
  /// the same line. Codes of validation, or of weaker lint rules.
  public var supersedes: [String]
  /// Manifests in which the rule has something to say, with `# want: WORDS` at the end of each line
  /// that it must point at.
  public var bad: [AdviceExample]
  /// Manifests in which it must be silent; near misses first.
  public var good: [AdviceExample]

  public init(
    _ code: String, _ name: String, _ severity: Diagnostic.Severity, _ membership: Membership,
    fix fixing: Fixing = .none, _ summary: String, why: String,
    parameters: [AdviceParameter] = [], supersedes: [String] = [], bad: [AdviceExample],
    good: [AdviceExample]
  ) {
    self.code = code
    self.name = name
    self.severity = severity
    self.membership = membership
    self.fixing = fixing
    self.summary = summary
    self.why = why
    self.parameters = parameters
    self.supersedes = supersedes
    self.bad = bad
    self.good = good
  }

  /// The family of the code: `RES`.
  public var family: String { String(code.prefix { $0.isLetter }) }
}

/// A setting of one rule: `lint.rules.CODE.NAME` in kmf.yaml, `--set CODE.NAME=VALUE`.
public struct AdviceParameter: Sendable {
  /// What values it takes, with the one that holds where nothing is set.
  public enum Kind: Sendable, Equatable {
    case integer(Int)
    case number(Double)
    case text(String)
    case choice([String], String)
    /// A list of texts; on the command line parted by commas.
    case list([String])
  }

  public var name: String
  public var summary: String
  public var kind: Kind

  public init(_ name: String, _ kind: Kind, _ summary: String) {
    self.name = name
    self.kind = kind
    self.summary = summary
  }
}

/// A manifest that shows a rule at work.
///
/// Several files are parted by lines `--- # file: NAME`; the first part is `example.yaml` unless
/// the text begins with such a line.
public struct AdviceExample: Sendable, ExpressibleByStringLiteral {
  public var text: String
  /// The version by which it is judged; the newest where nothing is said.
  public var version: KubernetesVersion
  /// Parameters of the rule, as `--set` takes them.
  public var parameters: [String: String]

  public init(stringLiteral text: String) { self.init(text) }

  public init(
    _ text: String, version: KubernetesVersion = .latest, set parameters: [String: String] = [:]
  ) {
    self.text = text
    self.version = version
    self.parameters = parameters
  }

  /// One file of an example, with the lines (from 1) at which a finding is wanted.
  public struct File: Sendable {
    public var name: String
    public var text: String
    public var wants: [(line: Int, words: String)]
  }

  /// The files, without their `want` comments.
  public var files: [File] {
    var files: [File] = []
    var lines: [Substring] = []
    var name = "example.yaml"
    func finish() {
      if lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }), files.isEmpty, lines.count <= 1 {
        lines = []
        return
      }
      files.append(Self.file(name, lines))
      lines = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("--- # file: ") {
        finish()
        name = String(line.dropFirst(12))
      } else {
        lines.append(line)
      }
    }
    finish()
    return files
  }

  private static func file(_ name: String, _ lines: [Substring]) -> File {
    var wants: [(line: Int, words: String)] = []
    var kept: [Substring] = []
    for (number, line) in lines.enumerated() {
      guard let (before, words) = split(line) else {
        kept.append(line)
        continue
      }
      wants.append((number + 1, words))
      kept.append(before)
    }
    return File(name: name, text: kept.joined(separator: "\n") + "\n", wants: wants)
  }

  /// The line without its `# want: …`, and the words.
  private static func split(_ line: Substring) -> (Substring, String)? {
    let mark = "# want: "
    var at = line.startIndex
    while at < line.endIndex {
      if line[at...].hasPrefix(mark) {
        var before = line[..<at]
        while before.last == " " { before.removeLast() }
        return (before, String(line[at...].dropFirst(mark.count)))
      }
      at = line.index(after: at)
    }
    return nil
  }
}
