import Glibc
import Testing

@testable import kmf

@Suite struct TerminalTests {
  @Test func outputSurvivesAReaderWhoLeaves() throws {
    Output.ignoreBrokenPipes()
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    let output = Output(descriptor: ends[1], flushAt: 8)
    for _ in 0..<100 { output.writeLine("more than eight bytes") }
    output.flush()
    #expect(output.isClosed && output.failure == 0 && output.failureText == nil)
  }

  @Test func outputArrivesWholeAndInOrder() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let output = Output(descriptor: ends[1], flushAt: 5)
    output.write("one, ")
    output.writeLine("zwei ü")
    output.write("")
    output.flush()
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(ends[0], &bytes, bytes.count)
    #expect(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self) == "one, zwei ü\n")
  }

  @Test func outputReportsARefusal() throws {
    let full = open("/dev/full", O_WRONLY)
    try #require(full >= 0)
    defer { close(full) }
    let output = Output(descriptor: full)
    output.write("x")
    output.flush()
    #expect(output.failure == ENOSPC && output.failureText?.contains("cannot write") == true)
  }

  @Test func coloursFollowFlagAndEnvironment() {
    let cases: [(refused: Bool, environment: [String: String], colored: Bool)] = [
      (false, [:], false), (false, ["CLICOLOR_FORCE": "1"], true),
      (false, ["CLICOLOR_FORCE": "0"], false), (true, ["CLICOLOR_FORCE": "1"], false),
      (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
      (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": ""], true),
    ]
    for example in cases {
      // No descriptor at all is surely no terminal.
      let styles = Styles(for: -1, isColorRefused: example.refused) { example.environment[$0] }
      #expect(styles.isColored == example.colored, "\(example)")
      #expect(styles.paint("x", .error) == (example.colored ? "\u{1B}[1;31mx\u{1B}[0m" : "x"))
    }
    let widths: [(String?, Int)] = [(nil, 80), ("120", 120), ("3", 80), ("x", 80), ("99999", 1000)]
    for (columns, width) in widths {
      let styles = Styles(for: -1) { $0 == "COLUMNS" ? columns : nil }
      #expect(styles.width == width, "\(columns ?? "unset")")
    }
  }
}
