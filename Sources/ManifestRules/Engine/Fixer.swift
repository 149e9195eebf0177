import ManifestSyntax

/// Applies the fixes that findings carry, round after round, until nothing is left to do.
///
/// Fixes of one round that touch the same bytes wait for the next, in which the text has been
/// judged anew; so a fix is never applied to a text that it was not made for.
public struct Fixer {
  /// What fixing one text came to.
  public struct Outcome: Sendable {
    /// The text after all fixes, as bytes of the file: a byte-order mark is kept.
    public var bytes: [UInt8]
    /// What was done, in order: "line 7: remove the quotes".
    public var done: [String]
    /// How many rounds it took.
    public var rounds: Int
  }

  /// A fixer gives up after this many rounds, should two fixes undo each other.
  static let roundsMax = 20

  private let validator: Validator
  private let includesUnsafe: Bool

  /// - Parameter includesUnsafe: Also apply fixes that can alter what the cluster does.
  public init(_ validator: Validator, includesUnsafe: Bool = false) {
    self.validator = validator
    self.includesUnsafe = includesUnsafe
  }

  /// Fixes what can be fixed in `source`; nil where there is nothing to do, or the text is not
  /// UTF-8 on disk and could not be written back as it was.
  public func fix(_ source: SourceText, isExplicit: Bool) -> Outcome? {
    guard source.encoding == .utf8 else { return nil }
    var text = source
    var outcome = Outcome(bytes: [], done: [], rounds: 0)
    while outcome.rounds < Self.roundsMax {
      let fixes = validator.fixes(text, isExplicit: isExplicit, includesUnsafe: includesUnsafe)
      let (edits, left) = TextEdit.compatible(fixes.map(\.edits))
      guard !edits.isEmpty, let bytes = TextEdit.apply(edits, to: text) else { break }
      let skipped = Set(left)
      for (position, fix) in fixes.enumerated() where !skipped.contains(position) {
        outcome.done.append("line \(fix.line): \(fix.title)")
      }
      outcome.rounds += 1
      text = SourceText(name: source.name, bytes: bytes)
    }
    guard outcome.rounds > 0 else { return nil }
    let mark: [UInt8] = source.byteOffsetBase == 3 ? [0xEF, 0xBB, 0xBF] : []
    outcome.bytes = mark + Array(text.bytes)
    return outcome
  }
}

/// One round of fixes to one text.
public struct FixRound: Sendable {
  /// The text after the round, without a byte-order mark.
  public var bytes: [UInt8]
  /// What was done: "line 7: remove the quotes".
  public var done: [String]
}

extension Validator {
  /// Applies the fixes of everything found in `source`, lint rules' findings among it, that can be
  /// applied together; nil where there is nothing to do.
  public func fixOnce(
    _ source: SourceText, isExplicit: Bool, includesUnsafe: Bool, advice: [Linter.Advice]
  ) -> FixRound? {
    guard source.encoding == .utf8 else { return nil }
    let fixes = fixes(
      source, isExplicit: isExplicit, includesUnsafe: includesUnsafe, advice: advice)
    let (edits, left) = TextEdit.compatible(fixes.map(\.edits))
    guard !edits.isEmpty, let bytes = TextEdit.apply(edits, to: source) else { return nil }
    let skipped = Set(left)
    let done = fixes.enumerated().filter { !skipped.contains($0.offset) }
      .map { "line \($0.element.line): \($0.element.title)" }
    return FixRound(bytes: bytes, done: done)
  }
}

/// A fix of one finding, worked out for a text.
struct ReadyFix {
  var title: String
  var line: Int
  var edits: [TextEdit]

  /// The first fix of `diagnostic` that is allowed and can be done; nil where there is none.
  init?(
    _ located: LocatedDiagnostic, in tree: Tree?, includesUnsafe: Bool
  ) {
    for fix in located.diagnostic.fixes where includesUnsafe || fix.safety == .safe {
      var edits = fix.edits.compactMap(TextEdit.init)
      if edits.count < fix.edits.count {
        guard let tree else { continue }
        edits = SourceEditor.apply(fix.edits, to: tree)
      }
      guard !edits.isEmpty else { continue }
      self.edits = edits
      title = fix.title
      line = located.start.line
      return
    }
    return nil
  }
}
