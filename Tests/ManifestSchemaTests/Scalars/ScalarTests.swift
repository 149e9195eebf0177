import ManifestSchema
import Testing

struct ScalarTests {
  @Test func percentagesRoundAsDeploymentsDo() {
    let cases: [(IntOrString, Int, Int?, Int?)] = [
      (.int(3), 10, 3, 3), (.string("25%"), 10, 3, 2), (.string("25%"), 0, 0, 0),
      (.string("0%"), 10, 0, 0), (.string("100%"), 7, 7, 7), (.string("200%"), 7, 14, 14),
      (.string("0025%"), 4, 1, 1), (.string("25"), 10, nil, nil), (.string(""), 10, nil, nil),
      (.string("%"), 10, nil, nil), (.string("-1%"), 10, 0, -1), (.string("1.5%"), 10, nil, nil),
      (.string("9223372036854775807%"), 3, .max, .max),
      (.string("99999999999999999999%"), 3, nil, nil),
    ]
    for (value, total, up, down) in cases {
      #expect(value.count(of: total, rounding: .up) == up, "\(value) of \(total), up")
      #expect(value.count(of: total, rounding: .down) == down, "\(value) of \(total), down")
    }
    #expect(Percent("-1%") == nil)
    #expect(IntOrString.string("00%").isZero && IntOrString.int(0).isZero)
  }

  @Test func timesReadAndPrint() throws {
    let fine: [(String, Int64, Int32, String)] = [
      ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
      ("2024-01-01T00:00:00+02:00", 1_704_060_000, 0, "2023-12-31T22:00:00Z"),
      ("2024-01-01T00:00:00.123456Z", 1_704_067_200, 123_456_000, "2024-01-01T00:00:00Z"),
      ("2024-02-29T23:59:59,5Z", 1_709_251_199, 500_000_000, "2024-02-29T23:59:59Z"),
      ("2024-01-01T5:00:00Z", 1_704_085_200, 0, "2024-01-01T05:00:00Z"),
      ("0000-01-01T00:00:00Z", -62_167_219_200, 0, "0000-01-01T00:00:00Z"),
      ("9999-12-31T23:59:59.9999999999Z", 253_402_300_799, 999_999_999, "9999-12-31T23:59:59Z"),
      ("1969-12-31T23:59:59.5Z", -1, 500_000_000, "1969-12-31T23:59:59Z"),
    ]
    for (text, seconds, nanoseconds, printed) in fine {
      let time = try #require(Time(text), "\(text)")
      #expect(time.seconds == seconds && time.nanoseconds == nanoseconds, "\(text)")
      #expect(time.description == printed, "\(text)")
    }
    let wrong = [
      "", "now", "2024-01-01", "2024-01-01 00:00:00", "2024-01-01t00:00:00z",
      "2024-13-01T00:00:00Z",
      "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
      "2024-01-01T00:00:60Z",
      "2024-01-01T00:00:00", "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00.Z",
      "2024-1-01T00:00:00Z",
      "2024-01-00T00:00:00Z", "2024-01-01T00:00:00+25:00", "2024-01-01T00:00:00+0200", "１",
    ]
    for text in wrong { #expect(Time(text) == nil, "\(text)") }
    #expect(MicroTime("2024-01-01T00:00:00Z") == nil)
    #expect(MicroTime("2024-01-01T00:00:00.1234567Z") == nil)
    let micro = try #require(MicroTime("2024-01-01T01:00:00.000001+01:00"))
    #expect(micro.description == "2024-01-01T00:00:00.000001Z")
  }

  @Test func timeArithmeticHolds() throws {
    var random = Seeded(state: 7)
    for round in 0..<2000 {
      let time = Time(
        seconds: Int64.random(in: -62_167_219_200...253_402_300_799, using: &random),
        nanoseconds: Int64.random(in: 0..<1_000_000_000, using: &random))
      #expect(Time(time.description)?.seconds == time.seconds, "round \(round): \(time)")
      let micro = MicroTime(Time(seconds: time.seconds, nanoseconds: 1000 * Int64(round)))
      #expect(MicroTime(micro.description) == micro, "round \(round): \(micro)")
      let step = Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &random)
      let later = time.advanced(bySeconds: 3, nanoseconds: step)
      #expect(later.nanoseconds(since: time) == 3_000_000_000 + step, "round \(round): \(time)")
      #expect((later < time) == (3_000_000_000 + step < 0), "round \(round): \(time)")
      #expect(later.advanced(bySeconds: -3, nanoseconds: -step) == time, "round \(round): \(time)")
    }
    let end = Time(seconds: .max, nanoseconds: .max)
    #expect(end.advanced(bySeconds: .max, nanoseconds: .max).seconds == .max)
    #expect(end.nanoseconds(since: Time(seconds: .min)) == .max)
    #expect(Time(seconds: .min).seconds(since: end) == .min)
    #expect(!Time(seconds: .min).description.isEmpty && !end.description.isEmpty)
  }

  @Test func base64ReadsAsTheServerDoes() {
    let fine: [(String, String)] = [
      ("", ""), ("aGVsbG8=", "hello"), ("YQ==", "a"), ("YWI=", "ab"), ("YWJj", "abc"),
      ("aGVs\nbG8=\n", "hello"), ("Y\r\nQ=\n=", "a"), ("\n", ""), ("YR==", "a"),
    ]
    for (text, plain) in fine {
      #expect(Base64.decode(text).map { String(decoding: $0, as: UTF8.self) } == plain, "\(text)")
    }
    let wrong = [
      "a", "YQ", "YQ=", "=", "====", "YQ===", "YQ==YQ==", "Y Q==", "Y-_=", "YWJj=", "é===",
    ]
    for text in wrong { #expect(Base64.decode(text) == nil, "\(text)") }
    var random = Seeded(state: 11)
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes, "\(count) bytes")
    }
  }

  @Test func addressesReadAndPrint() {
    // text, legacy form or nil, whether the strict reading takes it
    let cases: [(String, String?, Bool)] = [
      ("10.0.0.1", "10.0.0.1", true), ("01.2.3.4", "1.2.3.4", false), ("0.0.0.0", "0.0.0.0", true),
      ("256.0.0.1", nil, false), ("1.2.3", nil, false), ("1.2.3.4.5", nil, false),
      ("1.2.3.4 ", nil, false), ("1.2.3.", nil, false), ("", nil, false), ("1", nil, false),
      ("::", "::", true), ("::1", "::1", true), ("1::", "1::", true), ("FD00::1", "fd00::1", true),
      ("2001:0db8:0:0:0:0:0:1", "2001:db8::1", true), ("1:0:0:2:0:0:0:3", "1:0:0:2::3", true),
      ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7", true), ("::ffff:1.2.3.4", "::ffff:1.2.3.4", true),
      ("::ffff:102:304", "::ffff:1.2.3.4", true), ("00001::", "1::", false),
      ("::01.2.3.4", "::102:304", false), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", true),
      ("fe80::1%eth0", nil, false), ("[::1]", nil, false), (":", nil, false), (":::", nil, false),
      ("1::2::3", nil, false), ("1:2:3:4:5:6:7", nil, false), ("1:2:3:4:5:6:7:8:9", nil, false),
      ("1:2:3:4::5:6:7:8", nil, false), ("12345::", nil, false), ("1:", nil, false),
      (":1::", nil, false), ("1.2.3.4::", nil, false), ("::1.2.3", nil, false), ("::g", nil, false),
      ("1:2:3:4:5:6:7:1.2.3.4", nil, false),
    ]
    for (text, legacy, isStrict) in cases {
      #expect(IPAddress(text)?.description == legacy, "\(text)")
      #expect((IPAddress(text, .strict) != nil) == isStrict, "\(text)")
    }
    var random = Seeded(state: 3)
    for round in 0..<1000 {
      let mask = UInt128(random.next()) << 64 | UInt128(random.next())
      var bits = UInt128(random.next()) << 64 | UInt128(random.next())
      if round % 2 == 0 {
        for group in 0..<8 where mask >> group & 1 == 0 { bits &= ~(0xFFFF << (16 * group)) }
      }
      let address = IPAddress(v6: bits)
      #expect(IPAddress(address.description, .strict) == address, "\(address)")
      let short = IPAddress(v4: UInt32(truncatingIfNeeded: bits))
      #expect(IPAddress(short.description, .strict) == short, "\(short)")
    }
    #expect(IPAddress("::ffff:127.0.0.1")?.isLoopback == true)
    #expect(IPAddress("169.254.1.1")?.isLinkLocalUnicast == true)
    #expect(IPAddress("fe80::1")?.isLinkLocalUnicast == true)
    #expect(IPAddress("ff02::1")?.isLinkLocalMulticast == true)
    #expect(IPAddress("224.0.0.1")?.isLinkLocalMulticast == true)
    #expect(IPAddress("ff05::1")?.isLinkLocalMulticast == false)
  }

  @Test func rangesReadAndPrint() {
    // text, masked form or nil, mistakes in the strict reading
    let cases: [(String, String?, Int)] = [
      ("10.0.0.0/8", "10.0.0.0/8", 0), ("FD00::/8", "fd00::/8", 0), ("0.0.0.0/0", "0.0.0.0/0", 0),
      ("::/0", "::/0", 0), ("10.1.2.3/8", "10.0.0.0/8", 1), ("10.1.2.3/32", "10.1.2.3/32", 0),
      ("fd00::1/8", "fd00::/8", 1), ("::1/128", "::1/128", 0), ("010.0.0.0/8", "10.0.0.0/8", 1),
      ("10.0.0.0/08", "10.0.0.0/8", 1), ("::ffff:10.0.0.0/104", "::ffff:10.0.0.0/104", 1),
      ("10.0.0.0", nil, 1), ("10.0.0.0/-1", nil, 1), ("10.0.0.0/33", nil, 1), ("a/b", nil, 1),
      ("10.0.0.0/8,11.0.0.0/8", nil, 1), (" ", nil, 1), ("/", nil, 1), ("10.0.0.0/", nil, 1),
      ("10.0.0.0/+8", nil, 1), ("::/129", nil, 1), ("10.0.0.0/8/8", nil, 1),
      ("::/99999999999999999999", nil, 1),
    ]
    for (text, masked, problems) in cases {
      #expect(CIDR(text)?.masked.description == masked, "\(text)")
      #expect(NetworkFormat.cidr(text).count == problems, "\(text)")
      #expect(NetworkFormat.cidr(text, .legacy).isEmpty == (masked != nil), "\(text)")
    }
    let inside = IPAddress(v4: 0x0A01_0203)
    #expect(CIDR("10.0.0.0/8")?.contains(inside) == true)
    #expect(CIDR("11.0.0.0/8")?.contains(inside) == false)
    #expect(CIDR("::/0")?.contains(inside) == false)
  }
}
