/// For reviews: a heading with the verdict, a table for each rollout, findings as a list.
public enum MarkdownPlan: PlanFormat {
  public static let name = "markdown"

  public static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String {
    var lines = ["## Plan: \(escaped(forecast.verdict))", ""]
    lines.append(escaped(ChangeSummary(forecast.changes).text))
    for change in forecast.changes.changes where change.action == .failed {
      lines += [
        "",
        "**\(escaped(change.object.fullLabel))**: "
          + escaped(change.error?.message ?? "refused"),
      ]
    }
    for problem in forecast.changes.problems { lines += ["", escaped(problem.text)] }
    if !forecast.findings.isEmpty {
      lines += ["", "### Findings", ""]
      for finding in forecast.findings { lines += self.finding(finding) }
    }
    for workload in forecast.workloads { lines += self.workload(workload) }
    let assumptions = PlanTexts.assumptions(forecast)
    if !assumptions.isEmpty {
      lines += ["", "### Assumptions", ""]
      lines += assumptions.map { "- \(escaped($0))" }
    }
    if !PlanTexts.notes(forecast).isEmpty { lines.append("") }
    lines += PlanTexts.notes(forecast).map { "> \(escaped($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func finding(_ finding: Finding) -> [String] {
    [
      "- **\(finding.severity.rawValue) \(finding.code)** \(escaped(finding.object)): "
        + escaped(finding.message),
      "  - proof: \(escaped(finding.proof))", "  - help: \(escaped(finding.help))",
    ]
  }

  private static func workload(_ workload: WorkloadForecast) -> [String] {
    var lines = ["", "### \(escaped(workload.object.fullLabel))", ""]
    lines.append(
      escaped(
        ([workload.effect, PlanTexts.strategy(workload)] + workload.images)
          .filter { !$0.isEmpty }.joined(separator: " · ")))
    guard !workload.course.steps.isEmpty else { return lines }
    lines += ["", escaped(PlanTexts.summary(workload))]
    let facts = PlanTexts.facts(workload)
    if !facts.isEmpty { lines.append("") }
    lines += facts.map { "- \(escaped($0))" }
    lines += [
      "", "| time | ReplicaSet | version | from | to | total | available |",
      "|---:|---|---|---:|---:|---:|---:|",
    ]
    for step in workload.course.steps {
      lines.append(
        "| \(PlanTexts.duration(step.seconds)) | \(step.replicaSet) | \(step.revision.rawValue) "
          + "| \(step.from) | \(step.to) | \(step.total) | \(step.available) |")
    }
    return lines
  }

  /// Text that Markdown leaves as it is, on one line.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "|", "*", "_", "`", "<", ">", "[", "]", "\\": result += "\\\(character)"
      case "\n", "\r", "\r\n": result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
