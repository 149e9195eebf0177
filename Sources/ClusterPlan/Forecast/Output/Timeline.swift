/// The picture of one rollout: two stacked areas in steps, and a line.
struct Timeline {
  /// Where a picture stands.
  enum Form {
    /// Alone, so that it says what it is of.
    case titled
    /// Below a heading, on a wide page or a narrow one.
    case wide, narrow

    var width: Int { self == .narrow ? 340 : 720 }
    var height: Int { plotTop + plotHeight + 34 + legendHeight }
    fileprivate var plotTop: Int { self == .titled ? 58 : 30 }
    fileprivate var plotHeight: Int { 150 }
    fileprivate var legendHeight: Int { self == .narrow ? 50 : 28 }
  }

  static let style = """
    svg text{font:12px system-ui,sans-serif;fill:var(--soft)}svg .title{font-weight:600;\
    font-size:14px;fill:var(--ink)}.back{fill:var(--paper)}.old{fill:var(--old)}\
    .new{fill:var(--new)}.up{fill:none;stroke:var(--ink);stroke-width:2.5}\
    .halo{fill:none;stroke:var(--paper);stroke-width:5.5}\
    .min{stroke:var(--soft);stroke-dasharray:3 4}.grid{stroke:var(--line)}
    """

  private typealias Point = (seconds: Int64, old: Int, new: Int, available: Int)

  private let workload: WorkloadForecast
  private let form: Form
  private let left = 44
  /// How much of the picture shows what was before.
  private let lead = 24
  private let most: Int
  private let seconds: Int64
  /// The sizes in force from a time on.
  private var points: [Point] = []

  init(_ workload: WorkloadForecast, _ form: Form) {
    self.workload = workload
    self.form = form
    let course = workload.course
    most = max(1, course.peakPods)
    let last = course.seconds
    // What is at the end is shown for a while.
    seconds = max(1, last + max(1, last / 8))
    points = thinned(
      course.moments.map { moment in
        let new = course.count(.new, in: moment.sizes)
        return (moment.seconds, moment.total - new, new, moment.availableTotal)
      })
  }

  /// At most two moments for each column of the picture: the last one, and the lowest before it.
  private func thinned(_ points: [Point]) -> [Point] {
    guard points.count > plotWidth else { return points }
    var kept: [Point] = []
    var column: [Point] = []
    func close() {
      guard let last = column.last else { return }
      if let low = column.min(by: { $0.available < $1.available }), low.available < last.available {
        kept.append(low)
      }
      kept.append(last)
      column = []
    }
    for point in points {
      if let first = column.first, x(first.seconds) != x(point.seconds) { close() }
      column.append(point)
    }
    close()
    return kept
  }

  /// Everything but the frame around it.
  var body: String {
    var text = "<rect class=\"back\" width=\"\(form.width)\" height=\"\(form.height)\"/>\n"
    if form == .titled {
      text += "<text class=\"title\" x=\"16\" y=\"24\">\(Markup.escaped(title))</text>\n"
    }
    text += "<text x=\"\(left - 8)\" y=\"\(form.plotTop - 12)\" text-anchor=\"end\">pods</text>\n"
    text += grid
    text += area("old", from: { _ in 0 }, to: { $0.old })
    text += area("new", from: { $0.old }, to: { $0.old + $0.new })
    let floor = y(workload.course.minAvailable)
    text +=
      "<line class=\"min\" x1=\"\(left)\" x2=\"\(left + plotWidth)\" y1=\"\(floor)\" "
      + "y2=\"\(floor)\"/>\n"
    return text + line + legend
  }

  /// The name, as far as there is room for it.
  private var title: String {
    let name = workload.object.fullLabel
    let room = 72
    return name.count <= room ? name : name.prefix(room / 2) + "…" + name.suffix(room / 2)
  }

  private var plotWidth: Int { form.width - left - 26 }

  private func x(_ time: Int64) -> Int {
    left + lead + Int(Double(min(time, seconds)) / Double(seconds) * Double(plotWidth - lead))
  }

  /// From where to where a moment holds; the first one is what was before.
  private func span(_ place: Int) -> (start: Int, end: Int) {
    let start = place == 0 ? left : x(points[place].seconds)
    return (start, x(place + 1 < points.count ? points[place + 1].seconds : seconds))
  }

  private func y(_ count: Int) -> Int {
    form.plotTop + form.plotHeight - Int(Double(count) / Double(most) * Double(form.plotHeight))
  }

  private var grid: String {
    var text = ""
    var taken: [Int] = []
    // What matters most is written first; numbers that would lie on each other are left out.
    var counts: [Int] = []
    for count in [0, most, workload.course.minAvailable, workload.replicas]
    where count <= most && !counts.contains(count) { counts.append(count) }
    for count in counts {
      let height = y(count)
      text +=
        "<line class=\"grid\" x1=\"\(left)\" x2=\"\(left + plotWidth)\" "
        + "y1=\"\(height)\" y2=\"\(height)\"/>\n"
      guard !taken.contains(where: { abs($0 - height) < 13 }) else { continue }
      taken.append(height)
      text +=
        "<text x=\"\(left - 8)\" y=\"\(height + 4)\" text-anchor=\"end\">\(count)</text>\n"
    }
    return text + times
  }

  /// Times below the picture, as many as find room.
  private var times: String {
    var text = ""
    var right = Int.min
    for point in points where x(point.seconds) >= right {
      let label = PlanTexts.duration(point.seconds)
      let start = min(x(point.seconds), form.width - 4 - label.count * 7)
      guard start >= right else { continue }
      right = start + label.count * 7 + 12
      let base = form.plotTop + form.plotHeight
      text +=
        "<line class=\"grid\" x1=\"\(x(point.seconds))\" x2=\"\(x(point.seconds))\" "
        + "y1=\"\(base)\" y2=\"\(base + 5)\"/><text x=\"\(start)\" y=\"\(base + 19)\">"
        + "\(label)</text>\n"
    }
    return text
  }

  /// An area in steps: each moment holds until the next.
  private func area(
    _ name: String, from low: (Point) -> Int, to high: (Point) -> Int
  ) -> String {
    var upper = ""
    var lower: [String] = []
    for (place, point) in points.enumerated() {
      let (start, end) = span(place)
      upper += "\(upper.isEmpty ? "M" : "L")\(start) \(y(high(point)))H\(end)"
      lower.append("L\(end) \(y(low(point)))H\(start)")
    }
    return "<path class=\"\(name)\" d=\"\(upper)\(lower.reversed().joined())Z\"/>\n"
  }

  private var line: String {
    var path = ""
    for (place, point) in points.enumerated() {
      let (start, end) = span(place)
      path += "\(path.isEmpty ? "M" : "L")\(start) \(y(point.available))H\(end)"
    }
    return "<path class=\"halo\" d=\"\(path)\"/><path class=\"up\" d=\"\(path)\"/>\n"
  }

  private var legend: String {
    let base = form.plotTop + form.plotHeight + 46
    let (second, down) = form == .narrow ? (left, base + 22) : (left + 200, base)
    return """
      <rect class="old" x="\(left)" y="\(base - 10)" width="12" height="12"/>\
      <text x="\(left + 18)" y="\(base)">old pods</text>
      <rect class="new" x="\(left + 100)" y="\(base - 10)" width="12" height="12"/>\
      <text x="\(left + 118)" y="\(base)">new pods</text>
      <path class="up" d="M\(second) \(down - 4)h16"/>\
      <text x="\(second + 22)" y="\(down)">available, at least \
      \(workload.course.minAvailable) of \(workload.replicas)</text>

      """
  }
}
