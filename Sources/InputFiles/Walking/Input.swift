/// One thing to read: a file or a stream.
public struct Input: Hashable, Sendable {
  /// How the input came into the list; a file that is no manifest is judged by it.
  public enum Origin: Hashable, Sendable {
    /// The command line names it.
    case named
    /// A pattern on the command line matches it.
    case matched
    /// A folder holds it.
    case found
  }

  /// Where the bytes come from.
  public enum Place: Hashable, Sendable {
    case file
    /// An open file descriptor, 0 for standard input; read until its end.
    case stream(Int32)
  }

  /// The path as the user knows it: as given, or continued from a folder as given. `<stdin>` for
  /// standard input that has no other name.
  public var path: String
  public var origin: Origin
  public var place: Place

  public init(path: String, origin: Origin = .named, place: Place = .file) {
    self.path = path
    self.origin = origin
    self.place = place
  }
}

/// What a search came to. Nothing that was met is missing: it is an input, an error, or passed
/// over.
public struct InputListing: Hashable, Sendable {
  /// What to read, standard input first, then by the bytes of the path; no file twice.
  public var inputs: [Input] = []
  /// What could not be found or looked at, by path.
  public var errors: [InputError] = []
  /// Pipes, sockets and devices with a manifest's ending in a folder; they are not read.
  public var passedOver: [PassedOver] = []
  /// How many files with a manifest's ending, and folders, the ignore files left out.
  public var ignoredCount = 0

  /// Something in a folder that is not for reading.
  public struct PassedOver: Hashable, Sendable {
    public var path: String
    public var kind: SpecialFile
    public init(path: String, kind: SpecialFile) {
      self.path = path
      self.kind = kind
    }
  }

  public init() {}
}
