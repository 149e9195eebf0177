/// For people at a terminal: the verdict, each rollout with its writes and a small chart, findings.
public enum PrettyPlan: PlanFormat {
  public static let name = "pretty"
  /// More writes than this are shown as the first and the last ones.
  static let stepsMax = 24

  public static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String {
    let printer = PlanPrinter(options: options)
    var lines = [printer.paint(forecast.verdict, .strong)]
    for change in forecast.changes.changes where change.action == .failed {
      lines.append("")
      lines += ApplyLines.complaints(change)
    }
    for problem in forecast.changes.problems { lines += ["", problem.text] }
    for workload in forecast.workloads { lines += [""] + printer.workload(workload) }
    let others = forecast.changes.changes.filter { change in
      change.isChange && !forecast.workloads.contains { $0.object == change.object }
    }
    if !others.isEmpty { lines.append("") }
    lines += others.map(printer.object)
    if !forecast.findings.isEmpty { lines.append("") }
    for finding in forecast.findings { lines += printer.finding(finding) }
    if forecast.workloads.count > 1 {
      lines += ["", "all together at most \(PodEffect.pods(forecast.jointPeakPods))"]
    }
    let assumptions = PlanTexts.assumptions(forecast).map { "  " + $0 }
    if !assumptions.isEmpty { lines += ["", "assumed:"] + assumptions }
    for note in PlanTexts.notes(forecast) { lines += ["", "note: \(note)"] }
    lines += ["", ChangeSummary(forecast.changes).text]
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The lines of one part.
private struct PlanPrinter {
  let options: ChangeFormatOptions
  let paint: Paint

  init(options: ChangeFormatOptions) {
    self.options = options
    paint = Paint(isColored: options.isColored)
  }

  func object(_ change: ObjectChange) -> String {
    let sign =
      switch change.action {
      case .create: "+"
      case .delete: "-"
      case .replace: "-/+"
      default: "~"
      }
    let effect = change.pods.map { "  \($0.text)" } ?? ""
    return "\(sign) \(change.object.fullLabel)\(effect)"
  }

  func workload(_ workload: WorkloadForecast) -> [String] {
    let course = workload.course
    var lines = [
      paint(workload.object.fullLabel, .strong) + "  " + workload.effect,
      "  " + PlanTexts.strategy(workload),
    ]
    lines += workload.images.map { "  image \($0)" }
    if course.steps.isEmpty {
      lines.append("  no ReplicaSet changes its size")
      return lines
    }
    lines += [""] + schedule(workload) + [""] + chart(course) + [""]
    lines.append("  " + PlanTexts.summary(workload))
    lines += PlanTexts.facts(workload).map { "  " + $0 }
    return lines
  }

  // MARK: - The writes

  private func schedule(_ workload: WorkloadForecast) -> [String] {
    let steps = workload.course.steps
    let width = steps.map { $0.replicaSet.count }.max() ?? 0
    var lines = [paint(row("time", "ReplicaSet", "", "pods", "total", "available", width), .dim)]
    let most = PrettyPlan.stepsMax
    let shown = steps.count <= most ? Array(steps) : Array(steps.prefix(most * 2 / 3))
    lines += shown.map { line($0, width) }
    if steps.count > most {
      lines.append(paint("          … \(steps.count - most) more writes …", .dim))
      lines += steps.suffix(most - shown.count).map { line($0, width) }
    }
    return lines
  }

  private func line(_ step: RolloutStep, _ width: Int) -> String {
    let text = row(
      PlanTexts.duration(step.seconds), step.replicaSet, step.revision.rawValue,
      "\(step.from) → \(step.to)", "\(step.total)", "\(step.available)", width)
    return paint(text, step.to > step.from ? .add : .change)
  }

  private func row(
    _ time: String, _ set: String, _ revision: String, _ pods: String, _ total: String,
    _ available: String, _ width: Int
  ) -> String {
    let cells = [
      left(time, 7), right(set, max(width, 10)), right(revision, 5), left(pods, 11),
      left(total, 6), left(available, 10),
    ]
    return "  " + cells.joined(separator: " ")
  }

  private func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func right(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  // MARK: - The chart

  /// One bar for each wave: old pods, new pods, and how many of them are available.
  private func chart(_ course: RolloutCourse) -> [String] {
    let scale = min(1, 40 / Double(max(1, course.peakPods)))
    let length = { (count: Int) in count == 0 ? 0 : max(1, Int((Double(count) * scale).rounded())) }
    var moments = course.moments
    if moments.count > 16 {
      let step = Double(moments.count - 1) / 15
      moments = (0..<16).map { course.moments[Int((Double($0) * step).rounded())] }
    }
    let number = { (count: Int) in left("\(count)", 4) }
    var lines = moments.map { moment -> String in
      let new = course.count(.new, in: moment.sizes)
      let old = moment.total - new
      let bar =
        paint(String(repeating: "▒", count: length(old)), .change)
        + paint(String(repeating: "█", count: length(new)), .add)
      let rest = 42 - length(old) - length(new)
      return "  \(left(PlanTexts.duration(moment.seconds), 7)) \(bar)"
        + String(repeating: " ", count: max(1, rest))
        + "old\(number(old)) new\(number(new)) available\(number(moment.availableTotal))"
    }
    lines.append(paint("          ▒ old  █ new", .dim))
    return lines
  }

  // MARK: - What else there is

  func finding(_ finding: Finding) -> [String] {
    let color: Paint.Color =
      switch finding.severity {
      case .blocked: .error
      case .disruption, .risk: .change
      case .note: .dim
      }
    return [
      paint("\(finding.severity.rawValue)[\(finding.code)]", color)
        + ": \(finding.object): \(finding.message)",
      "  = proof: \(finding.proof)", "  = help: \(finding.help)",
    ]
  }
}
