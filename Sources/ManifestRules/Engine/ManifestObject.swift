import ManifestSyntax

/// An object that a text holds, as it was written, with what is wrong with it.
public struct ManifestObject: Sendable {
  /// The object without defaults; what a list says of its items is filled in. Nil where whoever
  /// asked knows the text already.
  public var value: Value?
  public var apiVersion: String
  public var kind: String
  public var namespace: String?
  /// Nil where none is written, or one is to be generated.
  public var name: String?
  /// The line (from 1) on which its document begins.
  public var line: Int
  /// Where in the findings it stands: an index into `FileResult.documents`.
  public var document: Int
  /// The text that is the object and nothing else; nil for items of lists.
  public var text: Range<Int>?
}

/// What reading a text for its objects gave.
public struct ManifestReading: Sendable {
  /// What was found wrong, and what was passed over.
  public var report: FileResult
  /// The text.
  public var source: SourceText?
  public var objects: [ManifestObject] = []
  /// Documents that are no objects, and what they are: "a patch".
  public var passedOver: [String] = []

  public init(report: FileResult, source: SourceText? = nil) {
    self.report = report
    self.source = source
  }
}

/// Tells whether the text of an object is known already, so that nobody needs its value.
public typealias KnownManifest = (UnsafeRawBufferPointer) -> Bool
