import Glibc

/// Where ignore files begin to count: the root of the git repository around a folder.
enum RepositoryRoot {
  /// The rules that come from above the folder `real` (an absolute path without links): the
  /// repository's `info/exclude`, and the ignore files from its root down to the folder's parent.
  ///
  /// Outside a repository, the working directory takes the root's place, if the folder is below it.
  static func rules(above real: String) -> IgnoreRules {
    var rules = IgnoreRules()
    let folders = ancestors(of: real)
    var root = folders.lastIndex { exists($0 + ".git") }
    if let root {
      if let exclude = contents(ofSmallFile: gitFolder(of: folders[root]) + "info/exclude") {
        rules.add(exclude, depth: root)
      }
    } else {
      let here = realPath(".")
      root = folders.firstIndex(of: here == "/" ? "/" : here + "/")
    }
    guard let root else { return rules }
    for folder in folders[root...].dropLast() { rules.addFiles(in: folder) }
    return rules
  }

  /// The folder and all above it, root first, each ending in a slash.
  private static func ancestors(of real: String) -> [String] {
    var folders = ["/"]
    for component in real.split(separator: "/") {
      folders.append((folders.last ?? "/") + component + "/")
    }
    return folders
  }

  /// Where git keeps its files: `.git`, or what a worktree's or submodule's `.git` file points at.
  private static func gitFolder(of root: String) -> String {
    guard let text = contents(ofSmallFile: root + ".git"),
      let line = firstLine(text), line.hasPrefix("gitdir: ")
    else { return root + ".git/" }
    let folder = joined(root, String(line.dropFirst("gitdir: ".count)))
    guard let common = contents(ofSmallFile: folder + "commondir").flatMap(firstLine) else {
      return folder
    }
    return joined(folder, common)
  }

  private static func joined(_ folder: String, _ path: String) -> String {
    (path.hasPrefix("/") ? path : folder + path) + "/"
  }

  private static func firstLine(_ text: [UInt8]) -> String? {
    text.split(separator: UInt8(ascii: "\n")).first.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

extension IgnoreRules {
  /// Adds the ignore files of `folder`, an absolute path with a slash at its end. kmf's own file
  /// has the last word.
  mutating func addFiles(in folder: String) {
    for name in [".gitignore", ".kmfignore"] {
      guard let text = contents(ofSmallFile: folder + name) else { continue }
      add(text, depth: folder.utf8.split(separator: UInt8(ascii: "/")).count)
    }
  }
}
