/// Which files are in a list of inputs already.
///
/// As long as there are only the files of folders, each folder searched once, nothing can be there
/// twice, and it is enough to remember the folders. Real paths are worked out, for what was found
/// so far as well, when the first file comes that another way leads to: a link, a pattern, a name.
struct SeenFiles {
  /// A folder, and where its files begin in the list.
  private struct Stretch {
    var real: String
    /// How many bytes of an input's path come before the name.
    var prefixCount: Int
    var start: Int
  }

  private var stretches: [Stretch] = []
  private var positions: [String: Int] = [:]
  /// Whether no file came another way than by its folder.
  private(set) var areFoldersEnough = true

  /// The files from `start` on are those of a folder, until the next folder begins.
  mutating func begin(_ real: String, prefix: String, at start: Int) {
    if let last = stretches.last, last.real == real { return }
    stretches.append(Stretch(real: real, prefixCount: prefix.utf8.count, start: start))
  }

  /// The position of the file that has this real path; nil, and the end of `inputs` noted as its
  /// position, where it is new.
  mutating func note(_ identity: String, at inputs: [Input]) -> Int? {
    if areFoldersEnough { takeIn(inputs) }
    if let known = positions[identity] { return known }
    positions[identity] = inputs.count
    return nil
  }

  private mutating func takeIn(_ inputs: [Input]) {
    areFoldersEnough = false
    for (number, stretch) in stretches.enumerated() {
      let end = number + 1 < stretches.count ? stretches[number + 1].start : inputs.count
      for position in stretch.start..<end {
        let name = inputs[position].path.utf8.dropFirst(stretch.prefixCount)
        positions[stretch.real + String(Substring(name))] = position
      }
    }
    stretches = []
  }
}
