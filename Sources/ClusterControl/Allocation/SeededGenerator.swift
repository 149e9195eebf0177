/// Chance that can be repeated: the same seed gives the same numbers on every machine.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// SplitMix64.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, without, `bound`, which is above 0.
  public mutating func number(below bound: UInt64) -> UInt64 {
    // One draw a number: the standard library's way may take more in another version.
    next().multipliedFullWidth(by: bound).high
  }

  /// `length` characters that cannot spell a word, as generated names end.
  public mutating func suffix(_ length: Int = 5) -> String {
    let letters = Array("bcdfghjklmnpqrstvwxz2456789")
    return String((0..<length).map { _ in letters[Int(number(below: UInt64(letters.count)))] })
  }
}
