/// Which fields a request to one endpoint of a kind can write, and so own.
///
/// The object itself does not take its status, for example, and its status endpoint takes nothing
/// else; what a request sets there all the same belongs to nobody.
public enum OwnershipFilter: Sendable {
  /// Everything but these fields and what is below them.
  case excluding(FieldSet)
  /// Only what is on the way to or below one of the patterns.
  case including([[Step]])

  /// One step of a pattern.
  public enum Step: Sendable {
    case field(String)
    /// Any item of a list.
    case anything
  }

  /// Everything but some fields: `.excluding("status")`, `.excluding("metadata.labels")`.
  public static func excluding(_ paths: String...) -> OwnershipFilter {
    .excluding(
      FieldSet(paths.map { $0.split(separator: ".").map { .field(String($0)) } }))
  }

  /// The part of `set` that the filter lets through.
  public func callAsFunction(_ set: FieldSet) -> FieldSet {
    switch self {
    case .excluding(let fields): set.subtractingTrees(fields)
    case .including(let patterns): Self.including(patterns.map { $0[...] }, of: set)
    }
  }

  func callAsFunction(_ comparison: Comparison) -> Comparison {
    Comparison(
      added: self(comparison.added), modified: self(comparison.modified),
      removed: self(comparison.removed))
  }

  private static func including(_ patterns: [ArraySlice<Step>], of set: FieldSet) -> FieldSet {
    // A pattern that has ended takes everything from here on.
    if patterns.contains(where: \.isEmpty) { return set }
    var builder = FieldSetBuilder()
    for member in set.members where patterns.contains(where: { matches($0.first, member) }) {
      builder.add(member)
    }
    for child in set.children {
      let rest = patterns.filter { matches($0.first, child.element) }.map { $0.dropFirst() }
      if !rest.isEmpty { builder.add(including(rest, of: child.set), below: child.element) }
    }
    return builder.set()
  }

  private static func matches(_ step: Step?, _ element: PathElement) -> Bool {
    switch (step, element) {
    case (.anything, _): true
    case (.field(let name), .field(let other)): name == other
    default: false
    }
  }
}
