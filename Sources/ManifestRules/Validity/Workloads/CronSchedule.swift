/// Schedules in the form of cron's tables.
enum CronSchedule {
  /// One of the five parts.
  private struct Field {
    var name: String
    var range: ClosedRange<Int>
    var words: [String] = []
  }

  private static let fields = [
    Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23),
    Field(name: "day of the month", range: 1...31),
    Field(
      name: "month", range: 1...12,
      words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
    Field(
      name: "day of the week", range: 0...6,
      words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
  ]
  private static let words: Set<String> = [
    "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
  ]

  /// What is wrong with a schedule; nil where it can be read.
  static func problem(in text: String) -> String? {
    // Times zones in front are a matter of another field.
    if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") { return nil }
    if text.hasPrefix("@") {
      if words.contains(text) { return nil }
      guard text.hasPrefix("@every ") else { return "the word is unknown" }
      return seconds(ofInterval: text.dropFirst(7)) == nil ? "the time between runs is none" : nil
    }
    let parts = split(text)
    guard parts.count == fields.count else {
      return "it has \(parts.count) fields, and five are needed"
    }
    for (part, field) in zip(parts, fields) {
      for item in items(of: part) where !isFine(item, field) {
        return "'\(item)' is no \(field.name)"
      }
    }
    return nil
  }

  /// The parts of a schedule between its blanks.
  private static func split(_ text: String) -> [Substring] {
    guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return text.split(whereSeparator: \.isWhitespace)
    }
    return text.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map { Substring($0) }
  }

  /// The items of a part between its commas; most have but one.
  private static func items(of part: Substring) -> [Substring] {
    part.utf8.contains(UInt8(ascii: ",")) ? part.split(separator: ",") : [part]
  }

  private static func isFine(_ item: Substring, _ field: Field) -> Bool {
    if item == "*" { return true }
    if isNumber(item) { return Int(item).map(field.range.contains) ?? false }
    let halves = item.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2, let first = halves.first else { return false }
    if halves.count == 2 {
      guard let step = Int(halves[1]), step > 0 else { return false }
    }
    let ends = first.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2 else { return false }
    if first == "*" || first == "?" { return true }
    let numbers = ends.map { number(of: $0, field) }
    guard numbers.allSatisfy({ $0.map(field.range.contains) ?? false }) else { return false }
    guard numbers.count == 2, let from = numbers[0], let to = numbers[1] else { return true }
    return from <= to
  }

  private static func number(of text: Substring, _ field: Field) -> Int? {
    if isNumber(text) { return Int(text) }
    return field.words.firstIndex(of: text.lowercased()).map { $0 + field.range.lowerBound }
  }

  private static func isNumber(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The seconds of a time such as `1h30m`; nil where it is none.
  private static func seconds(ofInterval text: Substring) -> Double? {
    var rest = text
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      guard let number = Double(digits), number.isFinite else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      guard let factor = units[String(unit)] else { return nil }
      rest = rest.dropFirst(unit.count)
      total += number * factor
    }
    return total
  }

  private static let units: [String: Double] = [
    "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "\u{B5}s": 1e-6, "\u{3BC}s": 1e-6,
    "ns": 1e-9,
  ]

  // MARK: - When it fires

  /// Whether a schedule that can be read fires every minute of the days on which it does.
  static func firesEveryMinute(_ text: String) -> Bool {
    if text.hasPrefix("@every ") {
      // Parts of a second are dropped, and less than one counts as one.
      return seconds(ofInterval: text.dropFirst(7)).map { max($0, 1) < 61 } ?? false
    }
    guard let sets = sets(text) else { return false }
    return sets[0].nonzeroBitCount == 60 && sets[1].nonzeroBitCount == 24
  }

  /// Whether no day of any year fits a schedule that can be read.
  static func neverFires(_ text: String) -> Bool {
    guard let sets = sets(text) else { return false }
    let parts = split(text)
    // With both a day of the month and one of the week either will do.
    guard isAny(parts[4]) || isAny(parts[2]) else { return false }
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let first = sets[2] == 0 ? 1 : sets[2].trailingZeroBitCount
    return lengths.indices.allSatisfy { month in
      sets[3] & 1 << UInt64(month + 1) == 0 || first > lengths[month]
    }
  }

  private static func isAny(_ part: Substring) -> Bool {
    items(of: part).contains { $0 == "*" || $0 == "?" || $0 == "*/1" || $0 == "?/1" }
  }

  /// The numbers of each of the five fields, a bit for each; nil for words and for what cannot be
  /// read.
  private static func sets(_ text: String) -> [UInt64]? {
    guard !text.hasPrefix("@"), problem(in: text) == nil else { return nil }
    let parts = split(text)
    guard parts.count == fields.count else { return nil }
    return zip(parts, fields).map { part, field in
      items(of: part).reduce(0) { $0 | numbers($1, field) }
    }
  }

  private static func numbers(_ item: Substring, _ field: Field) -> UInt64 {
    let all = field.range
    if item == "*" { return bits(all.lowerBound, all.upperBound, 1) }
    if isNumber(item) { return Int(item).map { 1 << UInt64($0) } ?? 0 }
    let halves = item.split(separator: "/")
    let ends = halves[0].split(separator: "-")
    let step = halves.count == 2 ? max(Int(halves[1]) ?? 1, 1) : 1
    if halves[0] == "*" || halves[0] == "?" { return bits(all.lowerBound, all.upperBound, step) }
    guard let from = number(of: ends[0], field) else { return 0 }
    let alone = halves.count == 2 ? all.upperBound : from
    return bits(from, ends.count == 2 ? number(of: ends[1], field) ?? from : alone, step)
  }

  /// A bit for each number from the first to the last one by steps.
  private static func bits(_ first: Int, _ last: Int, _ step: Int) -> UInt64 {
    stride(from: first, through: last, by: step).reduce(0) { $0 | 1 << UInt64($1) }
  }
}
