import ManifestSchema
import ManifestSyntax

/// Writes a value as Go's deep printer does: every field of every struct by name and type, in the
/// order of the source, set or not.
struct GoPrinter {
  let structs: GoStructs
  private(set) var text: [UInt8] = []

  init(structs: GoStructs) {
    self.structs = structs
    text.reserveCapacity(16 * 1024)
  }

  /// Writes `value` with its type: `(v1.PodTemplateSpec){…}`.
  mutating func write(_ value: Value?, struct number: Int, typeName: String) {
    write("(\(typeName))")
    write(value, .object(number))
  }

  /// Writes `value` without its own type.
  private mutating func write(_ value: Value?, _ kind: GoStructs.Kind) {
    switch kind {
    case .string: write(value?.string ?? "")
    case .bool: write(value?.bool == true ? "true" : "false")
    case .int: write(String(value?.int64 ?? 0))
    case .quantity: write(quantity: value)
    case .intOrString: write(intOrString: value)
    case .time: write(time: value)
    case .rawFields: write("{Raw:([]uint8)<nil>}")
    case .pointer(let kind): write(value, kind)
    case .slice(let kind): write(list: value?.list ?? [], kind)
    case .map(let kind): write(map: value?.map ?? ValueMap(), kind)
    case .object(let number): write(object: value, number)
    }
  }

  private mutating func write(_ text: String) { self.text += text.utf8 }

  private mutating func write(object value: Value?, _ number: Int) {
    write("{")
    for (position, field) in structs.structs[number].enumerated() {
      if position > 0 { write(" ") }
      let part = field.json.map { value?[$0] } ?? value
      write("\(field.name):(\(field.typeName))")
      if isNil(part, field.kind) { write("<nil>") } else { write(part, field.kind) }
    }
    write("}")
  }

  /// Whether Go holds nil: what is not set, and lists and maps that are empty, as storing drops
  /// them.
  private func isNil(_ value: Value?, _ kind: GoStructs.Kind) -> Bool {
    switch kind {
    case .pointer: value == nil || value == .null
    case .slice: value?.list?.isEmpty ?? true
    case .map: value?.map?.isEmpty ?? true
    default: false
    }
  }

  private mutating func write(list: [Value], _ kind: GoStructs.Kind) {
    write("[")
    for (position, item) in list.enumerated() {
      if position > 0 { write(" ") }
      write(item, kind)
    }
    write("]")
  }

  private mutating func write(map: ValueMap, _ kind: GoStructs.Kind) {
    write("map[")
    let entries = map.entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (position, entry) in entries.enumerated() {
      if position > 0 { write(" ") }
      write("\(entry.key):")
      write(entry.value, kind)
    }
    write("]")
  }

  private mutating func write(intOrString value: Value?) {
    let text = value?.string
    write(
      "{Type:(intstr.Type)\(text == nil ? 0 : 1) IntVal:(int32)\(value?.int64 ?? 0)"
        + " StrVal:(string)\(text ?? "")}")
  }

  private mutating func write(time value: Value?) {
    let time = value?.string.flatMap { Time($0) }
    // Go counts the seconds from the year 1.
    let seconds = time.map { $0.seconds &+ 62_135_596_800 } ?? 0
    write(
      "{Time:(time.Time){wall:(uint64)0 ext:(int64)\(seconds) loc:(*time.Location)<nil>}}")
  }

  private mutating func write(quantity value: Value?) {
    write(GoQuantity(value?.string ?? value?.int64.map(String.init) ?? "0").text)
  }
}
