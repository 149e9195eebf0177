/// A pattern for a whole relative path: components with wildcards, and `**` for any number of them.
struct PathPattern: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case component(Wildcard)
    case anyDepth
  }

  private(set) var parts: [Part] = []

  /// Reads a pattern without leading slash; nil if it can match nothing.
  init?(_ text: ArraySlice<UInt8>, by unit: Wildcard.Unit) {
    for component in PathPattern.split(text) where !component.isEmpty {
      if component.elementsEqual("**".utf8) {
        if parts.last != .anyDepth { parts.append(.anyDepth) }
      } else {
        guard let wildcard = Wildcard(component, by: unit) else { return nil }
        parts.append(.component(wildcard))
      }
    }
    if parts.isEmpty { return nil }
  }

  /// Whether the pattern means `path`, given as its components.
  ///
  /// `**` stands for no component or more; at the end of the pattern for at least one, so that
  /// `logs/**` is what lies in `logs` and not the folder.
  func matches(_ path: ArraySlice<ArraySlice<UInt8>>) -> Bool {
    var part = 0
    var index = path.startIndex
    var retry: (part: Int, index: Int)?
    while index < path.endIndex {
      if part < parts.count, parts[part] == .anyDepth {
        if part == parts.count - 1 { return true }
        part += 1
        retry = (part, index)
      } else if part < parts.count, case .component(let wildcard) = parts[part],
        wildcard.matches(path[index])
      {
        part += 1
        index += 1
      } else if let last = retry {
        part = last.part
        index = last.index + 1
        retry = (part, index)
      } else {
        return false
      }
    }
    return part == parts.count
  }

  /// Whether something below the folder `path` could match: where to look any deeper.
  func couldMatch(below path: [ArraySlice<UInt8>]) -> Bool {
    for (index, component) in path.enumerated() {
      guard index < parts.count else { return false }
      guard case .component(let wildcard) = parts[index] else { return true }
      if !wildcard.matches(component) { return false }
    }
    return path.count < parts.count
  }

  /// Cuts at slashes, but not at those inside brackets; `\/` is a slash too.
  private static func split(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = text.startIndex
    var bracket: Int?
    var index = start
    while index < text.endIndex {
      switch text[index] {
      case UInt8(ascii: "\\"):
        if index + 1 < text.endIndex, text[index + 1] == UInt8(ascii: "/"), bracket == nil {
          pieces.append(text[start..<index])
          start = index + 2
        }
        index += 1
      case UInt8(ascii: "["): if bracket == nil { bracket = closing(of: index, in: text) }
      case UInt8(ascii: "/") where bracket == nil:
        pieces.append(text[start..<index])
        start = index + 1
      default: break
      }
      if let end = bracket, index >= end { bracket = nil }
      index += 1
    }
    pieces.append(text[min(start, text.endIndex)...])
    return pieces
  }

  /// Where the bracket that opens at `open` is closed; nil if it never is.
  private static func closing(of open: Int, in text: ArraySlice<UInt8>) -> Int? {
    var index = open + 1
    while index < text.endIndex, "!^".utf8.contains(text[index]) { index += 1 }
    index += 1
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "\\") {
        index += 2
        continue
      }
      if text[index] == UInt8(ascii: "]") { return index }
      index += 1
    }
    return nil
  }
}
