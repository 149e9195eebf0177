/// A report in one file that needs no network: pictures, the same as tables, findings.
public enum HTMLPlan: PlanFormat {
  public static let name = "html"

  public static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String {
    var body = "<h1>\(escaped(forecast.verdict))</h1>\n"
    body += "<p>\(escaped(ChangeSummary(forecast.changes).text))</p>\n"
    for change in forecast.changes.changes where change.action == .failed {
      body +=
        "<p class=\"blocked\">\(escaped(change.object.fullLabel)): "
        + "\(escaped(change.error?.message ?? "refused"))</p>\n"
    }
    for problem in forecast.changes.problems {
      body += "<p class=\"blocked\">\(escaped(problem.text))</p>\n"
    }
    if !forecast.findings.isEmpty {
      body += "<section><h2>Findings</h2>\n"
      for finding in forecast.findings { body += self.finding(finding) }
      body += "</section>\n"
    }
    for workload in forecast.workloads { body += self.workload(workload) }
    let assumptions = PlanTexts.assumptions(forecast) + PlanTexts.notes(forecast)
    if !assumptions.isEmpty {
      body += "<section><h2>Assumptions</h2><ul>\n"
      for text in assumptions { body += "<li>\(escaped(text))</li>\n" }
      body += "</ul></section>\n"
    }
    return page(title: forecast.verdict, body)
  }

  private static func escaped(_ text: String) -> String { Markup.escaped(text) }

  private static func page(title: String, _ body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Plan: \(escaped(title))</title>
    <style>
    \(Timeline.style)
    \(style)
    </style>
    </head>
    <body>
    <main>
    \(body)</main>
    </body>
    </html>

    """
  }

  private static let style = """
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
    main{max-width:760px;margin:0 auto;padding:24px 20px 64px}
    h1{font-size:24px;line-height:1.25;margin:8px 0}
    h2{font-size:18px;margin:32px 0 8px;overflow-wrap:anywhere}
    svg{width:100%;height:auto;border:1px solid var(--line);border-radius:6px}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--soft);padding:8px 0}
    th,td{padding:4px 10px 4px 0;border-bottom:1px solid var(--line);text-align:left;\
    white-space:nowrap}
    td.n,th.n{text-align:right}
    .finding{border-left:4px solid var(--soft);padding:2px 0 2px 12px;margin:12px 0;\
    overflow-wrap:anywhere}
    .blocked,.disruption{border-color:var(--up)}
    .finding p{margin:2px 0}
    .soft{color:var(--soft)}
    @media print{main{max-width:none;padding:0}section,svg,.finding{break-inside:avoid}}
    """

  private static func finding(_ finding: Finding) -> String {
    """
    <div class="finding \(finding.severity.rawValue)">
    <p><strong>\(finding.severity.rawValue) \(finding.code)</strong> \
    \(escaped(finding.object)): \(escaped(finding.message))</p>
    <p class="soft">Proof: \(escaped(finding.proof))</p>
    <p>Help: \(escaped(finding.help))</p>
    </div>

    """
  }

  private static func workload(_ workload: WorkloadForecast) -> String {
    var text = "<section>\n<h2>\(escaped(workload.object.fullLabel))</h2>\n"
    let facts = [workload.effect, PlanTexts.strategy(workload)] + workload.images
    text += "<p>\(escaped(facts.filter { !$0.isEmpty }.joined(separator: " · ")))</p>\n"
    guard !workload.course.steps.isEmpty else { return text + "</section>\n" }
    text += "<p>\(escaped(PlanTexts.summary(workload)))</p>\n"
    // The table below says the same to those who cannot see it.
    text += "<svg viewBox=\"0 0 \(Timeline.width) \(Timeline.height)\" aria-hidden=\"true\">\n"
    text += Timeline(workload).body + "</svg>\n<ul>\n"
    for fact in PlanTexts.facts(workload) { text += "<li>\(escaped(fact))</li>\n" }
    text += "</ul>\n" + table(workload) + "</section>\n"
    return text
  }

  private static func table(_ workload: WorkloadForecast) -> String {
    var text = """
      <div class="scroll"><table>
      <caption>Every write of the rollout</caption>
      <thead><tr><th scope="col">Time</th><th scope="col">ReplicaSet</th>\
      <th scope="col">Version</th><th scope="col" class="n">From</th>\
      <th scope="col" class="n">To</th><th scope="col" class="n">Total</th>\
      <th scope="col" class="n">Available</th></tr></thead>
      <tbody>

      """
    for step in workload.course.steps {
      text +=
        "<tr><td>\(PlanTexts.duration(step.seconds))</td>"
        + "<td>\(escaped(step.replicaSet))</td><td>\(step.revision.rawValue)</td>"
      for number in [step.from, step.to, step.total, step.available] {
        text += "<td class=\"n\">\(number)</td>"
      }
      text += "</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }
}
