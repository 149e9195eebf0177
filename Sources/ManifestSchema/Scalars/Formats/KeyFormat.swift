/// Names of environment variables and keys of ConfigMaps and Secrets (FMT-12…FMT-14).
public enum KeyFormat {
  /// A variable's name since Kubernetes 1.32: printable ASCII without `=`.
  @inlinable
  public static func environmentVariable(_ text: some StringProtocol) -> [String] {
    environmentVariable(Substring(text))
  }

  @usableFromInline
  static func environmentVariable(_ text: Substring) -> [String] {
    if text.isEmpty { return ["it is empty"] }
    let isFine = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "=") }
    return isFine ? [] : ["it must consist of printable ASCII characters other than '='"]
  }

  /// A variable's name before that: letters, digits, `-`, `_` and `.`, no digit in front.
  @inlinable
  public static func strictEnvironmentVariable(_ text: some StringProtocol) -> [String] {
    strictEnvironmentVariable(Substring(text))
  }

  @usableFromInline
  static func strictEnvironmentVariable(_ text: Substring) -> [String] {
    var problems: [String] = []
    let startsWell = text.utf8.first.map { !CharacterClasses.isDigit($0) } ?? false
    if !startsWell || !text.utf8.allSatisfy(CharacterClasses.isNameByte) {
      problems.append(
        "it must consist of letters, digits, '-', '_' and '.', and must not begin with a digit")
    }
    return problems + parentDirectory(text)
  }

  /// A key of a ConfigMap or a Secret, which becomes a file name.
  @inlinable
  public static func configKey(_ text: some StringProtocol) -> [String] {
    configKey(Substring(text))
  }

  @usableFromInline
  static func configKey(_ text: Substring) -> [String] {
    var problems = CharacterClasses.tooLong(
      text.utf8, max: NameFormat.subdomainLengthMax)
    if text.isEmpty || !text.utf8.allSatisfy(CharacterClasses.isNameByte) {
      problems.append("it must consist of letters, digits, '-', '_' and '.'")
    }
    return problems + parentDirectory(text)
  }

  private static func parentDirectory(_ text: some StringProtocol) -> [String] {
    if text == "." || text == ".." { return ["it must not be '\(text)'"] }
    return text.utf8.starts(with: "..".utf8) ? ["it must not begin with '..'"] : []
  }
}
