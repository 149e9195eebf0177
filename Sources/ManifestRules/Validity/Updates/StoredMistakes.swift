import ManifestSyntax

/// What the server forgives in updates, and what it asks of status. ``Ratchets`` does the former.
enum StoredMistakes: UpdateRules {
  static let title = "Mistakes that stored objects may keep"
  static let kinds = PodUpdateRules.kinds

  static func check(_ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report) {}

  private static func forgiven(_ id: String, _ summary: String) -> RuleDescription {
    .untestable(id, summary, because: "nothing is refused")
  }

  private static func status(_ id: String, _ summary: String) -> RuleDescription {
    .untestable(id, summary, because: "manifests set no status, and the server ignores one")
  }

  static let rules: [RuleDescription] = [
    forgiven("RAT-01", "An update keeps a deletion cost that is no number."),
    forgiven("RAT-02", "An update keeps huge pages that cannot be divided."),
    forgiven("RAT-03", "An update keeps impossible label values in pod affinity."),
    forgiven("RAT-04", "An update keeps impossible label values in required node affinity."),
    forgiven("RAT-05", "An update keeps wrong selectors of spread constraints."),
    forgiven("RAT-06", "An update keeps the path of a projected token."),
    forgiven("RAT-07", "An update keeps kernel parameters of a namespace shared with the host."),
    forgiven("RAT-08", "An update keeps resize policies of init containers."),
    forgiven("RAT-09", "An update keeps devices beside a user namespace."),
    forgiven("RAT-10", "An update keeps any policy about SELinux changes."),
    forgiven("RAT-11", "An update keeps words of features that were on before."),
    forgiven("RAT-12", "An update keeps addresses in an old way of writing."),
    forgiven("RAT-13", "An update keeps source ranges in the annotation."),
    forgiven("RAT-14", "An update keeps fields of features that were on before."),
    status("STA-01", "The counters of a Deployment's status are not negative."),
    status("STA-02", "The counters of a Deployment's status fit each other."),
    status("STA-03", "The collision count of a Deployment does not decrease."),
    status("STA-04", "The counters of a ReplicaSet's status fit each other."),
    status("STA-05", "Only load balancers have points of entry in their status."),
    status("STA-06", "The quality of service of a pod does not change."),
    status("STA-07", "The addresses in a pod's status are one of each family."),
    status("STA-08", "Containers that ended restart only where the policy says so."),
    .untestable(
      "STA-09", "A status in a manifest is discarded.", because: "it is the same as DRP-05"),
  ]
}
