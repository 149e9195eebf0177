/// Names of objects and of parts of them (FMT-01…FMT-05, FMT-30).
///
/// Every function of the format families returns one explanation per mistake that the server
/// reports on its own, none when the text is fine.
public enum NameFormat {
  /// The longest DNS label.
  public static let labelLengthMax = 63
  /// The longest DNS name.
  public static let subdomainLengthMax = 253

  /// A DNS label of RFC 1123: lower-case letters, digits and inner hyphens, at most 63 bytes.
  @inlinable
  public static func dnsLabel(_ text: some StringProtocol) -> [String] { dnsLabel(Substring(text)) }

  @usableFromInline
  static func dnsLabel(_ text: Substring) -> [String] {
    dnsLabel(text.utf8)
  }

  static func dnsLabel(_ bytes: TextBytes) -> [String] {
    var problems = CharacterClasses.tooLong(bytes, max: labelLengthMax)
    if isLabel(bytes) { return problems }
    problems.append(
      CharacterClasses.isDotted(bytes)
        ? "it must not contain dots"
        : "it must consist of lower-case letters, digits and '-', and begin and end with a letter "
          + "or digit")
    return problems
  }

  /// A DNS label of RFC 1035: one that begins with a letter.
  @inlinable
  public static func dns1035Label(_ text: some StringProtocol) -> [String] {
    dns1035Label(Substring(text))
  }

  @usableFromInline
  static func dns1035Label(_ text: Substring) -> [String] {
    let bytes = text.utf8
    var problems = CharacterClasses.tooLong(bytes, max: labelLengthMax)
    if !isLabel(bytes) || !(bytes.first.map(CharacterClasses.isLower) ?? false) {
      problems.append(
        "it must consist of lower-case letters, digits and '-', begin with a letter and end with a "
          + "letter or digit")
    }
    return problems
  }

  /// A DNS name: labels joined by dots, at most 253 bytes; labels alone have no limit.
  @inlinable
  public static func dnsSubdomain(_ text: some StringProtocol) -> [String] {
    dnsSubdomain(Substring(text))
  }

  @usableFromInline
  static func dnsSubdomain(_ text: Substring) -> [String] {
    dnsSubdomain(text.utf8)
  }

  static func dnsSubdomain(_ bytes: TextBytes) -> [String] {
    var problems = CharacterClasses.tooLong(bytes, max: subdomainLengthMax)
    if !CharacterClasses.isDotted(bytes) {
      problems.append(
        "it must consist of lower-case letters, digits, '-' and '.', and each part between dots "
          + "must begin and end with a letter or digit")
    }
    return problems
  }

  /// A DNS name whose labels may contain underscores, one of them in front.
  @inlinable
  public static func dnsSubdomainWithUnderscore(_ text: some StringProtocol) -> [String] {
    dnsSubdomainWithUnderscore(Substring(text))
  }

  @usableFromInline
  static func dnsSubdomainWithUnderscore(_ text: Substring) -> [String] {
    let bytes = text.utf8
    var problems = CharacterClasses.tooLong(bytes, max: subdomainLengthMax)
    if !CharacterClasses.isDotted(bytes, underscoreInside: true, underscoreFirst: true) {
      problems.append(
        "it must consist of lower-case letters, digits, '-', '_' and '.', and each part between "
          + "dots must end with a letter or digit")
    }
    return problems
  }

  /// A DNS name behind `*.`.
  @inlinable
  public static func wildcardSubdomain(_ text: some StringProtocol) -> [String] {
    wildcardSubdomain(Substring(text))
  }

  @usableFromInline
  static func wildcardSubdomain(_ text: Substring) -> [String] {
    let bytes = text.utf8
    var problems = CharacterClasses.tooLong(bytes, max: subdomainLengthMax)
    if !bytes.starts(with: "*.".utf8) || !CharacterClasses.isDotted(bytes.dropFirst(2)) {
      problems.append("it must be '*.' and a DNS name after it")
    }
    return problems
  }

  /// A domain of two labels at least, as the hosts of some references; a dot may end it.
  @inlinable
  public static func fullyQualifiedDomain(_ text: some StringProtocol) -> [String] {
    fullyQualifiedDomain(Substring(text))
  }

  @usableFromInline
  static func fullyQualifiedDomain(_ text: Substring) -> [String] {
    if text.isEmpty { return ["it is empty"] }
    let dot = UInt8(ascii: ".")
    var bytes = text.utf8
    if bytes.last == dot { bytes = bytes.dropLast() }
    if let problem = dnsSubdomain(bytes).first { return [problem] }
    let labels = bytes.split(separator: dot, omittingEmptySubsequences: false)
    if labels.count < 2 { return ["it must have at least two parts joined by a dot"] }
    let long = labels.first { $0.count > labelLengthMax }
    return long.map { CharacterClasses.tooLong($0, max: labelLengthMax, "a part of it") } ?? []
  }

  /// A name as a part of a path, which every object's name is.
  @inlinable
  public static func pathSegment(_ text: some StringProtocol) -> [String] {
    pathSegment(Substring(text))
  }

  @usableFromInline
  static func pathSegment(_ text: Substring) -> [String] {
    let bytes = text.utf8
    if text == "." || text == ".." { return ["it must not be '\(text)'"] }
    let forbidden: [UInt8] = [UInt8(ascii: "/"), UInt8(ascii: "%")]
    return forbidden.filter { bytes.contains($0) }
      .map { "it must not contain '\(Unicode.Scalar($0))'" }
  }

  /// A generated name's prefix in the form that its grammar is checked in: a hyphen at the end
  /// stands for characters to come.
  public static func maskingTrailingHyphen(_ prefix: String) -> String {
    guard prefix.utf8.count > 1, prefix.utf8.last == UInt8(ascii: "-") else { return prefix }
    // The server replaces the last two bytes, so "a--" passes.
    return String(decoding: prefix.utf8.dropLast(2), as: UTF8.self) + "a"
  }

  /// Whether a name is what every kind of name takes: a DNS label that begins with a letter. Others
  /// may be good names too.
  public static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let first = bytes.first, let last = bytes.last, bytes.count <= labelLengthMax,
      CharacterClasses.isLower(first), CharacterClasses.isLowerAlphanumeric(last)
    else { return false }
    for byte in bytes
    where !CharacterClasses.isLowerAlphanumeric(byte) && byte != UInt8(ascii: "-") {
      return false
    }
    return true
  }

  private static func isLabel(_ bytes: TextBytes) -> Bool {
    CharacterClasses.isDotted(bytes, separators: "")
  }
}
