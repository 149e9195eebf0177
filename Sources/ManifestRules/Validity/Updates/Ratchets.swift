import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Mistakes that an update may keep because the stored object has them already (RAT-*).
enum Ratchets {
  /// What is forgiven when the old object breaks the same rule, there if a part is named.
  private struct Forgiven {
    var codes: Set<String>
    var part: String?

    func covers(_ diagnostic: Diagnostic) -> Bool {
      guard codes.contains(diagnostic.code) else { return false }
      guard let part else { return true }
      return diagnostic.path.steps.contains(.field(part))
    }
  }

  private static let sameRule: [Forgiven] = [
    Forgiven(codes: ["ANN-04"]),  // RAT-01
    Forgiven(codes: ["RES-09"]),  // RAT-02
    Forgiven(codes: ["LSEL-01", "LSEL-06"], part: "podAffinity"),  // RAT-03
    Forgiven(codes: ["LSEL-01", "LSEL-06"], part: "podAntiAffinity"),
    Forgiven(codes: ["AFF-07"]),  // RAT-04
    Forgiven(codes: selectorCodes, part: "topologySpreadConstraints"),  // RAT-05
    Forgiven(codes: ["TSC-09", "TSC-10", "TSC-11"]),
    Forgiven(codes: ["VOL-84"]),  // RAT-06
    Forgiven(codes: ["PSC-10", "PSC-11"]),  // RAT-07
    Forgiven(codes: ["RSZ-05"]),  // RAT-08
    Forgiven(codes: ["POD-29"]),  // RAT-09
    Forgiven(codes: ["PSC-18"]),  // RAT-10
    Forgiven(codes: ["TOL-06", "TOL-07"]),  // RAT-11
  ]

  private static let selectorCodes: Set<String> = [
    "LSEL-01", "LSEL-02", "LSEL-03", "LSEL-04", "LSEL-05", "LSEL-06",
  ]

  /// Texts of addresses that are forgiven where the old object has the same text (RAT-12, RAT-13).
  private static let sameText: Set<String> = [
    "SVC-31", "SVC-35", "SVC-41", "SVC-42", "DNS-04", "DNS-09",
  ]

  /// `found` without what is forgiven.
  static func ratcheted(
    _ found: [Diagnostic], old: () -> [Diagnostic], oldTree: Tree, newTree: Tree
  ) -> [Diagnostic] {
    let isConcerned = found.contains { diagnostic in
      diagnostic.severity == .error
        && (sameText.contains(diagnostic.code) || sameRule.contains { $0.covers(diagnostic) })
    }
    guard isConcerned else { return found }
    let known = old().filter { $0.severity == .error }
    let forgiven = sameRule.filter { rule in known.contains { rule.covers($0) } }
    var texts: [String: Set<String>] = [:]
    for diagnostic in known where sameText.contains(diagnostic.code) {
      texts[diagnostic.code, default: []].insert(text(at: diagnostic.path, in: oldTree))
    }
    return found.filter { diagnostic in
      if forgiven.contains(where: { $0.covers(diagnostic) }) { return false }
      guard let known = texts[diagnostic.code] else { return true }
      return !known.contains(text(at: diagnostic.path, in: newTree))
    }
  }

  private static func text(at path: FieldPath, in tree: Tree) -> String {
    tree.node(at: path).map(tree.string) ?? ""
  }
}
