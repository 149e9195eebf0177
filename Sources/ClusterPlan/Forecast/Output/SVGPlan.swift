/// A picture of every rollout: old and new pods over time, and how many are available.
public enum SVGPlan: PlanFormat {
  public static let name = "svg"

  public static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String {
    let charts = forecast.workloads.filter { !$0.course.steps.isEmpty }
      .map { Timeline($0, .titled) }
    let width = Timeline.Form.titled.width
    let height = max(60, charts.count * Timeline.Form.titled.height)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" role="img" aria-labelledby="verdict data">
      <title id="verdict">\(Markup.escaped(forecast.verdict))</title>
      <desc id="data">\(Markup.escaped(description(forecast)))</desc>
      <style>\(Palette.style)\(Timeline.style)</style>

      """
    if charts.isEmpty {
      text += "<rect class=\"back\" width=\"\(width)\" height=\"\(height)\"/>\n"
      text += "<text class=\"title\" x=\"16\" y=\"28\">\(Markup.escaped(forecast.verdict))</text>\n"
    }
    for (place, chart) in charts.enumerated() {
      text += "<g transform=\"translate(0 \(place * Timeline.Form.titled.height))\">\n"
      text += chart.body + "</g>\n"
    }
    return text + "</svg>\n"
  }

  /// More moments than this are too many to be read out.
  private static let momentsMax = 60

  /// The picture in words, for those who do not see it.
  private static func description(_ forecast: Forecast) -> String {
    forecast.workloads.filter { !$0.course.steps.isEmpty }.map { workload in
      let course = workload.course
      let moments = course.moments.prefix(momentsMax).map { moment in
        let new = course.count(.new, in: moment.sizes)
        return "after \(PlanTexts.duration(moment.seconds)): \(moment.total - new) old pods, "
          + "\(new) new, \(moment.availableTotal) available"
      }
      let more = course.moments.count > momentsMax ? "; and so on" : ""
      return "\(workload.object.fullLabel): \(PlanTexts.summary(workload)). "
        + moments.joined(separator: "; ") + more + "."
    }.joined(separator: " ")
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
