/// Numbers and names of ports (FMT-09…FMT-11).
public enum PortFormat {
  /// A port number: 1 to 65535.
  public static func number(_ value: Int64) -> [String] {
    ValueFormat.range(value, 1...65535)
  }

  /// A service name of RFC 6335, as ports have them.
  @inlinable
  public static func name(_ text: some StringProtocol) -> [String] { name(Substring(text)) }

  @usableFromInline
  static func name(_ text: Substring) -> [String] {
    let bytes = text.utf8
    let hyphen = UInt8(ascii: "-")
    var problems = CharacterClasses.tooLong(bytes, max: 15)
    if bytes.isEmpty
      || !bytes.allSatisfy({ CharacterClasses.isLowerAlphanumeric($0) || $0 == hyphen })
    {
      problems.append("it must consist of lower-case letters, digits and '-'")
    }
    if !bytes.contains(where: CharacterClasses.isLower) {
      problems.append("it must contain at least one lower-case letter")
    }
    if zip(bytes, bytes.dropFirst()).contains(where: { $0 == hyphen && $1 == hyphen }) {
      problems.append("it must not contain two hyphens in a row")
    }
    if bytes.first == hyphen || bytes.last == hyphen {
      problems.append("it must not begin or end with a hyphen")
    }
    return problems
  }

  /// A port given by number or by name.
  public static func numberOrName(_ port: IntOrString) -> [String] {
    switch port {
    case .int(let value): return number(Int64(value))
    case .string(let text): return name(text)
    }
  }
}
