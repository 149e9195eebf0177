/// A report in one file that needs no network: pictures, the same as tables, findings.
public enum HTMLPlan: PlanFormat {
  public static let name = "html"
  /// Tables of more rows are folded; whoever wants them opens them.
  private static let openRowsMax = 60

  public static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String {
    var body = "<header>\n" + badge(forecast)
    body += "<h1>\(escaped(forecast.verdict))</h1>\n"
    body += "<p>\(escaped(ChangeSummary(forecast.changes).text))</p>\n</header>\n"
    body += troubles(forecast)
    if !forecast.findings.isEmpty {
      body += "<section><h2>Findings</h2>\n"
      for finding in forecast.findings { body += self.finding(finding) }
      body += "</section>\n"
    }
    for workload in forecast.workloads { body += self.workload(workload) }
    let assumptions = PlanTexts.assumptions(forecast) + PlanTexts.notes(forecast)
    if !assumptions.isEmpty {
      body += "<section><h2>Assumptions and notes</h2><ul>\n"
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
    \(Palette.style)
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
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;\
    overflow-wrap:anywhere}
    main{max-width:780px;margin:0 auto;padding:24px 20px 64px}
    h1{font-size:26px;line-height:1.25;margin:8px 0}
    h2{font-size:19px;line-height:1.3;margin:40px 0 8px}
    h3{font-size:15px;margin:24px 0 4px}
    p{margin:6px 0}
    .badge{display:inline-block;border:1px solid;border-radius:99px;padding:1px 10px;\
    font-size:13px;font-weight:600;color:var(--soft)}
    .blocked{color:var(--stop)}.disruption,.risk{color:var(--warn)}.fine{color:var(--fine)}
    dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:8px;\
    margin:16px 0}
    dl div{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:8px 12px}
    dt{color:var(--soft);font-size:13px}dd{margin:0;font-size:20px;font-weight:600}
    dd small{display:block;font-size:12px;font-weight:400;color:var(--soft)}
    svg{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:6px}
    svg.narrow{display:none}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    .scroll{overflow-x:auto}
    caption{text-align:left;color:var(--soft);padding:16px 0 4px}
    th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);text-align:left;\
    vertical-align:top;white-space:nowrap}
    th:last-child,td:last-child{padding-right:0}
    td.n,th.n{text-align:right}td.w{white-space:normal;min-width:9em}
    summary{color:var(--soft);padding:12px 0 0;cursor:pointer}
    .finding{border-left:4px solid;padding:2px 0 2px 14px;margin:14px 0}
    .finding p{color:var(--ink);margin:2px 0}.finding .badge{color:inherit}
    .finding .soft{color:var(--soft)}
    code{font:13px ui-monospace,monospace}
    @media(max-width:560px){body{font-size:14px}main{padding:16px 14px 48px}h1{font-size:22px}\
    svg.wide{display:none}svg.narrow{display:block}th,td{padding-right:8px;font-size:13px}\
    td.w{min-width:8.5em}}
    @media print{main{max-width:none;padding:0}svg,.finding,tr,dl{break-inside:avoid}\
    h2,caption,thead{break-after:avoid}svg.wide{display:block}svg.narrow{display:none}\
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
    """

  // MARK: - The whole

  private static func badge(_ forecast: Forecast) -> String {
    let gravest = forecast.gravest?.rawValue
    let word = forecast.changes.hasErrors ? "refused" : gravest ?? "nothing found"
    let kind = forecast.changes.hasErrors ? "blocked" : gravest ?? "fine"
    return "<span class=\"badge \(kind)\">\(word)</span>\n"
  }

  private static func troubles(_ forecast: Forecast) -> String {
    var text = ""
    for change in forecast.changes.changes where change.action == .failed {
      text +=
        "<div class=\"finding blocked\"><p>\(escaped(change.object.fullLabel)): "
        + "\(escaped(change.error?.message ?? "refused"))</p></div>\n"
    }
    for problem in forecast.changes.problems {
      text += "<div class=\"finding blocked\"><p>\(escaped(problem.text))</p></div>\n"
    }
    return text
  }

  private static func finding(_ finding: Finding) -> String {
    """
    <div class="finding \(finding.severity.rawValue)">
    <span class="badge">\(finding.severity.rawValue) \(finding.code)</span>
    <p><strong>\(escaped(finding.message))</strong></p>
    <p>\(escaped(finding.object))</p>
    <p class="soft">Proof: \(escaped(finding.proof))</p>
    <p>Help: \(escaped(finding.help))</p>
    </div>

    """
  }

  // MARK: - One workload

  private static func workload(_ workload: WorkloadForecast) -> String {
    // A long name may begin on a line of its own.
    let label = escaped(workload.object.fullLabel).replacing("/", with: "/<wbr>")
    var text = "<section>\n<h2>\(label)</h2>\n"
    let facts = [workload.effect, PlanTexts.strategy(workload)] + workload.images
    text += "<p>\(escaped(facts.filter { !$0.isEmpty }.joined(separator: " · ")))</p>\n"
    guard !workload.course.steps.isEmpty else { return text + "</section>\n" }
    text += numbers(workload)
    // The table below says the same to those who cannot see it.
    for form in [Timeline.Form.wide, .narrow] {
      text +=
        "<svg class=\"\(form == .wide ? "wide" : "narrow")\" "
        + "viewBox=\"0 0 \(form.width) \(form.height)\" aria-hidden=\"true\">\n"
        + Timeline(workload, form).body + "</svg>\n"
    }
    text += "<ul>\n"
    for fact in PlanTexts.facts(workload) { text += "<li>\(escaped(fact))</li>\n" }
    return text + "</ul>\n" + moments(workload) + writes(workload) + "</section>\n"
  }

  /// The numbers that matter most, each with how sure it is.
  private static func numbers(_ workload: WorkloadForecast) -> String {
    let course = workload.course
    var tiles: [(name: String, value: String, certainty: Certainty)] = [
      ("most pods", "\(course.peakPods)", .exact),
      ("with stopping ones", "\(workload.peakWithTerminating)", .bounded),
      ("fewest available", "\(course.minAvailable) of \(workload.replicas)", .exact),
      ("waves", "\(course.waves)", .exact),
    ]
    let end =
      course.isComplete
      ? PlanTexts.duration(course.seconds) : workload.isPaused ? "paused" : "no end"
    tiles.append(("until it is over", end, .assumed))
    let cells = tiles.map {
      "<div><dt>\($0.name)</dt><dd>\($0.value)<small>\($0.certainty.rawValue)</small></dd></div>"
    }
    return "<dl>\n" + cells.joined(separator: "\n") + "\n</dl>\n"
  }

  /// What the picture shows.
  private static func moments(_ workload: WorkloadForecast) -> String {
    let course = workload.course
    let rows = course.moments.map { moment -> [Cell] in
      let new = course.count(.new, in: moment.sizes)
      return [
        .text(PlanTexts.duration(moment.seconds)), .number("\(moment.total - new)"),
        .number("\(new)"), .number("\(moment.availableTotal)"),
      ]
    }
    return table(
      "The picture as a table: pods at the end of each wave",
      [.text("Time"), .number("Old"), .number("New"), .number("Available")], rows)
  }

  private static func writes(_ workload: WorkloadForecast) -> String {
    let rows = workload.course.steps.map { step -> [Cell] in
      [
        .text(PlanTexts.duration(step.seconds)), .name(step.replicaSet),
        .text(step.revision.rawValue),
      ] + [step.from, step.to, step.total, step.available].map { .number("\($0)") }
    }
    return table(
      "Every write of the rollout",
      [
        .text("Time"), .name("ReplicaSet"), .text("Version"), .number("From"), .number("To"),
        .number("Total"), .number("Available"),
      ], rows)
  }

  // MARK: - Tables

  private enum Cell {
    /// A name may be long; it is broken where it must be.
    case text(String)
    case name(String)
    case number(String)

    func marked(_ tag: String) -> String {
      switch self {
      case .text(let text): "<\(tag)>\(HTMLPlan.escaped(text))</\(tag.prefix(2))>"
      case .name(let text): "<\(tag) class=\"w\">\(HTMLPlan.escaped(text))</\(tag.prefix(2))>"
      case .number(let text): "<\(tag) class=\"n\">\(text)</\(tag.prefix(2))>"
      }
    }
  }

  private static func table(_ caption: String, _ head: [Cell], _ rows: [[Cell]]) -> String {
    let heading = head.map { $0.marked("th scope=\"col\"") }.joined()
    let lines = rows.map { "<tr>" + $0.map { $0.marked("td") }.joined() + "</tr>\n" }.joined()
    let table = """
      <div class="scroll" role="region" tabindex="0" aria-label="\(caption)"><table>
      <caption>\(caption)</caption>
      <thead><tr>\(heading)</tr></thead>
      <tbody>
      \(lines)</tbody></table></div>

      """
    guard rows.count > openRowsMax else { return table }
    return "<details><summary>\(caption): \(rows.count) rows</summary>\n\(table)</details>\n"
  }
}
