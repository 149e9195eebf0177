import ManifestSyntax

/// A Pod Security Standard in one of its versions: `restricted:v1.36`.
struct PodSecurityPolicy: Hashable, CustomStringConvertible {
  enum Level: String, Comparable {
    case privileged, baseline, restricted

    static func < (left: Level, right: Level) -> Bool {
      right != .privileged && (left == .privileged || left == .baseline && right == .restricted)
    }
  }

  var level: Level
  /// The minor version of Kubernetes whose checks count; nil for the newest.
  var minor: Int?

  /// What a namespace that says nothing asks of its pods.
  static let none = PodSecurityPolicy(level: .privileged, minor: nil)

  /// Whether a check belongs to the policy that came with `version`.
  func includes(since version: Int) -> Bool { minor.map { $0 >= version } ?? true }

  var description: String { "\(level.rawValue):" + (minor.map { "v1.\($0)" } ?? "latest") }

  /// What is done about pods that break a policy.
  enum Mode: String, CaseIterable {
    case enforce, audit, warn

    var label: String { "pod-security.kubernetes.io/\(rawValue)" }
    var versionLabel: String { label + "-version" }
  }

  /// The policy of a namespace; where its labels cannot be read, the strictest is enforced and
  /// nothing is warned of.
  init(_ mode: Mode, of namespace: Value) {
    self = .none
    let fallback: Level = mode == .enforce ? .restricted : .privileged
    if let text = namespace.label(mode.label) { level = Level(rawValue: text) ?? fallback }
    if let text = namespace.label(mode.versionLabel) {
      guard let version = Self.minor(text) else { return }
      minor = version
    }
  }

  private init(level: Level, minor: Int?) {
    self.level = level
    self.minor = minor
  }

  /// The labels of a namespace that say nothing that is known, with their values.
  static func unreadableLabels(of namespace: Value) -> [(label: String, value: String)] {
    Mode.allCases.flatMap { mode -> [(label: String, value: String)] in
      var found: [(label: String, value: String)] = []
      if let text = namespace.label(mode.label), Level(rawValue: text) == nil {
        found.append((mode.label, text))
      }
      if let text = namespace.label(mode.versionLabel), minor(text) == nil {
        found.append((mode.versionLabel, text))
      }
      return found
    }
  }

  /// `latest` or `v1.N`; nil inside for latest, outside for anything else.
  private static func minor(_ text: String) -> Int?? {
    if text == "latest" { return .some(nil) }
    guard text.hasPrefix("v1.") else { return nil }
    let digits = text.dropFirst(3)
    let isNumber = !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
    guard isNumber, digits == "0" || !digits.hasPrefix("0"), let number = Int(digits) else {
      return nil
    }
    return .some(number)
  }
}
