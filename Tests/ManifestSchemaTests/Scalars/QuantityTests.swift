import ManifestSchema
import Testing

/// Small seeded generator (xorshift), so that a failure can be repeated.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

struct QuantityTests {
  /// Pairs that a real server stored, without and with its rounding of resources.
  @Test func textIsWhatTheServerStores() throws {
    let stored: [(String, String)] = [
      ("0", "0"), ("0.001", "1m"), ("0.5m", "500u"), ("1", "1"), ("1.0", "1"), ("1.5Gi", "1536Mi"),
      ("100m", "100m"), ("1Mi", "1Mi"), ("1m", "1m"), ("500Mi", "500Mi"), ("+1", "+1"),
      ("1E3", "1E3"), ("1e-3", "1e-3"), ("1000.0", "1k"), ("0.1", "100m"), ("1500m", "1500m"),
      ("134217728", "134217728"), ("9223372036854775808", "9223372036854775808"),
      ("99999999999999999999999", "99999999999999999999999"), ("1Pi", "1Pi"), ("1Gi ", "1Gi"),
      ("1e9", "1e9"), ("8Mi", "8Mi"), ("1024Mi", "1Gi"), ("1000", "1k"), ("1000m", "1"),
      ("0.1Ki", "102400m"), ("1e2", "100"), ("12e4", "120e3"), ("-1.5", "-1500m"), ("-", "0"),
      ("00", "0"), ("Ki", "0"), (".5", "500m"), ("5.", "5."), ("007", "007"), ("0.5n", "1n"),
      ("-0.5n", "-1n"), ("16Ei", "9223372036854775807"), ("8Ei", "9223372036854775807"),
      ("-8Ei", "-9223372036854775807"), ("1023", "1023"), ("0.5Ki", "512"), ("7Ei", "7Ei"),
      ("1e4294967299", "1e4294967299"), ("1000E", "1000E"), ("1E", "1E"), ("1500e-3", "1500e-3"),
    ]
    for (text, expected) in stored {
      let quantity = try #require(Quantity(decoding: text), "\(text)")
      #expect(quantity.description == expected, "\(text)")
      #expect(Quantity(expected) == quantity, "\(text) read again")
      #expect(Quantity(quantity.canonicalText) == quantity, "\(text) in canonical form")
    }
    let resources: [(String, String)] = [
      ("0.5m", "1m"), ("1n", "1m"), ("1e-3", "1e-3"), ("+1", "+1"), ("1.5Gi", "1536Mi"),
      ("-0.5m", "-1m"), ("+1u", "1m"), ("99999999999999999999999", "99999999999999999999999"),
      ("1100u", "2m"), ("1E3", "1E3"),
    ]
    for (text, expected) in resources {
      #expect(Quantity(text)?.roundedUp(to: .milli).description == expected, "\(text)")
    }
  }

  @Test func refusesWhatTheServerRefuses() {
    let wrong = [
      "", " ", "abc", "1 Gi", "1..2", "1K", "1Zi", "1e", "NaN", "1mi", "１", "gb", "1MB", "1,5",
      "1e1.5", "--1", "+-1", "1e99999999999999999999", "Pi", "1i", "0x10", "1_000", "1Gi\n", "\t1",
      "1e3k", "Infinity", "1\u{2028}", "1m5", "e", "1ee3",
    ]
    for text in wrong {
      #expect(Quantity(decoding: text) == nil, "\(text)")
      #expect(!ValueFormat.quantity(text).isEmpty, "\(text)")
    }
    #expect(Quantity("1 ") == nil)
    #expect(Quantity(decoding: "\u{00A0} 1 ")?.value == 1)
  }

  @Test func valuesRoundAwayFromZero() {
    let cases: [(String, Int64?, Int64?)] = [
      ("1.5", 2, 1500), ("-1.5", -2, -1500), ("1m", 1, 1), ("0.1m", 1, 1), ("0", 0, 0),
      ("9223372036854775807", .max, nil), ("9223372036854775808", nil, nil),
      ("-9223372036854775808", .min, nil), ("1e18", 1_000_000_000_000_000_000, nil),
      ("1e2147483647", nil, nil), ("1e-2147483648", 1, 1), ("1Ki", 1024, 1_024_000),
    ]
    for (text, value, milli) in cases {
      #expect(Quantity(text)?.value == value, "\(text)")
      #expect(Quantity(text)?.milliValue == milli, "\(text)")
    }
    let server: [(String, Int64)] = [
      ("1.5", 1500), ("10E", 0), ("9223372036854775808", 0), ("18446744073709551617", 1000),
    ]
    for (text, milli) in server {
      #expect(Quantity(text)?.serverMilliValue == milli, "\(text)")
    }
    #expect(Quantity("1.5")?.isInteger == false)
    #expect(Quantity("1.5Gi")?.isInteger == true)
  }

  @Test func arithmeticIsExactAndOrdered() {
    var random = Seeded(state: 0x9E37_79B9_7F4A_7C15)
    let suffixes = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e5"]
    func any() -> Quantity {
      let digits = Int.random(in: 1...25, using: &random)
      var text = Bool.random(using: &random) ? "-" : ""
      for _ in 0..<digits { text += String(Int.random(in: 0...9, using: &random)) }
      if Bool.random(using: &random) { text += "." + String(random.next() % 1000) }
      text += suffixes.randomElement(using: &random) ?? ""
      return Quantity(text) ?? .zero
    }
    for round in 0..<1000 {
      let (a, b, c) = (any(), any(), any())
      #expect((a + b) + c == a + (b + c), "associativity \(round): \(a) \(b) \(c)")
      #expect(a + b == b + a, "commutativity \(round): \(a) \(b)")
      #expect((a + b) - b == a, "inverse \(round): \(a) \(b)")
      #expect(a - a == .zero)
      #expect([a < b, a == b, b < a].filter { $0 }.count == 1, "order \(round): \(a) \(b)")
      #expect((a < b) == ((b - a).sign > 0), "difference \(round): \(a) \(b)")
      if a < b { #expect(a + c < b + c, "monotone \(round): \(a) \(b) \(c)") }
      let text = Array(a.description.utf8)
      if let plain = text.withUnsafeBytes({ Quantity.plainMilliValue($0) }) {
        #expect(Quantity(plain, .milli) == a, "plain \(round): \(a)")
      }
      #expect(Quantity(a.description) == a, "text \(round): \(a)")
      let rounded = a.roundedUp(to: .milli)
      #expect(rounded.roundedUp(to: .milli) == rounded, "rounding twice \(round): \(a)")
      #expect(a.sign < 0 ? rounded <= a : rounded >= a, "rounding \(round): \(a)")
    }
    #expect((Quantity(0) + Quantity(1024, format: .binarySI)).description == "1Ki")
    #expect((Quantity(1500, .milli) + Quantity(500, .milli)).description == "2")
    #expect(Set([Quantity("1"), Quantity("1000m"), Quantity("1e0")]).count == 1)
  }

  @Test func absurdInputIsCheap() throws {
    let long = String(repeating: "9", count: 1_000_000)
    for text in [long, long + "Gi", "0." + long, "-" + long + "e2147483647", long + "." + long] {
      let quantity = try #require(Quantity(text))
      #expect(quantity.sign != 0)
      #expect(!(quantity + Quantity(1)).isZero)
      #expect(quantity.roundedUp(to: .milli).description.utf8.count <= 2_000_010)
    }
    let (huge, tiny) = (try #require(Quantity("1e2147483647")), try #require(Quantity("1n")))
    #expect(tiny < huge)
    #expect(huge + tiny == huge, "too far apart to interact")
    #expect((Quantity(1) + huge).description == "10e2147483646")
    #expect((Quantity(1024, format: .binarySI) + huge).description == "10e2147483646")
  }
}
