/// Says in which order the keys of a mapping belong, for one mapping and what is in it.
public protocol KeyRanker {
  /// The ranker for this very mapping, now that its texts are known.
  ///
  /// - Parameter text: the text of a key's value; nil where the key is missing or no text.
  func settled(by text: (String) -> String?) -> any KeyRanker
  /// Where a key belongs: lower ranks come first, equal ones stay in their order.
  func rank(_ key: String) -> Int
  /// The ranker for what stands under a key; nil where the order of its keys is the author's.
  func inside(_ key: String) -> (any KeyRanker)?
  /// The ranker for the items of a list.
  func item() -> (any KeyRanker)?
}
