import Glibc

/// Turns the paths of a command line into the list of what to read.
///
/// A path can be `-`, a file of any ending, a folder (searched for manifests' endings), or a
/// pattern with `*`, `?`, `[...]` and `**` that the shell did not expand. A path that exists is
/// taken as it is, even if it looks like a pattern.
///
/// Ignore files count in folders and patterns only; what is named is read. They are looked for from
/// the root of the git repository down; outside a repository, from the working directory down.
public struct InputFinder: Sendable {
  /// Whether `.gitignore`, `.git/info/exclude` and `.kmfignore` count.
  public var respectsIgnoreFiles: Bool
  /// How the names end that a folder is searched for.
  public var endings: [String]
  /// The name of standard input in reports.
  public var standardInputName: String
  /// Patterns in the language of ignore files that are left out whatever ``respectsIgnoreFiles``
  /// says; what is named is read all the same.
  public var exclusion: Exclusion?

  /// Patterns, and the folder from which they are meant.
  public struct Exclusion: Hashable, Sendable {
    public var folder: String
    public var patterns: [String]
    public init(folder: String, patterns: [String]) {
      self.folder = folder
      self.patterns = patterns
    }
  }

  public init(
    respectsIgnoreFiles: Bool = true, endings: [String] = [".yaml", ".yml", ".json"],
    standardInputName: String = "<stdin>"
  ) {
    self.respectsIgnoreFiles = respectsIgnoreFiles
    self.endings = endings
    self.standardInputName = standardInputName
  }

  /// Finds everything that `arguments` mean.
  ///
  /// - Complexity: one folder is open at a time; files are not opened and, where the file system
  ///   tells kinds apart in its listings, not looked at.
  public func find(_ arguments: [String]) -> InputListing {
    var walk = FolderWalk(finder: self)
    for (index, argument) in arguments.enumerated() { add(argument, index, to: &walk) }
    walk.finish()
    for (index, argument) in arguments.enumerated() where walk.cameToNothing(index) {
      let leftOut = walk.ignoredCount(of: index)
      walk.listing.errors.append(
        InputError(.nothingFound(leftOut: leftOut), path: shown(argument)))
    }
    return sorted(walk.listing)
  }

  private func add(_ argument: String, _ index: Int, to walk: inout FolderWalk) {
    if let stream = stream(argument) {
      let name = stream == 0 ? standardInputName : argument
      walk.add(Input(path: name, place: .stream(stream)), identity: "\0\(stream)", for: index)
      return
    }
    if argument.isEmpty || argument.utf8.contains(0) {
      walk.fail(InputError(.notFound, path: shown(argument)), for: index)
      return
    }
    switch FileKind.following(argument) {
    case .file: walk.add(Input(path: argument), identity: realPath(argument), for: index)
    case .folder: walk.enter(argument, for: index)
    case .special(let kind): walk.fail(InputError(.notAFile(kind), path: argument), for: index)
    case .refused(let code):
      guard code == ENOENT || code == ENOTDIR, let pattern = InputPattern(argument) else {
        walk.fail(InputError(errno: code, path: argument, listed: false), for: index)
        return
      }
      walk.expand(pattern, for: index)
    }
  }

  /// The descriptor that `argument` means: `-`, or a shell's `<(command)`, which comes as
  /// `/dev/fd/63` and is a pipe that somebody is about to write.
  private func stream(_ argument: String) -> Int32? {
    if argument == "-" || argument == "/dev/stdin" { return 0 }
    for prefix in ["/dev/fd/", "/proc/self/fd/"] where argument.hasPrefix(prefix) {
      return Int32(argument.dropFirst(prefix.count)).flatMap { $0 >= 0 ? $0 : nil }
    }
    return nil
  }

  private func shown(_ argument: String) -> String { argument.isEmpty ? "''" : argument }

  private func sorted(_ listing: InputListing) -> InputListing {
    var listing = listing
    listing.inputs.sort { a, b in
      switch (a.place, b.place) {
      case (.stream(let a), .stream(let b)): a < b
      case (.stream, .file): true
      case (.file, .stream): false
      case (.file, .file): isBefore(a.path, b.path)
      }
    }
    listing.errors.sort { isBefore($0.path, $1.path) }
    listing.passedOver.sort { isBefore($0.path, $1.path) }
    return listing
  }
}

/// An argument with wildcards: the folder to start from, and what to match below it.
struct InputPattern {
  /// The folder as given, empty for the working directory.
  var folder: String
  var pattern: PathPattern
  /// Whether the pattern leaves the ending open, so that only manifests' endings are meant.
  var leavesEndingOpen: Bool

  /// nil for an argument without wildcards.
  init?(_ argument: String) {
    let components = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard
      let first = components.firstIndex(where: { part in part.contains { "*?[".contains($0) } })
    else { return nil }
    let prefix = components[..<first].joined(separator: "/")
    folder = prefix.isEmpty && first > 0 ? "/" : prefix
    let rest = Array(components[first...].joined(separator: "/").utf8)
    guard let pattern = PathPattern(rest[...], by: .character) else { return nil }
    self.pattern = pattern
    if case .component(let last)? = pattern.parts.last {
      leavesEndingOpen = !last.endsLiterally
    } else {
      leavesEndingOpen = true
    }
  }

  /// Whether a hidden entry at `depth` (from 0) below the folder is meant.
  func meansHidden(at depth: Int) -> Bool {
    let parts = pattern.parts
    if let anyDepth = parts.firstIndex(of: .anyDepth), depth >= anyDepth {
      guard case .component(let last)? = parts.last else { return false }
      return last.beginsWithDot
    }
    guard depth < parts.count, case .component(let wildcard) = parts[depth] else { return false }
    return wildcard.beginsWithDot
  }
}

/// Order by bytes, the same on every machine.
func isBefore(_ a: String, _ b: String) -> Bool {
  let order = a.utf8.withContiguousStorageIfAvailable { a in
    b.utf8.withContiguousStorageIfAvailable { b in isBefore(a, b) }
  }
  if let order, let order { return order }
  return a.utf8.lexicographicallyPrecedes(b.utf8)
}

func isBefore(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let left = a.baseAddress, let right = b.baseAddress else { return a.count < b.count }
  let order = memcmp(left, right, min(a.count, b.count))
  return order == 0 ? a.count < b.count : order < 0
}
