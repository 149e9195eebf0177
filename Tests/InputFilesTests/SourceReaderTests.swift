import Glibc
import ManifestSyntax
import Testing

@testable import InputFiles

@Suite struct SourceReaderTests {
  private func read(_ path: String) -> Result<SourceText, InputError> {
    Result { () throws(InputError) in try SourceReader.read(Input(path: path)) }
  }

  private func cause(_ result: Result<SourceText, InputError>) -> InputError.Cause? {
    if case .failure(let error) = result { error.cause } else { nil }
  }

  @Test func readsEveryEncoding() throws {
    let scratch = try ScratchFolder()
    let text = "name: \"grün 🚀\"\n"
    let utf8 = Array(text.utf8)
    let utf16 = Array(text.utf16)
    let utf32 = text.unicodeScalars.map(\.value)
    let little16 = utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big16 = utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let little32 = utf32.flatMap { unit in (0..<4).map { UInt8(unit >> ($0 * 8) & 0xFF) } }
    let big32 = utf32.flatMap { unit in (0..<4).map { UInt8(unit >> (24 - $0 * 8) & 0xFF) } }
    let cases: [(name: String, bytes: [UInt8], encoding: SourceEncoding, base: Int)] = [
      ("utf8", utf8, .utf8, 0), ("utf8 mark", [0xEF, 0xBB, 0xBF] + utf8, .utf8, 3),
      ("utf16le", little16, .utf16LittleEndian, 0), ("utf16be", big16, .utf16BigEndian, 0),
      ("utf16le mark", [0xFF, 0xFE] + little16, .utf16LittleEndian, 2),
      ("utf16be mark", [0xFE, 0xFF] + big16, .utf16BigEndian, 2),
      ("utf32le", little32, .utf32LittleEndian, 0), ("utf32be", big32, .utf32BigEndian, 0),
      ("utf32le mark", [0xFF, 0xFE, 0, 0] + little32, .utf32LittleEndian, 4),
      ("utf32be mark", [0, 0, 0xFE, 0xFF] + big32, .utf32BigEndian, 4),
    ]
    for example in cases {
      try scratch.write("a.yaml", bytes: example.bytes)
      let source = try read(scratch["a.yaml"]).get()
      let span = Span(start: 0, end: UInt32(source.count))
      #expect(source.text(span) == text, "\(example.name)")
      #expect(source.encoding == example.encoding, "\(example.name)")
      #expect(source.byteOffsetBase == example.base, "\(example.name)")
      #expect(source.name == scratch["a.yaml"])
    }
  }

  @Test func readsAllSizes() throws {
    let scratch = try ScratchFolder()
    for count in [0, 1, 2, 3, 4, 15, 16, 17, 4095, 4096, 3_000_000] {
      let bytes = (0..<count).map { UInt8(97 + $0 % 26) }
      try scratch.write("a.yaml", bytes: bytes)
      let source = try read(scratch["a.yaml"]).get()
      withExtendedLifetime(source) { #expect(source.bytes.elementsEqual(bytes), "\(count)") }
      withExtendedLifetime(source) {
        let padding = UnsafeRawBufferPointer(
          start: source.bytes.baseAddress.map { $0 + count }, count: 8)
        #expect(padding.allSatisfy { $0 == 0 }, "\(count)")
      }
    }
  }

  @Test func refusesWhatIsNoText() throws {
    let scratch = try ScratchFolder()
    let cases: [(name: String, bytes: [UInt8], refusal: SourceRefusal)] = [
      ("zero byte", Array("a: 1\nb".utf8) + [0, 1], .binary(byteOffset: 6)),
      ("zero after mark", [0xEF, 0xBB, 0xBF, 97, 98, 99, 0], .binary(byteOffset: 6)),
      (
        "half a pair", [0xFF, 0xFE, 0x3D, 0xD8, 97, 0],
        .malformed(.utf16LittleEndian, byteOffset: 2)
      ),
      (
        "pair cut off", [0xFF, 0xFE, 97, 0, 0x3D, 0xD8],
        .malformed(.utf16LittleEndian, byteOffset: 4)
      ),
      ("second half alone", [0xFE, 0xFF, 0xDC, 0x00], .malformed(.utf16BigEndian, byteOffset: 2)),
      ("odd length", [0xFF, 0xFE, 97, 0, 98], .malformed(.utf16LittleEndian, byteOffset: 4)),
      (
        "no such character", [0xFF, 0xFE, 0, 0, 0, 0, 0x11, 0],
        .malformed(.utf32LittleEndian, byteOffset: 4)
      ),
      ("zero unit", [0xFF, 0xFE, 97, 0, 0, 0], .binary(byteOffset: 4)),
    ]
    for example in cases {
      try scratch.write("a.yaml", bytes: example.bytes)
      #expect(cause(read(scratch["a.yaml"])) == .notText(example.refusal), "\(example.name)")
    }
  }

  @Test func refusesWithoutWaiting() throws {
    let scratch = try ScratchFolder()
    try #require(mkfifo(scratch["pipe"], 0o600) == 0)
    #expect(cause(read(scratch["pipe"])) == .notAFile(.pipe))
    #expect(cause(read(scratch["gone.yaml"])) == .vanished)
    #expect(cause(read("/dev/null")) == .notAFile(.device))
    #expect(cause(read(scratch.path)) == .refused)
    try scratch.write("huge.yaml")
    try #require(truncate(scratch["huge.yaml"], off_t(SourceText.sizeMax) + 1) == 0)
    let tooLarge = SourceRefusal.tooLarge(bytes: SourceText.sizeMax + 1)
    #expect(cause(read(scratch["huge.yaml"])) == .notText(tooLarge))
  }

  @Test func readsStreamsToTheirEnd() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let text = Array("a: 1\nb: 2\n".utf8)
    try #require(write(ends[1], text, text.count) == text.count)
    close(ends[1])
    let input = Input(path: "<stdin>", place: .stream(ends[0]))
    let source = try SourceReader.read(input)
    withExtendedLifetime(source) { #expect(source.bytes.elementsEqual(text)) }
    let closed = Input(path: "<stdin>", place: .stream(9999))
    #expect(throws: InputError.self) { try SourceReader.read(closed) }
  }
}
