/// Paths inside volumes and the modes of files (FMT-16…FMT-19).
public enum FileFormat {
  /// A file mode: 0 to 0777 octal.
  public static func mode(_ value: Int64) -> [String] {
    (0...0o777).contains(value)
      ? [] : ["it is \(value), octal \(octal(value)); it must be between 0 and 511 (octal 0777)"]
  }

  /// A relative path that never goes up.
  @inlinable
  public static func localPath(_ text: some StringProtocol) -> [String] {
    localPath(Substring(text))
  }

  @usableFromInline
  static func localPath(_ text: Substring) -> [String] {
    var problems = text.utf8.first == UInt8(ascii: "/") ? ["it must be a relative path"] : []
    problems += withoutBacksteps(text)
    return problems
  }

  /// A local path whose first part does not begin with `..`: such names are used internally.
  @inlinable
  public static func localUnreservedPath(_ text: some StringProtocol) -> [String] {
    localUnreservedPath(Substring(text))
  }

  @usableFromInline
  static func localUnreservedPath(_ text: Substring) -> [String] {
    var problems = localPath(text)
    if text.utf8.starts(with: "..".utf8), !text.utf8.starts(with: "../".utf8) {
      problems.append("it must not begin with '..'")
    }
    return problems
  }

  /// A path, maybe absolute, that never goes up.
  @inlinable
  public static func withoutBacksteps(_ text: some StringProtocol) -> [String] {
    withoutBacksteps(Substring(text))
  }

  @usableFromInline
  static func withoutBacksteps(_ text: Substring) -> [String] {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isBackstep = parts.contains { $0.elementsEqual("..".utf8) }
    return isBackstep ? ["it must not contain '..' as a part of the path"] : []
  }

  private static func octal(_ value: Int64) -> String {
    (value < 0 ? "-0" : "0") + String(value.magnitude, radix: 8)
  }
}
