import ManifestSyntax

/// An object that a text holds, as it was written, with what is wrong with it.
public struct ManifestObject: Sendable {
  /// Without defaults; what a list says of its items is filled in.
  public var value: Value
  /// The line (from 1) on which its document begins.
  public var line: Int
  /// Where in the findings it stands: an index into `FileResult.documents`.
  public var document: Int
}

/// What reading a text for its objects gave.
public struct ManifestReading: Sendable {
  /// What was found wrong, and what was passed over.
  public var report: FileResult
  public var objects: [ManifestObject] = []
  /// Documents that are no objects, and what they are: "a patch".
  public var passedOver: [String] = []

  public init(report: FileResult) { self.report = report }
}
