import ManifestSyntax
import Testing

/// Measured with the YAML library that the API server links.
struct ScalarResolutionTests {
  private func onBytes<Result>(
    _ text: String, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    Array(text.utf8).withUnsafeBytes(body)
  }

  @Test func kindsFollowTheServersWords() {
    let cases: [(ScalarKind, String)] = [
      (.null, "~"), (.null, "null"), (.null, "Null"), (.null, "NULL"),
      (.string, "nULL"), (.string, "nul"), (.string, "nulls"), (.string, "~~"),
      (.bool, "y"), (.bool, "Y"), (.bool, "n"), (.bool, "N"), (.bool, "yes"), (.bool, "Yes"),
      (.bool, "YES"), (.bool, "no"), (.bool, "No"), (.bool, "NO"), (.bool, "on"), (.bool, "On"),
      (.bool, "ON"), (.bool, "off"), (.bool, "Off"), (.bool, "OFF"), (.bool, "true"),
      (.bool, "True"), (.bool, "TRUE"), (.bool, "false"), (.bool, "False"), (.bool, "FALSE"),
      (.string, "tRue"), (.string, "truE"), (.string, "yEs"), (.string, "oN"), (.string, "t"),
      (.string, "f"), (.string, "o"), (.string, "yess"), (.string, "nginx"), (.string, "falsey"),
      (.string, "<<"), (.string, "Ingress"), (.string, "/x"), (.string, "_1"), (.string, "é"),
      (.int, "0"), (.int, "-0"), (.int, "+1"), (.int, "0777"), (.int, "0o777"), (.int, "0O17"),
      (.int, "08"), (.int, "0x1F"), (.int, "0b101"), (.int, "0b-1"), (.int, "1_000"),
      (.int, "1__0"),
      (.int, "1_"), (.int, "-_1"), (.int, "1e3"), (.int, "1.0"), (.int, "5."), (.int, "-3.0"),
      (.int, "18446744073709551615"), (.int, "9223372036854775808"), (.int, "-9223372036854775808"),
      (.int, "1.5e+3"), (.int, "-0.0"), (.int, "0e99999"), (.int, "1e-400"),
      (.float, "18446744073709551616"), (.float, "-9223372036854775809"), (.float, "1e20"),
      (.float, "0.5"), (.float, ".5"), (.float, ".5_0"), (.float, "09.5"), (.float, "1.10"),
      (.float, "1234e56"), (.float, ".inf"), (.float, "-.Inf"), (.float, "+.INF"), (.float, ".nan"),
      (.float, ".NaN"), (.float, "0777777777777777777777777"), (.float, "1e-7"),
      (.string, "1e400"), (.string, "1e"), (.string, "0x"), (.string, "0b"), (.string, "0o"),
      (.string, "0b2"), (.string, "0o8"), (.string, "0xG"), (.string, "0x-1"), (.string, "-"),
      (.string, "+"), (.string, "."), (.string, ".."), (.string, "-."), (.string, "--1"),
      (.string, "1.2.3"), (.string, "1.20.3"), (.string, "10.0.0.1"), (.string, "12:30:45"),
      (.string, "2020-01-01"), (.string, "2020-01-01T00:00:00Z"), (.string, "10Gi"),
      (.string, "100m"), (.string, "1 000"), (.string, "+.nan"), (.string, ".iNf"),
      (.string, "._5"), (.string, ".5_"), (.string, ".5__0"), (.string, ".e3"), (.string, "0x1p4"),
      (.string, "0x1.8"), (.string, "Inf"), (.string, "+Inf"), (.string, "1e+"), (.string, "1e3e"),
      (.string, "0b--1"), (.string, "-0b-1"), (.string, "...."), (.string, "1-"),
      (.string, "0xFFFFFFFFFFFFFFFFF"), (.string, "-y"), (.string, "--flag"), (.string, "---"),
    ]
    for (kind, text) in cases {
      let found = onBytes(text) { ScalarResolution.kind(ofPlain: $0) }
      #expect(found == kind, "\(text)")
      let isNumber = onBytes(text) { ScalarResolution.number($0) } != nil
      #expect(isNumber == (kind == .int || kind == .float), "number of \(text)")
      let isBool = onBytes(text) { ScalarResolution.bool($0) } != nil
      #expect(isBool == (kind == .bool), "bool of \(text)")
    }
    #expect(ScalarResolution.kind(ofPlain: UnsafeRawBufferPointer(start: nil, count: 0)) == .null)
  }

  @Test func numbersPrintAsTheServersJSON() {
    let cases: [(String, String)] = [
      ("0777", "511"), ("0o777", "511"), ("08", "8"), ("09.5", "9.5"), ("0x1F", "31"),
      ("0b101", "5"), ("0b-11", "-3"), ("1_000", "1000"), ("1__0", "10"), ("+1", "1"), ("-0", "0"),
      ("1e3", "1000"), ("12e03", "12000"), ("1.5e+3", "1500"), ("1234e56", "1.234e+59"),
      ("1.0", "1"), ("5.", "5"), (".5", "0.5"), ("1.10", "1.1"), ("-0.0", "-0"),
      ("9223372036854775808", "9223372036854775808"), ("-0x10", "-16"),
      ("18446744073709551615", "18446744073709551615"), ("1e20", "100000000000000000000"),
      ("18446744073709551616", "18446744073709552000"), ("1e21", "1e+21"), ("1e-6", "0.000001"),
      ("1e-7", "1e-7"), ("1.25e-10", "1.25e-10"), ("123456789.125", "123456789.125"),
      ("0.1", "0.1"), ("100.0", "100"), ("1e-400", "0"),
      ("+9223372036854775808", "9223372036854776000"),
      (".inf", "+Inf"), ("-.inf", "-Inf"), (".nan", "NaN"),
      ("1.7976931348623157e308", "1.7976931348623157e+308"),
      ("5e-324", "5e-324"), ("123456789012345678901234567890", "1.2345678901234568e+29"),
    ]
    for (text, json) in cases {
      #expect(onBytes(text) { ScalarResolution.jsonText(ofNumber: $0) } == json, "\(text)")
    }
    let values: [(String, ScalarResolution.Number)] = [
      ("1e3", .int(1000)), ("0.5", .double(0.5)), ("1e19", .uint(10_000_000_000_000_000_000)),
      ("-9223372036854775808", .int(.min)), ("18446744073709551615", .uint(.max)),
      ("-0", .int(0)), ("1e300", .double(1e300)), ("-.inf", .double(-.infinity)),
    ]
    for (text, value) in values {
      #expect(onBytes(text) { ScalarResolution.number($0) } == value, "\(text)")
    }
  }

  @Test func keysBecomeText() {
    let cases: [(String, String?)] = [
      ("on", "true"), ("yes", "true"), ("N", "false"), ("1", "1"), ("1.5", "1.5"), ("0x10", "16"),
      ("null", nil), ("~", nil), ("", nil), ("9223372036854775808", nil), ("a", "a"),
      ("1e3", "1000"), ("1e6", "1e+06"), ("1234567.0", "1.234567e+06"), ("0.00001", "1e-05"),
      ("0.1", "0.1"), (".inf", ".inf"), ("1e300", ".inf"), ("2020-01-01", "2020-01-01"),
      ("16777217.0", "1.6777216e+07"), ("app.kubernetes.io/name", "app.kubernetes.io/name"),
    ]
    for (text, key) in cases {
      #expect(onBytes(text) { ScalarResolution.keyText(ofPlain: $0) } == key, "\(text)")
    }
  }

  @Test func longInputStaysLinear() {
    let long = String(repeating: "9", count: 1_000_000)
    #expect(onBytes(long) { ScalarResolution.kind(ofPlain: $0) } == .string, "overflows a double")
    #expect(onBytes("0." + long) { ScalarResolution.jsonText(ofNumber: $0) } == "1")
    #expect(onBytes("1e" + long) { ScalarResolution.kind(ofPlain: $0) } == .string)
    #expect(onBytes("1e-" + long) { ScalarResolution.kind(ofPlain: $0) } == .int)
  }
}
