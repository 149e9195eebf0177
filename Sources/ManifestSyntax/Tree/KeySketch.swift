/// Which keys occur anywhere in a document, roughly: a key that is not in the sketch is not there.
///
/// A tree draws it when it is first asked, so that whoever looks for something rare can tell at
/// once that it is absent.
public struct KeySketch: Hashable, Sendable {
  /// One bit for the hash of each key.
  @usableFromInline var words = SIMD8<UInt64>()

  /// The sketch of no keys.
  @inlinable init() {}

  /// The sketch of some keys; of none it is met by everything.
  public init(ofKeys keys: [String]) {
    for key in keys { insert(KeyHash.of(key)) }
  }

  /// The sketch of all keys of the document that `node` is a part of; of what is in no tree,
  /// everything may be there.
  public init(of node: NodeRef) {
    if case .tree(let tree, _) = node {
      self = tree.sketchKeys()
    } else {
      words = SIMD8(repeating: .max)
    }
  }

  @inline(__always)
  mutating func insert(_ hash: UInt32) {
    // In memory: a lane of a vector whose number is not known beforehand is set by taking all of
    // them out of memory and putting them back.
    withUnsafeMutableBytes(of: &words) { bytes in
      let offset = Int(hash >> 6 & 7) * MemoryLayout<UInt64>.size
      let word = bytes.load(fromByteOffset: offset, as: UInt64.self) | 1 << UInt64(hash & 63)
      bytes.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
    }
  }

  /// Whether one of the keys of `needs` may be among those of this sketch.
  public func mayMeet(_ needs: KeySketch) -> Bool {
    Self.isAny(words & needs.words) || !Self.isAny(needs.words)
  }

  /// Whether a bit is set; vectors compare lane by lane, which takes longer.
  @inline(__always)
  private static func isAny(_ words: SIMD8<UInt64>) -> Bool {
    let four = words.lowHalf | words.highHalf
    let two = four.lowHalf | four.highHalf
    return two[0] | two[1] != 0
  }
}
