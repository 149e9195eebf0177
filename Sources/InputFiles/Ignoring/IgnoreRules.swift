/// One line of an ignore file, in git's language.
struct IgnorePattern: Hashable, Sendable {
  /// The line begins with `!`: what it matches is not ignored after all.
  var isNegated = false
  /// The line ends in `/`: it means folders only.
  var foldersOnly = false
  private var shape: Shape

  private enum Shape: Hashable, Sendable {
    /// No slash in the pattern: it means the last component at any depth.
    case name(Wildcard)
    /// A slash before the end ties the pattern to the folder of its file.
    case path(PathPattern)
  }

  /// Reads a line; nil for blank lines, comments and patterns that can match nothing.
  init?(line: ArraySlice<UInt8>) {
    var text = IgnorePattern.withoutTrailingSpace(line)
    guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
    if first == UInt8(ascii: "!") {
      isNegated = true
      text = text.dropFirst()
    }
    if text.last == UInt8(ascii: "/") {
      foldersOnly = true
      text = text.dropLast()
    }
    guard !text.isEmpty else { return nil }
    if text.contains(UInt8(ascii: "/")) {
      guard let pattern = PathPattern(text, by: .byte) else { return nil }
      shape = .path(pattern)
    } else {
      guard let wildcard = Wildcard(text, by: .byte) else { return nil }
      shape = .name(wildcard)
    }
  }

  /// Whether the line means the entry whose components, from the folder of the file, are `path`.
  func matches(_ path: ArraySlice<ArraySlice<UInt8>>, isFolder: Bool) -> Bool {
    if foldersOnly && !isFolder { return false }
    switch shape {
    case .name(let wildcard): return path.last.map(wildcard.matches) ?? false
    case .path(let pattern): return pattern.matches(path)
    }
  }

  /// Trailing spaces do not count, unless a backslash protects them.
  private static func withoutTrailingSpace(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var end = line.startIndex
    var index = line.startIndex
    while index < line.endIndex {
      if line[index] == UInt8(ascii: "\\") {
        index = min(index + 2, line.endIndex)
        end = index
      } else {
        index += 1
        if line[index - 1] != UInt8(ascii: " ") { end = index }
      }
    }
    return line[line.startIndex..<end]
  }
}

/// The lines of all ignore files that count in a folder, weakest first.
///
/// A file of a deeper folder outranks those above it, and a later line an earlier one. What is in
/// an ignored folder cannot be had back, because nobody looks there.
struct IgnoreRules: Sendable {
  /// One ignore file.
  private struct Layer: Sendable {
    /// How many components, from the root of the file system, lead to the folder of the file.
    var depth: Int
    var patterns: [IgnorePattern]
  }

  private var layers: [Layer] = []

  /// Adds the text of an ignore file in a folder `depth` components below the root.
  mutating func add(_ text: [UInt8], depth: Int) {
    var lines = text[...]
    if lines.starts(with: [0xEF, 0xBB, 0xBF]) { lines = lines.dropFirst(3) }
    let patterns = lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
      IgnorePattern(line: line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
    if !patterns.isEmpty { layers.append(Layer(depth: depth, patterns: patterns)) }
  }

  /// Whether the entry at `path`, its components from the root, is to be left out.
  func ignores(_ path: [ArraySlice<UInt8>], isFolder: Bool) -> Bool {
    for layer in layers.reversed() where layer.depth < path.count {
      let relative = path[layer.depth...]
      for pattern in layer.patterns.reversed() where pattern.matches(relative, isFolder: isFolder) {
        return !pattern.isNegated
      }
    }
    return false
  }

  /// Whether there is anything to ask about.
  var isEmpty: Bool { layers.isEmpty }
}
