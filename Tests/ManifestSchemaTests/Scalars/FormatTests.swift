import ManifestSchema
import Testing

/// How many mistakes each format finds; the server reports each as a cause of its own.
struct FormatTests {
  private let l63 = String(repeating: "a", count: 63)
  private let l64 = String(repeating: "a", count: 64)
  private let l254 = String(repeating: "a", count: 254)

  private func check(
    _ name: String, _ format: (String) -> [String], _ counts: [Int: [String]]
  ) {
    for (count, texts) in counts {
      for text in texts {
        let problems = format(text)
        #expect(problems.count == count, "\(name) of '\(text.prefix(70))': \(problems)")
      }
    }
  }

  @Test func namesAreJudgedAsTheServerDoes() {
    check(
      "dnsLabel", NameFormat.dnsLabel,
      [
        0: ["a", "0", "a-b", "a--b", "123", l63],
        1: ["", "-a", "a-", "A", "a.b", "a_b", "é", "a\n", " a", "a\0", l64, "."],
        2: [l64 + "_", l64 + ".a"],
      ])
    check(
      "dns1035Label", NameFormat.dns1035Label,
      [0: ["a", "a1", "a-b", l63], 1: ["", "1a", "-a", "a.b", "A", l64], 2: ["1" + l64]])
    check(
      "dnsSubdomain", NameFormat.dnsSubdomain,
      [
        0: ["a", "a.b", "a-b.c", "1.2", l64, "a--b"],
        1: ["", ".", "a.", ".a", "a..b", "a-.b", "a.-b", "A", "a_b", "é.com", "a/b", l254],
        2: [l254 + "!"],
      ])
    check(
      "dnsSubdomainWithUnderscore", NameFormat.dnsSubdomainWithUnderscore,
      [0: ["_a", "a_b", "_a._b", "a-_b"], 1: ["__a", "a_", "_", "_-a", "", "a._"]])
    check(
      "wildcardSubdomain", NameFormat.wildcardSubdomain,
      [0: ["*.a", "*.a.b"], 1: ["*", "*.", "a.b", "*.*.a", "*a.b", ""]])
    check(
      "fullyQualifiedDomain", NameFormat.fullyQualifiedDomain,
      [0: ["a.b", "a.b."], 1: ["", "a", "a.", ".", "a..b", l64 + ".b"]])
    check(
      "pathSegment", NameFormat.pathSegment,
      [0: ["a", "a.b", "...", ""], 1: [".", "..", "a/b", "%"], 2: ["a/%"]])
    let prefixes = [("abc-", "aba"), ("a-", "a"), ("-", "-"), ("a--", "aa"), ("abc", "abc")]
    for (prefix, masked) in prefixes {
      #expect(NameFormat.maskingTrailingHyphen(prefix) == masked, "\(prefix)")
    }
  }

  @Test func labelsAreJudgedAsTheServerDoes() {
    check(
      "key", LabelFormat.key,
      [
        0: ["a", "A.b_c-d", "example.com/a", l63, l64 + "/a"],
        1: ["-a", "a-", "a b", "/a", "a/b/c", "A/a", "é", l64, "a/-", l254 + "/a", "a/\u{301}"],
        2: ["", "a/", "-a/-b", l64 + "!", l254 + "_/a"],
        3: ["/", "A/" + l64 + "-"],
      ])
    check(
      "value", LabelFormat.value,
      [0: ["", "a", "A.b_c-d", l63], 1: ["-a", "a-", "a b", "a/b", l64], 2: [l64 + " "]])
    check(
      "annotationKey", LabelFormat.annotationKey,
      [0: ["A.com/B", "a"], 1: ["a/b/c", "A_/b"], 2: [""]])
    check(
      "prefixedKey", LabelFormat.prefixedKey,
      [0: ["a.b/c"], 1: ["", "a", "-a", "/a", "a/b/c"], 2: ["a/"]])
  }

  @Test func otherTextIsJudgedAsTheServerDoes() {
    check(
      "port name", PortFormat.name,
      [
        0: ["http", "0-a", "a-b-c", "aaaaaaaaaaaaaaa"],
        1: ["-http", "http-", "1234", "a--b", "ht_tp", "aaaaaaaaaaaaaaaa", "Http"],
        2: ["", "HTTP", "é", "-1", "a--", "-"], 3: ["--", "1--"],
      ])
    check(
      "variable", KeyFormat.environmentVariable,
      [0: ["A", "1", ".", "a b", "~"], 1: ["", "a=b", "a\u{7F}", "é", "A\0B", "\t"]])
    check(
      "strict variable", KeyFormat.strictEnvironmentVariable,
      [0: ["A", "_", "-a", ".a"], 1: ["", "1", ".", "..", "..a", "a b", "é"], 2: ["..="]])
    check(
      "config key", KeyFormat.configKey,
      [0: ["a", "A_b-c.d", ".a", "1"], 1: ["", ".", "..", "..a", "a/b", l254], 2: ["../a"]])
    check(
      "local path", FileFormat.localPath,
      [0: ["", "a", "..a", "a/", ".", "a..b"], 1: ["/a", "..", "a/..", "a/../b"], 2: ["/.."]])
    check(
      "unreserved path", FileFormat.localUnreservedPath,
      [0: ["a", ".a", "a/..b"], 1: ["..a", "../a", "/a"], 2: [".."]])
    check("backsteps", FileFormat.withoutBacksteps, [0: ["/a", "..a"], 1: ["/a/..", ".."]])
    check(
      "percent", ValueFormat.percent,
      [
        0: ["0%", "0025%", "101%"], 1: ["", "%", "-1%", "+5%", "1.5%", "25 %", "25%%", "25", "١%"],
      ])
    check(
      "integer", ValueFormat.decimalInteger,
      [
        0: ["0", "-1", "10", "99999999999999999999"],
        1: ["", "-", "+1", "01", "-0", "-01", "1.0", "a"],
      ])
    check(
      "header", NetworkFormat.headerName, [0: ["X-A", "-"], 1: ["", "a b", "a_b", "é", "a:"]])
    check(
      "ip", { NetworkFormat.ip($0) },
      [
        0: ["10.0.0.1", "FD00::1", "2001:0db8:0:0:0:0:0:1"],
        1: ["", "01.2.3.4", "::ffff:1.2.3.4", "fe80::1%eth0", "::ffff:01.2.3.4", "None"],
      ])
    check(
      "sysctl", SystemFormat.sysctl,
      [
        0: ["a.b", "kernel/shm_rmid", "a-b.c_d"],
        1: ["", ".a", "a.", "a..b", "A", "_a", "a_", "a b", l254],
      ])
    check(
      "signer", SystemFormat.signerName,
      [
        0: ["example.com/a", "a.b/c.d"],
        1: ["", "a", "a/b", "a.b/", "a.b/c/d", "A.b/c", l64 + ".b/c"],
        2: ["a/_", "A/b", "_.b/_"], 3: ["A/_"],
      ])
  }

  @Test func numbersAreJudgedByRange() {
    let cases: [(String, (Int64) -> [String], ClosedRange<Int64>)] = [
      ("port", PortFormat.number, 1...65535), ("mode", FileFormat.mode, 0...511),
      ("user", ValueFormat.userOrGroup, 0...2_147_483_647),
      ("count", ValueFormat.notNegative, 0...Int64.max),
    ]
    for (name, format, range) in cases {
      #expect(format(range.lowerBound).isEmpty && format(range.upperBound).isEmpty, "\(name)")
      #expect(format(range.lowerBound - 1).count == 1, "\(name)")
      #expect(format(.min).count == 1, "\(name)")
      if range.upperBound < .max { #expect(format(range.upperBound + 1).count == 1, "\(name)") }
    }
    #expect(PortFormat.numberOrName(.string("8080")).count == 1)
    #expect(PortFormat.numberOrName(.int(0)).count == 1)
    #expect(ValueFormat.countOrPercent(.string("1")).count == 1)
    #expect(ValueFormat.countOrPercent(.int(-1)).count == 1)
  }

  @Test func longInputStaysLinear() {
    let long = String(repeating: "a.-/", count: 500_000)
    let formats: [(String) -> [String]] = [
      NameFormat.dnsLabel, NameFormat.dnsSubdomain, NameFormat.dns1035Label, LabelFormat.key,
      LabelFormat.value, PortFormat.name, KeyFormat.configKey, FileFormat.localPath,
      SystemFormat.sysctl, SystemFormat.signerName, { NetworkFormat.ip($0) },
      { NetworkFormat.cidr($0) }, NameFormat.fullyQualifiedDomain, ValueFormat.quantity,
    ]
    for (index, format) in formats.enumerated() {
      _ = format(long)
      #expect(format(String(repeating: ":", count: 1_000_000)).count <= 4, "format \(index)")
    }
  }
}
