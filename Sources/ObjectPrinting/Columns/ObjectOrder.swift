import ManifestSchema
import ManifestSyntax

/// The order of `--sort-by`: by what a path finds in each object.
///
/// Amounts compare as amounts (`500m` before `1`), other text by its words and numbers (`web-9`
/// before `web-10`). Objects where the path finds nothing come first; equals keep their order.
public struct ObjectOrder: Sendable {
  private let path: JSONPath
  private let text: String

  /// Sorts by `path`, in braces or not.
  public init(by path: String) throws(JSONPathError) {
    self.path = try JSONPath(path: path)
    text = path
  }

  /// The positions of `objects` in order.
  ///
  /// - Throws: when the path finds something in none of them.
  public func positions(of objects: [Value]) throws(JSONPathError) -> [Int] {
    var keys: [Value?] = []
    for object in objects { keys.append(try path.values(in: object).first) }
    guard objects.isEmpty || keys.contains(where: { $0 != nil }) else {
      throw JSONPathError("no object has the field '\(text)' to sort by")
    }
    return keys.indices.sorted { first, second in
      let order = Self.compare(keys[first], keys[second])
      return order == 0 ? first < second : order < 0
    }
  }

  /// The objects in order.
  public func sorted(_ objects: [Value]) throws(JSONPathError) -> [Value] {
    try positions(of: objects).map { objects[$0] }
  }

  private static func compare(_ left: Value?, _ right: Value?) -> Int {
    guard let left else { return right == nil ? 0 : -1 }
    guard let right else { return 1 }
    guard let first = left.string, let second = right.string else {
      return ValueOrder.compare(left, right) ?? 0
    }
    if let first = Quantity(first), let second = Quantity(second) {
      return first == second ? 0 : first < second ? -1 : 1
    }
    return naturalOrder(first, second)
  }

  /// Runs of digits compare as numbers.
  static func naturalOrder(_ left: String, _ right: String) -> Int {
    let first = Array(left.utf8)
    let second = Array(right.utf8)
    var i = 0
    var j = 0
    while i < first.count, j < second.count {
      if isDigit(first[i]), isDigit(second[j]) {
        let a = run(first, from: &i)
        let b = run(second, from: &j)
        if a.count != b.count { return a.count < b.count ? -1 : 1 }
        if a != b { return a.lexicographicallyPrecedes(b) ? -1 : 1 }
        continue
      }
      if first[i] != second[j] { return first[i] < second[j] ? -1 : 1 }
      i += 1
      j += 1
    }
    let rest = (first.count - i) - (second.count - j)
    return rest != 0 ? rest : first.count - second.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// The digits from `position`, without leading zeros.
  private static func run(_ bytes: [UInt8], from position: inout Int) -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    return bytes[start..<position].drop { $0 == 0x30 }
  }
}
