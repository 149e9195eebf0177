import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A lint rule: one file, one description, one check of the shape that fits it.
///
/// Rules see objects as they are written, without defaults, and must take any value of any type: a
/// finding about a wrong type is validation's.
public protocol AdviceRule: Sendable {
  static var about: AdviceDescription { get }
  /// Keys of which an object must have one, anywhere in it, for the rule to have anything to say:
  /// others are not shown to it. Empty where it may speak about any object.
  static var needs: [String] { get }
  /// What it looks at. A rule of one shape need not say it; one of several shapes names all.
  ///
  /// Asking each type at run time what it conforms to would take as long as linting forty files.
  static var subjects: [AdviceSubject] { get }
}

/// A shape of rule, with the rule.
public enum AdviceSubject {
  case source(any SourceAdvice.Type)
  case object(any ObjectAdvice.Type)
  case pod(any PodAdvice.Type)
  case universe(any UniverseAdvice.Type)
  case podUniverse(any PodUniverseAdvice.Type)
}

extension AdviceRule {
  public static var needs: [String] { [] }
}

/// A rule about the text and the tree of one document, whatever it describes.
public protocol SourceAdvice: AdviceRule {
  static func check(_ document: AdviceDocument, into report: inout AdviceReport)
}

extension SourceAdvice {
  public static var subjects: [AdviceSubject] { [.source(Self.self)] }
}

/// A rule about one object by itself.
public protocol ObjectAdvice: AdviceRule {
  /// The kinds that it looks at (`Service`), whatever their version; empty for all.
  static var kinds: [String] { get }
  static func check(_ object: AdviceObject, into report: inout AdviceReport)
}

extension ObjectAdvice {
  public static var subjects: [AdviceSubject] { [.object(Self.self)] }
  public static var kinds: [String] { [] }
}

/// A rule about a pod, or about the template of whatever makes pods.
public protocol PodAdvice: AdviceRule {
  static func check(_ pod: AdvicePod, into report: inout AdviceReport)
}

extension PodAdvice {
  public static var subjects: [AdviceSubject] { [.pod(Self.self)] }
}

/// A rule about an object and the others of the repository.
public protocol UniverseAdvice: AdviceRule {
  /// The kinds that it looks at (`Service`), whatever their version; empty for all.
  static var kinds: [String] { get }
  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport)
}

extension UniverseAdvice {
  public static var subjects: [AdviceSubject] { [.universe(Self.self)] }
  public static var kinds: [String] { [] }
}

/// A rule that needs both what a pod is and the rest of the repository.
public protocol PodUniverseAdvice: AdviceRule {
  static func check(_ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport)
}

extension PodUniverseAdvice {
  public static var subjects: [AdviceSubject] { [.podUniverse(Self.self)] }
}
