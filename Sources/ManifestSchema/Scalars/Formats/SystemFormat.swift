/// Names of kernel settings and of certificate signers (FMT-26, FMT-27).
public enum SystemFormat {
  /// The longest name of a signer.
  public static let signerLengthMax = 571

  /// A kernel setting: words joined by `.` or `/`.
  @inlinable
  public static func sysctl(_ text: some StringProtocol) -> [String] { sysctl(Substring(text)) }

  @usableFromInline
  static func sysctl(_ text: Substring) -> [String] {
    let bytes = text.utf8
    let isFine =
      bytes.count <= NameFormat.subdomainLengthMax
      && CharacterClasses.isDotted(bytes, separators: "./", underscoreInside: true)
    if isFine { return [] }
    return [
      "it must be at most \(NameFormat.subdomainLengthMax) bytes of words joined by '.' or '/', "
        + "of lower-case letters, digits, '-' and '_'"
    ]
  }

  /// A signer of certificates: `domain/path`.
  @inlinable
  public static func signerName(_ text: some StringProtocol) -> [String] {
    signerName(Substring(text))
  }

  @usableFromInline
  static func signerName(_ text: Substring) -> [String] {
    if text.isEmpty { return ["it is empty"] }
    let (dot, slash) = (UInt8(ascii: "."), UInt8(ascii: "/"))
    let bytes = text.utf8
    let parts = bytes.split(separator: slash, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return ["it must be a domain, one '/' and a path"] }
    var problems = CharacterClasses.tooLong(
      parts[0], max: NameFormat.subdomainLengthMax, "its domain")
    let labels = parts[0].split(separator: dot, omittingEmptySubsequences: false)
    problems += firstProblems(labels.lazy.map { NameFormat.dnsLabel($0) }, "its domain")
    if labels.count < 2 {
      problems.append("its domain must have at least two parts joined by a dot")
    }
    let path = parts[1].split(separator: dot, omittingEmptySubsequences: false)
    problems += firstProblems(path.lazy.map { NameFormat.dnsSubdomain($0) }, "its path")
    return problems + CharacterClasses.tooLong(bytes, max: signerLengthMax)
  }

  /// The problems of the first part that has any: further ones would only repeat them.
  private static func firstProblems(_ parts: some Sequence<[String]>, _ what: String) -> [String] {
    (parts.first { !$0.isEmpty } ?? []).map { "a part of \(what) is wrong: \($0)" }
  }
}
