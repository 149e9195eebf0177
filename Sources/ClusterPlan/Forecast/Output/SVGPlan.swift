/// A picture of every rollout: old and new pods over time, and how many are available.
public enum SVGPlan: PlanFormat {
  public static let name = "svg"

  public static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String {
    let charts = forecast.workloads.filter { !$0.course.steps.isEmpty }
    let height = max(1, charts.count) * Timeline.height
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Timeline.width) \(height)" \
      width="\(Timeline.width)" height="\(height)" role="img" \
      aria-label="\(Markup.escaped(forecast.verdict))">
      <style>\(Timeline.style)</style>

      """
    if charts.isEmpty {
      text += "<text class=\"title\" x=\"16\" y=\"28\">\(Markup.escaped(forecast.verdict))</text>\n"
    }
    for (place, workload) in charts.enumerated() {
      text += "<g transform=\"translate(0 \(place * Timeline.height))\">\n"
      text += Timeline(workload).body + "</g>\n"
    }
    return text + "</svg>\n"
  }
}

/// Text in markup.
enum Markup {
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n": result += " "
      default:
        // Other control characters may not stand in XML at all.
        if scalar.value >= 32, scalar.value != 0xFFFE, scalar.value != 0xFFFF {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }
}

/// The picture of one rollout: two stacked areas in steps, and a line.
struct Timeline {
  static let width = 720
  static let height = 260
  /// Colours for light and dark; shapes differ as well, for those who see none.
  static let style = """
    :root{--ink:#1c2330;--soft:#66707f;--line:#d5dae1;--paper:#fff;--old:#b9c2ce;--new:#2f7d5b;\
    --up:#b3402e}@media(prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#9aa5b4;\
    --line:#39424f;--paper:#161b22;--old:#566274;--new:#4fb286;--up:#f08a72}}\
    text{font:12px system-ui,sans-serif;fill:var(--soft)}.title{font-weight:600;\
    font-size:14px;fill:var(--ink)}.back{fill:var(--paper)}.old{fill:var(--old)}\
    .new{fill:var(--new)}.up{fill:none;stroke:var(--up);stroke-width:2}\
    .min{stroke:var(--up);stroke-dasharray:3 4;opacity:.7}.grid{stroke:var(--line)}
    """

  private let workload: WorkloadForecast
  private let left = 44
  private let top = 44
  private let plotWidth = 650
  private let plotHeight = 150
  private let most: Int
  private let seconds: Int64
  /// The sizes in force from a time on, two at a time where old and new change together.
  private let points: [(seconds: Int64, old: Int, new: Int, available: Int)]

  init(_ workload: WorkloadForecast) {
    self.workload = workload
    let course = workload.course
    most = max(1, course.peakPods)
    let last = course.seconds
    // What is at the end is shown for a while.
    seconds = max(1, last + max(1, last / 8))
    points = course.moments.map { moment in
      let new = course.count(.new, in: moment.sizes)
      return (moment.seconds, moment.total - new, new, moment.availableTotal)
    }
  }

  /// Everything but the frame around it.
  var body: String {
    var text = "<rect class=\"back\" width=\"\(Self.width)\" height=\"\(Self.height)\"/>\n"
    text +=
      "<text class=\"title\" x=\"16\" y=\"22\">"
      + "\(Markup.escaped(workload.object.fullLabel))</text>\n"
    text += grid
    text += area("old", from: { _ in 0 }, to: { $0.old })
    text += area("new", from: { $0.old }, to: { $0.old + $0.new })
    text += line
    let floor = y(workload.course.minAvailable)
    text +=
      "<line class=\"min\" x1=\"\(left)\" x2=\"\(left + plotWidth)\" y1=\"\(floor)\" "
      + "y2=\"\(floor)\"/>\n"
    return text + legend
  }

  private func x(_ time: Int64) -> Int {
    left + Int(Double(min(time, seconds)) / Double(seconds) * Double(plotWidth))
  }

  private func y(_ count: Int) -> Int {
    top + plotHeight - Int(Double(count) / Double(most) * Double(plotHeight))
  }

  private var grid: String {
    var text = ""
    var taken: [Int] = []
    for count in Set([0, workload.course.minAvailable, workload.replicas, most]).sorted()
    where count <= most {
      let height = y(count)
      text +=
        "<line class=\"grid\" x1=\"\(left)\" x2=\"\(left + plotWidth)\" "
        + "y1=\"\(height)\" y2=\"\(height)\"/>\n"
      // Numbers that would lie on each other are left out.
      guard !taken.contains(where: { abs($0 - height) < 13 }) else { continue }
      taken.append(height)
      text +=
        "<text x=\"\(left - 8)\" y=\"\(height + 4)\" text-anchor=\"end\">\(count)</text>\n"
    }
    var right = Int.min
    for point in points where x(point.seconds) >= right {
      right = x(point.seconds) + 70
      text +=
        "<text x=\"\(x(point.seconds))\" y=\"\(top + plotHeight + 18)\">"
        + "\(PlanTexts.duration(point.seconds))</text>\n"
    }
    return text
  }

  /// An area in steps: each moment holds until the next.
  private func area(
    _ name: String, from low: ((seconds: Int64, old: Int, new: Int, available: Int)) -> Int,
    to high: ((seconds: Int64, old: Int, new: Int, available: Int)) -> Int
  ) -> String {
    var upper = ""
    var lower: [String] = []
    for (place, point) in points.enumerated() {
      let end = place + 1 < points.count ? points[place + 1].seconds : seconds
      let start = upper.isEmpty ? "M" : "L"
      upper += "\(start)\(x(point.seconds)) \(y(high(point)))H\(x(end))"
      lower.append("L\(x(end)) \(y(low(point)))H\(x(point.seconds))")
    }
    return "<path class=\"\(name)\" d=\"\(upper)\(lower.reversed().joined())Z\"/>\n"
  }

  private var line: String {
    var path = ""
    for (place, point) in points.enumerated() {
      let end = place + 1 < points.count ? points[place + 1].seconds : seconds
      path += "\(path.isEmpty ? "M" : "L")\(x(point.seconds)) \(y(point.available))H\(x(end))"
    }
    return "<path class=\"up\" d=\"\(path)\"/>\n"
  }

  private var legend: String {
    let base = top + plotHeight + 44
    return """
      <rect class="old" x="\(left)" y="\(base - 10)" width="12" height="12"/>\
      <text x="\(left + 18)" y="\(base)">old pods</text>
      <rect class="new" x="\(left + 100)" y="\(base - 10)" width="12" height="12"/>\
      <text x="\(left + 118)" y="\(base)">new pods</text>
      <path class="up" d="M\(left + 200) \(base - 4)h16"/>\
      <text x="\(left + 222)" y="\(base)">available, at least \
      \(workload.course.minAvailable)</text>

      """
  }
}
