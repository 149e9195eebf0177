import CSchemas

/// The tables inside the binary: found by name, read only where asked.
struct EmbeddedTables {
  private let tables = kmf_schemas().pointee

  var fileCount: Int { Int(tables.file_count) }
  var kindCount: Int { Int(tables.kind_count) }
  var typeCount: Int { Int(tables.type_count) }
  var coreFile: Int { Int(tables.core_file) }
  var metaFile: Int { Int(tables.meta_file) }
  var removals: Bytes { Bytes(start: tables.removals, count: Int(tables.removals_length)) }

  /// The text of a file.
  func text(ofFile file: Int) -> Bytes {
    Bytes(start: tables.files[file].text, count: Int(tables.files[file].length))
  }

  /// The API group of a file, as manifests write it.
  func group(ofFile file: Int) -> String {
    let name = tableGroup(ofFile: file)
    return name == "core" ? "" : name
  }

  /// The API group of a file, as its first line writes it.
  func tableGroup(ofFile file: Int) -> String { String(cString: tables.files[file].group) }

  /// The API version of a file.
  func version(ofFile file: Int) -> String { String(cString: tables.files[file].version) }

  /// The file of an API; nil when there is none.
  func file(group: String, version: String) -> Int? {
    let group = group.isEmpty ? "core" : group
    return (0..<fileCount).first {
      strcmp(tables.files[$0].group, group) == 0 && strcmp(tables.files[$0].version, version) == 0
    }
  }

  /// The numbers of the kinds of a file.
  func kinds(ofFile file: Int) -> Range<Int> {
    let first = Int(tables.files[file].first_kind)
    return first..<(first + Int(tables.files[file].kind_count))
  }

  /// The numbers of the types of a file.
  func types(ofFile file: Int) -> Range<Int> {
    let first = Int(tables.files[file].first_type)
    return first..<(first + Int(tables.files[file].type_count))
  }

  /// Where kind number `index` is described.
  func kind(_ index: Int) -> (file: Int, offset: Int) {
    (Int(tables.kinds[index].file), Int(tables.kinds[index].offset))
  }

  /// Where type number `index` is described.
  func type(_ index: Int) -> (file: Int, offset: Int) {
    (Int(tables.types[index].file), Int(tables.types[index].offset))
  }

  /// The name of kind number `index`.
  func kindName(_ index: Int) -> Bytes { name(tables.kinds[index]) }

  /// The name of type number `index`.
  func typeName(_ index: Int) -> Bytes { name(tables.types[index]) }

  /// The number of the kind `name` in a file.
  func findKind(_ name: Bytes, inFile file: Int) -> Int? {
    search(name, kinds(ofFile: file)) { kindName($0) }
  }

  /// The number of the type `name` in a file.
  func findType(_ name: Bytes, inFile file: Int) -> Int? {
    search(name, types(ofFile: file)) { typeName($0) }
  }

  /// The number of the type that `name` means in a file: one of the file, of core.v1, of meta.v1,
  /// or, as `apps.v1/Deployment`, of the file so called.
  func resolveType(_ name: Bytes, inFile file: Int) -> Int? {
    if let slash = name.firstIndex(of: UInt8(ascii: "/")) {
      let path = name.part(0, slash)
      guard let dot = path.lastIndex(of: UInt8(ascii: ".")),
        let other = self.file(
          group: path.part(0, dot).string, version: path.part(dot + 1, slash).string)
      else { return nil }
      return findType(name.part(slash + 1, name.count), inFile: other)
    }
    return findType(name, inFile: file) ?? findType(name, inFile: coreFile)
      ?? findType(name, inFile: metaFile)
  }

  private func name(_ entry: kmf_schema_entry) -> Bytes {
    // Both kinds of line open with a word of four letters and a space.
    let text = text(ofFile: Int(entry.file))
    let start = Int(entry.offset) + 5
    let end = start + Int(entry.name_length)
    precondition(end <= text.count, "the index of the schemas is out of date: run make generate")
    return text.part(start, end)
  }

  private func search(_ wanted: Bytes, _ range: Range<Int>, _ name: (Int) -> Bytes) -> Int? {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      let order = Self.order(name(middle), wanted)
      if order == 0 { return middle }
      if order < 0 { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  private static func order(_ left: Bytes, _ right: Bytes) -> Int {
    let count = min(left.count, right.count)
    if count > 0, let a = left.baseAddress, let b = right.baseAddress {
      let order = Int(memcmp(a, b, count))
      if order != 0 { return order }
    }
    return left.count - right.count
  }
}
