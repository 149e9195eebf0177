import ClusterControl
import ControlPlane
import Glibc
import ManifestSyntax

/// How long things took in a cluster's time.
enum ClusterSpan {
  static func text(_ span: Duration) -> String { DurationText.text(span) }

  /// In front of a line: `+12.3s `, in a column of its own.
  static func mark(_ span: Duration) -> String {
    let text = "+" + text(span)
    return String(repeating: " ", count: max(0, 8 - text.count)) + text + "  "
  }
}

/// What a failed wait says, for all reports.
enum WaitEnding {
  /// Why the wait is over for a workload that is not rolled out.
  static func text(
    _ outcome: RolloutWait.Outcome, _ run: ControlPlane.Run, after time: Duration
  ) -> String {
    if case .failed(let text) = outcome.status { return text }
    return switch run.ending {
    case .deadline: "timed out after \(ClusterSpan.text(time)): \(outcome.status.text)"
    case .settled: "nothing more will happen: \(outcome.status.text)"
    case .done: outcome.status.text
    }
  }

  /// Says it on standard error.
  static func complain(
    _ label: String, _ outcome: RolloutWait.Outcome, _ run: ControlPlane.Run, after time: Duration
  ) {
    Complaint.writeLine("kmf: \(label): \(text(outcome, run, after: time))")
    for trouble in outcome.troubles { Complaint.writeLine("  \(trouble)") }
  }
}

/// The words of `kubectl rollout status`, a line for every step.
final class RolloutStatusReport: RolloutReport {
  private let labels: [ResourceKey: String]
  private let output = Output()

  init(labels: [ResourceKey: String]) { self.labels = labels }

  func status(_ status: RolloutStatus, of key: ResourceKey, at time: Duration) {
    if case .failed = status { return }
    output.writeLine(status.text)
  }

  /// The words leave troubles to the end.
  func trouble(_ trouble: PodTrouble, of key: ResourceKey, at time: Duration) {}

  func pause() { output.flush() }

  func end(_ outcomes: [RolloutWait.Outcome], _ run: ControlPlane.Run, after time: Duration) {
    output.flush()
    for outcome in outcomes where !outcome.isDone {
      WaitEnding.complain(labels[outcome.key] ?? "", outcome, run, after: time)
    }
  }
}

/// Lines with the cluster's time for `kmf apply --wait`; on a terminal a single line is rewritten
/// for what is still on its way.
final class WaitReport: RolloutReport {
  private let labels: [ResourceKey: String]
  private let output: Output
  private let isLive: Bool
  private let width: Int
  private var done: Set<ResourceKey> = []
  private var isOnScreen = false
  private var shownAt = ContinuousClock.now

  /// - Parameter descriptor: Where the lines go; the rewritten one is on standard error.
  init(labels: [ResourceKey: String], descriptor: Int32 = STDOUT_FILENO) {
    self.labels = labels
    output = Output(descriptor: descriptor)
    isLive = isatty(STDERR_FILENO) == 1 && isatty(descriptor) == 1
    width = Styles(for: STDERR_FILENO).width
  }

  func status(_ status: RolloutStatus, of key: ResourceKey, at time: Duration) {
    if case .done = status { done.insert(key) } else { done.remove(key) }
    if case .failed = status { return }
    // That the controller has not looked yet is over at once.
    if status.text.contains(" spec update to be observed") { return }
    guard isLive, status.isWaiting else { return line("\(label(key)): \(words(status))", time) }
    let count = "\(done.count) of \(labels.count) ready"
    rewrite("\(ClusterSpan.mark(time))\(count); \(label(key)): \(words(status))")
  }

  func trouble(_ trouble: PodTrouble, of key: ResourceKey, at time: Duration) {
    line("\(label(key)): pod \(trouble.pod): \(trouble.text)", time)
  }

  func pause() { output.flush() }

  func end(_ outcomes: [RolloutWait.Outcome], _ run: ControlPlane.Run, after time: Duration) {
    clear()
    let failed = outcomes.filter { !$0.isDone }
    if failed.isEmpty {
      let what = outcomes.count == 1 ? "1 workload" : "\(outcomes.count) workloads"
      output.writeLine("\(what) rolled out in \(ClusterSpan.text(time))")
    }
    output.flush()
    for outcome in failed { WaitEnding.complain(label(outcome.key), outcome, run, after: time) }
  }

  private func label(_ key: ResourceKey) -> String { labels[key] ?? key.name }

  /// The status without the name, which stands in front already.
  private func words(_ status: RolloutStatus) -> String {
    if case .done = status { return "rolled out" }
    guard let colon = status.text.firstRange(of: "to finish: ") else { return status.text }
    return String(status.text[colon.upperBound...])
  }

  private func line(_ text: String, _ time: Duration) {
    clear()
    output.writeLine(ClusterSpan.mark(time) + text)
    if isLive { output.flush() }
  }

  private func rewrite(_ text: String) {
    guard shownAt.duration(to: .now) >= .milliseconds(50) || !isOnScreen else { return }
    shownAt = .now
    output.flush()
    isOnScreen = true
    screen("\r\u{1B}[K" + text.prefix(max(width - 1, 20)))
  }

  private func clear() {
    guard isOnScreen else { return }
    isOnScreen = false
    screen("\r\u{1B}[K")
  }

  private func screen(_ text: String) {
    let output = Output(descriptor: STDERR_FILENO)
    output.write(text)
    output.flush()
  }
}

/// A JSON object a line, for programs.
final class WaitEvents: RolloutReport {
  private let labels: [ResourceKey: String]
  private let output = Output()

  init(labels: [ResourceKey: String]) { self.labels = labels }

  func status(_ status: RolloutStatus, of key: ResourceKey, at time: Duration) {
    let state: Value =
      switch status {
      case .waiting: "waiting"
      case .done: "done"
      case .failed: "failed"
      }
    write(
      "rollout", key, time, ["state": state, "message": .string(status.text)])
  }

  func trouble(_ trouble: PodTrouble, of key: ResourceKey, at time: Duration) {
    write(
      "trouble", key, time,
      [
        "pod": .string(trouble.pod), "container": trouble.container.map(Value.string) ?? .null,
        "reason": .string(trouble.reason), "message": .string(trouble.message),
      ])
  }

  func pause() { output.flush() }

  func end(_ outcomes: [RolloutWait.Outcome], _ run: ControlPlane.Run, after time: Duration) {
    let failed: [Value] = outcomes.filter { !$0.isDone }.map { outcome in
      [
        "object": .string(labels[outcome.key] ?? ""),
        "message": .string(WaitEnding.text(outcome, run, after: time)),
        "troubles": .list(outcome.troubles.map(Value.string)),
      ]
    }
    output.writeLine(
      JSONWriter.string([
        "type": "waited", "rolledOut": .bool(failed.isEmpty),
        "seconds": .double(time / .seconds(1)), "failed": .list(failed),
      ]))
    output.flush()
  }

  private func write(_ type: String, _ key: ResourceKey, _ time: Duration, _ rest: Value) {
    var map = ValueMap()
    map["type"] = .string(type)
    map["seconds"] = .double(time / .seconds(1))
    map["object"] = .string(labels[key] ?? "")
    if let namespace = key.namespace { map["namespace"] = .string(namespace) }
    for entry in rest.map?.entries ?? [] { map[entry.key] = entry.value }
    output.writeLine(JSONWriter.string(.map(map)))
  }
}
