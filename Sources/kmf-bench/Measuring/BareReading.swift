import CBaseline
import InputFiles

/// The least that a program over many files does: find them, read them, parse them with libyaml.
enum BareReading {
  static func run(below folder: String) -> Int32 {
    for input in InputFinder(respectsIgnoreFiles: false).find([folder]).inputs {
      guard let bytes = Files.read(input.path) else { return 1 }
      bytes.withUnsafeBytes { buffer in
        let text = buffer.assumingMemoryBound(to: UInt8.self)
        _ = baseline_events(text.baseAddress, text.count)
      }
    }
    return 0
  }
}
