import CSchemas
import ManifestSyntax

/// Reads a table line by line; `schemas/README.md` describes the language.
///
/// The reader keeps no tree: whoever wants one type starts it at that type's line and stops at the
/// next line that is not a field. That is how a `Schema` reads only the types that it needs.
struct TableReader {
  let text: Bytes
  /// Where the next line starts.
  private(set) var offset: Int
  /// The number of the line read last, counted from where the reader started.
  private(set) var lineNumber = 0

  init(_ text: Bytes, from offset: Int = 0) {
    self.text = text
    self.offset = offset
  }

  /// The next line and where it starts; nil after the last.
  mutating func next() throws(TableError) -> (line: TableLine, offset: Int)? {
    guard offset < text.count, let base = text.baseAddress else { return nil }
    let start = offset
    let end = memchr(base + start, 0x0A, text.count - start).map {
      $0 - UnsafeMutableRawPointer(mutating: base)
    }
    let stop = end ?? text.count
    offset = stop + 1
    lineNumber += 1
    return (try Self.line(text.part(start, stop), lineNumber: lineNumber), start)
  }

  private static func line(_ bytes: Bytes, lineNumber: Int) throws(TableError) -> TableLine {
    var words = TableWords(bytes, lineNumber: lineNumber)
    guard let first = words.next() else { return .blank }
    if bytes[0] == 0x20 { return .field(try field(tag: first, &words)) }
    if first.equals("type") { return .type(try type(&words)) }
    if first.equals("kind") { return .kind(try kind(&words)) }
    if first.equals("group") { return .group(try group(&words)) }
    throw words.error("'\(first.string)' starts no line; expected group, kind, type or a field")
  }

  private static func group(_ words: inout TableWords) throws(TableError) -> GroupLine {
    let name = try words.argument(of: "group")
    guard let word = words.next(), word.equals("version") else {
      throw words.error("the group's 'version' is missing")
    }
    return GroupLine(group: name, version: try words.argument(of: "version"))
  }

  private static func kind(_ words: inout TableWords) throws(TableError) -> KindLine {
    let name = try words.argument(of: "kind")
    var kind = KindLine(name: name, typeName: name)
    while let word = words.next() {
      if word.equals("type") {
        kind.typeName = try words.argument(of: "type")
      } else if word.equals("plural") {
        kind.plural = try words.argument(of: "plural")
      } else if word.equals("singular") {
        kind.singular = try words.argument(of: "singular")
      } else if word.equals("short") {
        kind.shortNames = try words.argument(of: "short")
      } else if word.equals("namespaced") {
        kind.scope = .namespaced
      } else if word.equals("cluster") {
        kind.scope = .cluster
      } else if word.equals("categories") {
        kind.categories = try words.argument(of: "categories")
      } else if word.equals("verbs") {
        kind.verbs = try words.argument(of: "verbs")
      } else if word.equals("subresources") {
        kind.subresources = try words.argument(of: "subresources")
      } else if word.equals("list") {
        kind.isList = true
      } else if word.equals("since") {
        kind.availability.since = try words.version(of: "since")
      } else if word.equals("until") {
        kind.availability.until = try words.version(of: "until")
      } else {
        throw words.error("'\(word.string)' is no word of a kind")
      }
    }
    guard kind.plural.isEmpty == (kind.scope == nil) else {
      throw words.error("a kind with a plural says 'namespaced' or 'cluster', others do not")
    }
    return kind
  }

  private static func type(_ words: inout TableWords) throws(TableError) -> TypeLine {
    var type = TypeLine(name: try words.argument(of: "type"))
    while let word = words.next() {
      if word.equals("view") {
        type.hasView = true
      } else if word.equals("atomic") {
        type.isAtomic = true
      } else if word.equals("union") {
        let text = try words.argument(of: "union")
        let parts = text.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw words.error("a union is 'discriminator:field,field'") }
        let discriminator = Bytes(rebasing: parts[0])
        type.union = UnionWord(
          discriminator: discriminator.isEmpty ? nil : discriminator.string,
          fields: Bytes(rebasing: parts[1]).commaSeparated)
      } else if word.equals("since") {
        type.availability.since = try words.version(of: "since")
      } else if word.equals("until") {
        type.availability.until = try words.version(of: "until")
      } else {
        throw words.error("'\(word.string)' is no word of a type")
      }
    }
    return type
  }
}

/// Reading of field lines.
extension TableReader {
  fileprivate static func field(
    tag: Bytes, _ words: inout TableWords
  ) throws(TableError) -> FieldLine {
    guard let name = words.next(), let type = words.next() else {
      throw words.error("a field is 'number name type'")
    }
    var field = FieldLine(tag: tag, name: name, type: type)
    guard tag.equals("-") || isNumberPath(tag) else {
      throw words.error("'\(tag.string)' is no field number")
    }
    while let word = words.next() {
      if try read(word, of: &field, &words) { continue }
      if try readRare(word, of: &field, &words) { continue }
      throw words.error("'\(word.string)' is no word of a field")
    }
    return field
  }

  private static func isNumberPath(_ tag: Bytes) -> Bool {
    tag.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.count < 10 && part.allSatisfy { (0x30...0x39).contains($0) }
    }
  }

  private static func read(
    _ word: Bytes, of field: inout FieldLine, _ words: inout TableWords
  ) throws(TableError) -> Bool {
    if word.equals("required") {
      field.isRequired = true
    } else if word.equals("list") {
      try readList(&field, &words)
    } else if word.equals("merge") {
      field.patchStrategy = .merge
    } else if word.equals("by") {
      field.patchMergeKey = try words.argument(of: "by")
    } else if word.equals("since") {
      field.availability.since = try words.version(of: "since")
    } else if word.equals("until") {
      field.availability.until = try words.version(of: "until")
    } else {
      return false
    }
    return true
  }

  private static func readRare(
    _ word: Bytes, of field: inout FieldLine, _ words: inout TableWords
  ) throws(TableError) -> Bool {
    if word.equals("default") {
      var text = try words.argument(of: "default")
      if text.equals("computed") {
        field.isDefaultComputed = true
        text = try words.argument(of: "computed")
      }
      field.defaultText = text
    } else if word.equals("zero") {
      field.isZeroUnset = true
    } else if word.equals("pointer") {
      field.isPointer = true
    } else if word.equals("min") {
      field.min = try number(of: "min", &words)
    } else if word.equals("max") {
      field.max = try number(of: "max", &words)
    } else if word.equals("enum") {
      field.enumValues = try words.argument(of: "enum")
    } else if word.equals("immutable") {
      field.isImmutable = true
    } else if word.equals("retainKeys") {
      field.patchStrategy = .retainKeys
    } else if word.equals("merge,retainKeys") {
      field.patchStrategy = [.merge, .retainKeys]
    } else if word.equals("replace") {
      field.patchStrategy = .replace
    } else if word.equals("map") {
      guard try words.argument(of: "map").equals("atomic") else {
        throw words.error("'map' is followed by 'atomic'")
      }
      field.isMapAtomic = true
    } else {
      return false
    }
    return true
  }

  private static func readList(
    _ field: inout FieldLine, _ words: inout TableWords
  ) throws(TableError) {
    let word = try words.argument(of: "list")
    if word.equals("atomic") {
      field.listType = .atomic
    } else if word.equals("set") {
      field.listType = .set
    } else if word.equals("map") {
      field.listType = .map
      guard let by = words.next(), by.equals("by") else {
        throw words.error("'list map' names its keys: by a,b")
      }
      field.listKeys = try words.argument(of: "by")
    } else {
      throw words.error("a list is atomic, set or map, not '\(word.string)'")
    }
  }

  private static func number(
    of word: StaticString, _ words: inout TableWords
  ) throws(TableError) -> Int64 {
    let text = try words.argument(of: word)
    guard let number = Int64(text.string) else {
      throw words.error("'\(text.string)' is no number")
    }
    return number
  }
}
