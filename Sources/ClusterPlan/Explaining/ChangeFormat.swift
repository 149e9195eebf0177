import ManifestSyntax

/// How a form of output wants things.
public struct ChangeFormatOptions: Sendable {
  public var isColored = false
  /// The columns that a line may fill.
  public var width = 80
  /// Whether objects that stay as they are get a line.
  public var showsUnchanged = false
  public var isDrift = false
  public var showsManagedFields = false
  /// The digest of the plan that was saved along; nil where none was.
  public var planDigest: String?
  public var toolVersion = ""

  public init() {}
}

/// A form in which changes are shown. What it is given holds no secret values.
public protocol ChangeFormat: Sendable {
  static var name: String { get }
  static func text(_ set: ChangeSet, _ options: ChangeFormatOptions) -> String
}

/// All forms of output, by name.
public enum ChangeFormats {
  public static let all: [any ChangeFormat.Type] = [
    PrettyChanges.self, UnifiedChanges.self, JSONChanges.self, MarkdownChanges.self,
    JSONPatchChanges.self,
  ]

  public static var names: [String] { all.map { $0.name } }

  public static func format(named name: String) -> (any ChangeFormat.Type)? {
    all.first { $0.name == name }
  }
}
