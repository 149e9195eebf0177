import Glibc

/// A search in progress: what was found so far, which folders were seen, which are still to do.
///
/// Folders wait in a list instead of on the call stack, so that depth costs memory only. Folders
/// behind symbolic links wait until all real ones are done: then a file is listed under its real
/// path, and a link back up finds its target seen already.
struct FolderWalk {
  /// A folder to be searched.
  private struct Folder {
    /// What to put before an entry's name to get its path; empty for the working directory.
    var prefix: String
    /// The same from the root, as walked: what ignore files are matched against.
    var absolute: String
    /// The components of ``absolute``.
    var components: [ArraySlice<UInt8>] = []
    /// The folder's real path.
    var real: String
    var rules: IgnoreRules
    /// Which argument asked for it.
    var argument: Int
    /// The pattern that its entries must match, and the components from the pattern's start.
    var pattern: InputPattern?
    var below: [ArraySlice<UInt8>] = []

    var path: String { prefix.isEmpty ? "." : prefix }
  }

  /// A folder searched for the pattern of one argument.
  private struct PatternVisit: Hashable {
    var folder: FolderIdentity
    var argument: Int
  }

  private let finder: InputFinder
  private var ignored: [Int: Int] = [:]
  private var satisfied: Set<Int> = []
  private var folders: [Folder] = []
  private var linked: [Folder] = []
  private var seenFolders: [FolderIdentity: Int] = [:]
  private var seenByPattern: Set<PatternVisit> = []
  private var seenFiles = SeenFiles()
  var listing = InputListing()

  /// The finder's exclusion, and the components of its folder; its patterns hold below it only.
  private let excluded: (folder: [ArraySlice<UInt8>], rules: IgnoreRules)?

  init(finder: InputFinder) {
    self.finder = finder
    excluded = finder.exclusion.map { exclusion in
      let folder = Array(realPath(exclusion.folder).utf8).split(separator: UInt8(ascii: "/"))
      var rules = IgnoreRules()
      rules.add(Array(exclusion.patterns.joined(separator: "\n").utf8), depth: folder.count)
      return (folder, rules)
    }
  }

  /// Whether the argument led to no input and to no error either.
  func cameToNothing(_ argument: Int) -> Bool { !satisfied.contains(argument) }

  /// How many entries below the argument ignore files left out.
  func ignoredCount(of argument: Int) -> Int { ignored[argument] ?? 0 }

  /// Records an error that explains why an argument led to nothing.
  mutating func fail(_ error: InputError, for argument: Int) {
    listing.errors.append(error)
    satisfied.insert(argument)
  }

  /// Adds `input`, unless the same file is in the list; a named file stays named.
  mutating func add(_ input: Input, identity: String, for argument: Int) {
    satisfied.insert(argument)
    if let known = seenFiles.note(identity, at: listing.inputs) {
      if input.origin == .named, listing.inputs[known].origin != .named {
        listing.inputs[known] = input
      }
      return
    }
    listing.inputs.append(input)
  }

  /// Searches the folder that the command line names.
  mutating func enter(_ path: String, for argument: Int) {
    folders.append(start(path, for: argument))
    drain()
  }

  /// Searches for what matches `pattern`.
  mutating func expand(_ pattern: InputPattern, for argument: Int) {
    guard FileKind.following(pattern.folder.isEmpty ? "." : pattern.folder) == .folder else {
      return
    }
    var folder = start(pattern.folder.isEmpty ? "." : pattern.folder, for: argument)
    folder.pattern = pattern
    folders.append(folder)
    drain()
  }

  /// Follows the symbolic links that were met; call once, at the end.
  mutating func finish() {
    while !linked.isEmpty {
      folders.append(linked.removeFirst())
      drain()
    }
  }

  private func start(_ path: String, for argument: Int) -> Folder {
    let real = realPath(path)
    var rules = IgnoreRules()
    if finder.respectsIgnoreFiles { rules = RepositoryRoot.rules(above: real) }
    var prefix = path == "." || path == "./" ? "" : path
    if !prefix.isEmpty, !prefix.hasSuffix("/") { prefix += "/" }
    let absolute = real == "/" ? "/" : real + "/"
    return Folder(
      prefix: prefix, absolute: absolute, real: absolute, rules: rules, argument: argument)
  }

  private mutating func drain() {
    while let folder = folders.popLast() { search(folder) }
  }

  private mutating func search(_ folder: Folder) {
    var folder = folder
    let (entries, identity, code) = listFolder(folder.path)
    if code != 0 {
      fail(InputError(errno: code, path: folder.path, listed: true), for: folder.argument)
      if entries.isEmpty { return }
    }
    if isSeen(identity, folder) { return }
    if finder.respectsIgnoreFiles { folder.rules.addFiles(in: folder.absolute) }
    folder.components = Array(folder.absolute.utf8).split(separator: UInt8(ascii: "/"))
    for entry in entries { consider(entry, in: folder) }
  }

  /// Whether the folder was searched already; notes that it is now.
  private mutating func isSeen(_ identity: FolderIdentity, _ folder: Folder) -> Bool {
    guard let pattern = folder.pattern?.pattern else {
      let other = seenFolders.updateValue(folder.argument, forKey: identity)
      guard let other else { return false }
      if other != folder.argument { satisfied.insert(folder.argument) }
      return true
    }
    // A pattern of fixed depth may come to a folder by two names, and comes to an end by itself.
    guard pattern.parts.contains(.anyDepth) else { return false }
    let visit = PatternVisit(folder: identity, argument: folder.argument)
    return !seenByPattern.insert(visit).inserted
  }

  private mutating func consider(_ entry: FolderEntry, in folder: Folder) {
    let isHidden = entry.name.first == UInt8(ascii: ".")
    if isHidden, !(folder.pattern?.meansHidden(at: folder.below.count) ?? false) { return }
    let below = folder.pattern == nil ? [] : folder.below + [entry.name[...]]
    let isMatch = folder.pattern?.pattern.matches(below[...]) ?? true
    let isWanted =
      isMatch && (folder.pattern?.leavesEndingOpen == false || hasWantedEnding(entry.name))
    guard let name = String(validating: entry.name, as: UTF8.self) else {
      refuseName(entry, isWanted: isWanted, in: folder)
      return
    }
    let path = folder.prefix + name
    switch resolved(entry.kind, path, isWanted: isWanted, for: folder.argument) {
    case .file?:
      guard isWanted, !isIgnored(name, isFolder: false, in: folder) else { return }
      found(name, at: path, entry, in: folder)
    case .folder?: descend(name, entry, below, isMatch: isMatch, in: folder)
    case .special(let kind)?:
      if isWanted { listing.passedOver.append(.init(path: path, kind: kind)) }
    case .refused?, nil: return
    }
  }

  private mutating func found(
    _ name: String, at path: String, _ entry: FolderEntry, in folder: Folder
  ) {
    let isLink = if case .link = entry.kind { true } else { false }
    if !isLink, folder.pattern == nil, seenFiles.areFoldersEnough {
      // Every folder is searched once, so that its own files cannot have been met before.
      satisfied.insert(folder.argument)
      seenFiles.begin(folder.real, prefix: folder.prefix, at: listing.inputs.count)
      return listing.inputs.append(Input(path: path, origin: .found))
    }
    add(
      Input(path: path, origin: folder.pattern == nil ? .found : .matched),
      identity: isLink ? realPath(path) : folder.real + name, for: folder.argument)
  }

  private mutating func descend(
    _ name: String, _ entry: FolderEntry, _ below: [ArraySlice<UInt8>], isMatch: Bool,
    in folder: Folder
  ) {
    let goesOn = folder.pattern?.pattern.couldMatch(below: below) ?? true
    guard isMatch || goesOn else { return }
    guard !isIgnored(name, isFolder: true, in: folder) else { return }
    var next = folder
    next.prefix += name + "/"
    next.absolute += name + "/"
    next.below = below
    // A pattern that means the folder means the manifests in it, as the shell's expansion would.
    if isMatch, !goesOn { next.pattern = nil }
    if case .link = entry.kind {
      let real = realPath(next.prefix)
      next.real = real + "/"
      linked.append(next)
    } else {
      next.real += name + "/"
      folders.append(next)
    }
  }

  /// What the entry is, asking the system only where its listing does not tell.
  private mutating func resolved(
    _ kind: FolderEntry.Kind, _ path: String, isWanted: Bool, for argument: Int
  ) -> FileKind? {
    switch kind {
    case .file: return .file
    case .folder: return .folder
    case .special(let kind): return .special(kind)
    case .link, .unknown:
      let found = FileKind.following(path)
      guard case .refused(let code) = found else { return found }
      // A link to nowhere matters only where a manifest was to be expected.
      guard isWanted else { return nil }
      var error = InputError(errno: code, path: path, listed: true)
      if case .link = kind, error.cause == .vanished { error.cause = .brokenLink }
      fail(error, for: argument)
      return nil
    }
  }

  /// Reports a name that is not UTF-8, where a manifest could hide behind it.
  private mutating func refuseName(_ entry: FolderEntry, isWanted: Bool, in folder: Folder) {
    let isFolder = if case .folder = entry.kind { true } else { false }
    guard isWanted || isFolder else { return }
    let path = folder.prefix + String(decoding: entry.name, as: UTF8.self)
    fail(InputError(.nameNotUTF8, path: path), for: folder.argument)
  }

  private mutating func isIgnored(_ name: String, isFolder: Bool, in folder: Folder) -> Bool {
    if folder.rules.isEmpty, excluded == nil { return false }
    let path = folder.components + [Array(name.utf8)[...]]
    guard folder.rules.ignores(path, isFolder: isFolder) || isExcluded(path, isFolder: isFolder)
    else { return false }
    listing.ignoredCount += 1
    ignored[folder.argument, default: 0] += 1
    return true
  }

  private func isExcluded(_ path: [ArraySlice<UInt8>], isFolder: Bool) -> Bool {
    guard let excluded, path.starts(with: excluded.folder) else { return false }
    return excluded.rules.ignores(path, isFolder: isFolder)
  }

  private func hasWantedEnding(_ name: [UInt8]) -> Bool {
    finder.endings.contains { ending in
      name.count > ending.utf8.count && name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
  }
}
