/// A selector cannot change.
enum B13Selector: FindingRule {
  static let code = "B13"
  static let title = "the Deployment is deleted and made anew"
  static let why = """
    Some fields of a Deployment, its selector above all, cannot change. It has to be deleted and \
    made anew, which stops all of its pods before new ones start; deleting it without its pods \
    leaves ReplicaSets that nobody manages.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.action == .replace, let change = scope.change(workload) else { return nil }
      let fields = change.fields.filter(\.isImmutable).map(\.pathText)
      let causes = change.replacement?.causes.map(\.field) ?? []
      let named = fields.isEmpty ? causes : fields
      return Finding(
        code, .disruption, workload, title,
        proof: "\(named.isEmpty ? "a field" : named.joined(separator: ", ")) cannot change; "
          + "\(PodEffect.pods(workload.replicas)) stop first",
        help: "make a second Deployment under another name, move the Service over, delete the first"
      )
    }
  }
}
