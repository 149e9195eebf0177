import ManifestSchema
import ManifestSyntax

/// What a simulated cluster assumes about everything that manifests do not say.
///
/// Part of the cluster's configuration; the same settings and the same seed give the same run.
public struct SimulationSettings: Hashable, Sendable {
  /// How the images behave that a pattern fits; later rules come on top of earlier ones.
  public struct ImageRule: Hashable, Sendable {
    /// An image name in which `*` stands for any text: `shop/web:*`.
    public var pattern: String
    public var settings: ValueMap

    public init(_ pattern: String, _ settings: ValueMap) {
      self.pattern = pattern
      self.settings = settings
    }
  }

  public var images: [ImageRule]
  /// How long a container runs whose pod is meant to end, and that says nothing itself.
  public var runTime: Duration
  /// How long an init container runs that says nothing itself.
  public var initTime: Duration
  /// The range that nodes take their pods' addresses from.
  public var podRange: String
  /// The ranges of Services, which no node gets a part of.
  public var serviceRanges: [String]
  /// The range of the nodes' own addresses.
  public var nodeRange: String
  /// What `kube-root-ca.crt` holds.
  public var rootCertificate: String

  public init() {
    images = []
    runTime = .seconds(10)
    initTime = .seconds(1)
    podRange = "10.244.0.0/16"
    serviceRanges = ["10.96.0.0/12"]
    nodeRange = "172.18.0.0/16"
    rootCertificate = "simulated cluster: there is no certificate authority\n"
  }

  /// Reads the part of a configuration that is about simulation:
  ///
  ///     images:
  ///     - match: "shop/web:*"
  ///       ready-after: 12s
  ///     run-time: 30s
  ///
  /// What is missing or cannot be read is as it comes.
  public init(_ value: Value) {
    self.init()
    for rule in value["images"]?.list ?? [] {
      guard let pattern = rule["match"]?.string, let settings = rule.map else { continue }
      images.append(ImageRule(pattern, settings))
    }
    if let time = value["run-time"]?.string.flatMap(DurationText.duration) { runTime = time }
    if let time = value["init-time"]?.string.flatMap(DurationText.duration) { initTime = time }
  }

  /// How a container of this image behaves, as far as settings say it.
  func behavior(ofImage image: String) -> ContainerBehavior {
    var behavior = ContainerBehavior()
    // Names below .invalid are kept free for ever, so nothing can ever be pulled from there.
    let registry = image.prefix { $0 != "/" }
    if image.contains("/"), registry.hasSuffix(".invalid") {
      behavior.pullError = "no such host: \(registry)"
    }
    for rule in images where Self.matches(image, rule.pattern) { behavior.read(rule.settings) }
    return behavior
  }

  /// Whether `text` fits a pattern in which `*` stands for any text.
  static func matches(_ text: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, parts.count > 1 else {
      return text == pattern
    }
    guard text.hasPrefix(first) else { return false }
    var rest = text.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = firstRange(of: part, in: rest) else { return false }
      rest = rest[found...].dropFirst(part.count)
    }
    return rest.count >= last.count && rest.hasSuffix(last)
  }

  private static func firstRange(of part: Substring, in text: Substring) -> Substring.Index? {
    text.indices.first { text[$0...].hasPrefix(part) }
  }
}
