/// Keys and values of labels and annotations, and other names with a prefix (FMT-06…08, FMT-29).
public enum LabelFormat {
  /// The longest name behind the prefix, and the longest label value.
  public static let lengthMax = 63

  /// A label key, also called a qualified name: `name` or `prefix/name`.
  @inlinable
  public static func key(_ text: some StringProtocol) -> [String] { key(Substring(text)) }

  @usableFromInline
  static func key(_ text: Substring) -> [String] {
    if isKey(text.utf8) { return [] }
    let parts = text.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.last else {
      return ["it must be a name, or a DNS name, one '/' and a name"]
    }
    var problems: [String] = []
    if parts.count == 2 {
      problems +=
        parts[0].isEmpty
        ? ["its prefix is empty"]
        : NameFormat.dnsSubdomain(parts[0]).map { "its prefix is no DNS name: \($0)" }
    }
    if name.isEmpty {
      problems.append("its name part is empty")
    } else {
      problems += CharacterClasses.tooLong(name, max: lengthMax, "its name part")
    }
    if !isName(name) { problems.append("its name part \(rule)") }
    return problems
  }

  /// A label value: empty, or of the characters of a name.
  @inlinable
  public static func value(_ text: some StringProtocol) -> [String] { value(Substring(text)) }

  @usableFromInline
  static func value(_ text: Substring) -> [String] {
    let bytes = text.utf8
    if bytes.isEmpty || isName(bytes), bytes.count <= lengthMax { return [] }
    var problems = CharacterClasses.tooLong(bytes, max: lengthMax)
    if !bytes.isEmpty, !isName(bytes) { problems.append("it \(rule), or be empty") }
    return problems
  }

  /// An annotation's key: a label key that may have capitals in its prefix.
  @inlinable
  public static func annotationKey(_ text: some StringProtocol) -> [String] {
    annotationKey(Substring(text))
  }

  @usableFromInline
  static func annotationKey(_ text: Substring) -> [String] {
    isKey(text.utf8) ? [] : key(text.lowercased())
  }

  /// A label key that must have a prefix.
  @inlinable
  public static func prefixedKey(_ text: some StringProtocol) -> [String] {
    prefixedKey(Substring(text))
  }

  @usableFromInline
  static func prefixedKey(_ text: Substring) -> [String] {
    if text.isEmpty { return ["it is empty"] }
    let problems = key(text)
    if !problems.isEmpty || text.utf8.contains(UInt8(ascii: "/")) { return problems }
    return ["it must have a domain in front, like 'example.com/key'"]
  }

  private static let rule =
    "must consist of letters, digits, '-', '_' and '.', and begin and end with a letter or digit"

  /// Whether there is nothing to say about a key: what nearly every key comes to.
  public static func isKey(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else {
      return isName(bytes) && bytes.count <= lengthMax
    }
    let name = UnsafeRawBufferPointer(rebasing: bytes[(slash + 1)...])
    return isName(name) && name.count <= lengthMax && slash <= NameFormat.subdomainLengthMax
      && CharacterClasses.isDotted(UnsafeRawBufferPointer(rebasing: bytes[..<slash]))
  }

  /// Whether there is nothing to say about a value.
  public static func isValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.isEmpty || isName(bytes) && bytes.count <= lengthMax
  }

  private static func isKey(_ bytes: TextBytes) -> Bool {
    CharacterClasses.read(bytes) { isKey($0) }
  }

  private static func isName(_ bytes: TextBytes) -> Bool {
    CharacterClasses.read(bytes) { isName($0) }
  }

  private static func isName(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return false }
    return CharacterClasses.isAlphanumeric(first) && CharacterClasses.isAlphanumeric(last)
      && bytes.allSatisfy(CharacterClasses.isNameByte)
  }
}
