import Glibc

/// What rolling out costs as clusters grow, as a picture: CPU time over pods, both on logarithmic
/// scales, beside the line that the smallest cluster promises.
struct RolloutCurve {
  private static let sizes = [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]
  private static let podsPerNode = 10

  private struct Point {
    var pods: Int
    var seconds: Double
  }

  private let points: [Point]

  /// Measures all sizes, which takes a minute or two.
  init() {
    points = Self.sizes.map { pods in
      let seconds = RolloutCosts(pods: pods, nodes: pods / Self.podsPerNode).seconds
      print("\(pods) pods: \(Scores.rounded(seconds)) s")
      return Point(pods: pods, seconds: seconds)
    }
  }

  // MARK: - The picture

  private static let width = 640.0
  private static let height = 400.0
  private static let left = 64.0
  private static let right = 600.0
  private static let top = 56.0
  private static let bottom = 344.0
  /// Powers of ten at the ends of the axes.
  private static let pods = 3.0...5.0
  private static let seconds = -2.0...2.0

  private static func x(_ pods: Double) -> Double {
    left + (log10(pods) - Self.pods.lowerBound) / 2 * (right - left)
  }

  private static func y(_ seconds: Double) -> Double {
    bottom - (log10(seconds) - Self.seconds.lowerBound) / 4 * (bottom - top)
  }

  /// The picture as SVG: dark where the reader's system is, with the figures as its description.
  var svg: String {
    let figures = points.map { "\($0.pods) pods: \(Scores.rounded($0.seconds)) s" }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" role="img" \
      aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">
      <title id="title">CPU time of a rolling update by number of pods</title>
      <desc id="desc">\(figures.joined(separator: "; "))</desc>
      <style>
      .ground { fill: #fff } .grid { stroke: #d8dee4 } text { fill: #1f2328 }
      .measured { stroke: #0969da; fill: none; stroke-width: 2 } .dot { fill: #0969da }
      .linear { stroke: #6e7781; stroke-dasharray: 5 4; fill: none }
      @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117 } .grid { stroke: #30363d } text { fill: #e6edf3 }
      .measured { stroke: #58a6ff } .dot { fill: #58a6ff } .linear { stroke: #8b949e }
      }
      </style>
      <rect class="ground" width="640" height="400"/>
      <text x="64" y="28" font-size="15">A rolling update in virtual time: CPU seconds by pods, \
      ten on each node</text>
      \(grid)
      \(linear)
      \(curve)
      </svg>

      """
  }

  private var grid: String {
    var lines: [String] = []
    for (pods, label) in [(1000.0, "1,000"), (10_000, "10,000"), (100_000, "100,000")] {
      let x = Scores.rounded(Self.x(pods))
      lines.append(
        "<line class=\"grid\" x1=\"\(x)\" y1=\"56\" x2=\"\(x)\" y2=\"344\"/>"
          + "<text x=\"\(x)\" y=\"366\" text-anchor=\"middle\">\(label)</text>")
    }
    for (seconds, label) in [
      (0.01, "0.01 s"), (0.1, "0.1 s"), (1, "1 s"), (10, "10 s"), (100, "100 s"),
    ] {
      let y = Scores.rounded(Self.y(seconds))
      lines.append(
        "<line class=\"grid\" x1=\"64\" y1=\"\(y)\" x2=\"\(Self.right)\" y2=\"\(y)\"/>"
          + "<text x=\"56\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">\(label)</text>")
    }
    lines.append("<text x=\"340\" y=\"390\" text-anchor=\"middle\">pods</text>")
    return lines.joined(separator: "\n")
  }

  /// What it would take if every pod cost what it does in the smallest cluster.
  private var linear: String {
    let each = points[0].seconds / Double(points[0].pods)
    let ends = [1000.0, 100_000].map { Self.place($0, each * $0) }
    return "<polyline class=\"linear\" points=\"\(ends.joined(separator: " "))\"/>"
  }

  private var curve: String {
    let places = points.map { Self.place(Double($0.pods), $0.seconds) }
    var lines = ["<polyline class=\"measured\" points=\"\(places.joined(separator: " "))\"/>"]
    for (number, point) in points.enumerated() {
      let (x, y) = (Self.x(Double(point.pods)), Self.y(point.seconds))
      lines.append(
        "<circle class=\"dot\" cx=\"\(Scores.rounded(x))\" cy=\"\(Scores.rounded(y))\" r=\"3.5\"/>")
      // The first one has the axis at its left.
      let (dx, dy, anchor) = number == 0 ? (8.0, 16.0, "start") : (-8, -8, "end")
      lines.append(
        "<text x=\"\(Scores.rounded(x + dx))\" y=\"\(Scores.rounded(y + dy))\""
          + " text-anchor=\"\(anchor)\">\(Scores.rounded(point.seconds)) s</text>")
    }
    return lines.joined(separator: "\n")
  }

  private static func place(_ pods: Double, _ seconds: Double) -> String {
    "\(Scores.rounded(x(pods))),\(Scores.rounded(y(seconds)))"
  }
}
