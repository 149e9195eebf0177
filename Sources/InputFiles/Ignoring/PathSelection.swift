/// Patterns in the language of ignore files that say which paths something is about.
public struct PathSelection: Hashable, Sendable {
  private let folder: String
  private let patterns: [String]
  private let components: [ArraySlice<UInt8>]
  private let rules: IgnoreRules

  public static func == (left: PathSelection, right: PathSelection) -> Bool {
    left.folder == right.folder && left.patterns == right.patterns
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(folder)
    hasher.combine(patterns)
  }

  /// - Parameters:
  ///   - patterns: lines as an ignore file has them; a later one has the last word.
  ///   - folder: the folder from which they are meant.
  public init(_ patterns: [String], in folder: String) {
    self.folder = folder
    self.patterns = patterns
    components = Array(realPath(folder).utf8).split(separator: UInt8(ascii: "/"))
    var rules = IgnoreRules()
    rules.add(Array(patterns.joined(separator: "\n").utf8), depth: components.count)
    self.rules = rules
  }

  /// Whether a pattern means the file, or a folder that it is in.
  public func contains(_ path: String, workingFolder: String) -> Bool {
    let whole = path.hasPrefix("/") ? path : workingFolder + "/" + path
    var parts: [ArraySlice<UInt8>] = []
    for part in Array(whole.utf8).split(separator: UInt8(ascii: "/")) {
      if part.elementsEqual(".".utf8) { continue }
      if part.elementsEqual("..".utf8) {
        _ = parts.popLast()
      } else {
        parts.append(part)
      }
    }
    guard parts.count > components.count, parts.starts(with: components, by: ==) else {
      return false
    }
    for count in (components.count + 1)...parts.count {
      if rules.ignores(Array(parts[..<count]), isFolder: count < parts.count) { return true }
    }
    return false
  }
}
