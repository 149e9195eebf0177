/// Others have to go.
enum B20Preemption: FindingRule {
  static let code = "B20"
  static let title = "new pods push others out"
  static let why = """
    Where there is no room for a pod of higher priority, the scheduler deletes pods of lower \
    priority. They may belong to somebody else.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard let victims = workload.room?.victims, !victims.isEmpty else { return nil }
      let shown = victims.prefix(5).joined(separator: ", ")
      let more = victims.count > 5 ? " and \(victims.count - 5) more" : ""
      return Finding(
        code, .disruption, workload, "\(title): \(PodEffect.pods(victims.count))",
        proof: "deleted to make room: \(shown)\(more)",
        help: "add room, surge less, or use a priority class that does not preempt")
    }
  }
}
