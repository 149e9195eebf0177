import FoundationEssentials
import Testing

@testable import ManifestSchema

/// The project's folder.
let projectFolder = String(#filePath.components(upTo: "/Tests/ManifestSchemaTests"))

extension String {
  /// What stands before the last occurrence of `mark`.
  func components(upTo mark: String) -> Substring {
    var end = endIndex
    while end > startIndex {
      if self[..<end].hasSuffix(mark) { return self[..<end].dropLast(mark.count) }
      end = index(before: end)
    }
    return self[...]
  }
}

/// The tables as they lie in the folder.
func tableFiles() throws -> [EmbeddingWriter.File] {
  let folder = projectFolder + "/schemas"
  let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  return try names.filter { $0.hasSuffix(".schema") }.map { name in
    EmbeddingWriter.File(
      name: name, bytes: [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
  }
}

/// The error of a table, or nil when it reads.
func tableError(_ text: String) -> TableError? {
  do throws(TableError) {
    _ = try EmbeddingWriter.source(tables: [.init(name: "t", bytes: Array(text.utf8))])
    return nil
  } catch {
    return error
  }
}

@Test("well-formed lines are read, others are refused with their line number")
func tableLines() throws {
  let head = "group apps  version v1\n"
  let good = [
    "kind A  plural as  namespaced  short a,b  categories all  verbs get,list  since 1.27",
    "kind AList  list", "kind B  type core.v1/Pod  plural bs  singular b  cluster  until 1.30",
    "type A  view  atomic  union type:a,b  since 1.26  until 1.30", "# a comment", "", "   # more",
    "type A\n  1  a  int32  required  min -1  max 5  default 3 zero  # why",
    "type A\n  -  a  [T]  list map by x,y  merge,retainKeys by name  since 1.30",
    "type A\n  2.1  a  {[string]}  map atomic  default \"\"  immutable  enum A,B",
    "type A\n\n  1  a  T|[T]  default computed name",
  ]
  for text in good { #expect(tableError(head + text) == nil, "\(text)") }
  let bad: [(text: String, says: String)] = [
    ("kind", "'kind' needs a value"), ("kind A  plural as", "says 'namespaced' or 'cluster'"),
    ("kind A  cluster", "says 'namespaced' or 'cluster'"), ("kind A  sort x", "'sort' is no word"),
    ("type A  union x", "a union is"), ("type A  since 2.1", "'2.1' is no version"),
    ("type A  since latest", "'latest' is no version"), ("  1  a  int32", "belongs below a type"),
    ("type A\n  1  a", "'number name type'"), ("type A\n  x  a  int32", "'x' is no field number"),
    ("type A\n  1.  a  int32", "'1.' is no field number"), ("tipe A", "'tipe' starts no line"),
    ("type A\n  1  a  [T]  list", "'list' needs a value"),
    ("type A\n  1  a  T  min x", "no number"),
    ("type A\n  1  a  [T]  list map", "names its keys"), ("type A\n  1  a  T  mini 3", "'mini'"),
    ("type A\n  1  a  [T]  list bag", "not 'bag'"), ("type A\n  1  a  {T}  map x", "by 'atomic'"),
  ]
  for (text, says) in bad {
    let error = tableError(head + text)
    #expect(error?.message.contains(says) == true, "\(text): \(String(describing: error))")
    #expect(error?.line == 1 + text.split(separator: "\n").count, "\(text)")
  }
  #expect(tableError("kind A  list")?.message.contains("first line") == true)
}

@Test("type expressions are taken apart layer by layer")
func typeExpressions() {
  let id = TypeID(7)
  let cases: [(text: String, type: FieldType?)] = [
    ("T", FieldType(id)), ("T|bool", FieldType(id, or: .bool)),
    ("T|[T]", FieldType(id, or: .list)), ("T|[string]", FieldType(id, or: .strings)),
    ("[T]", .list(of: FieldType(id))),
    ("{[string]}", FieldType.list(of: .string).flatMap(FieldType.map)),
    ("U", nil), ("", nil), ("[", nil), ("[]", nil), ("[T", nil), ("T|U", nil), ("T|[U]", nil),
    (
      "[[[[[[[[int32]]]]]]]]",
      (0..<8).reduce(FieldType(.int32)) { type, _ in .list(of: type) ?? type }
    ),
    ("[[[[[[[[[int32]]]]]]]]]", nil),
  ]
  for (text, type) in cases {
    var text = text
    let read = text.withUTF8 { bytes in
      FieldType(Bytes(bytes)) { $0.string == "T" ? id : nil }
    }
    #expect(read == type, "\(text)")
  }
  for scalar in Scalar.allCases {
    var word = scalar.word
    let read = word.withUTF8 { Scalar(word: Bytes($0)) }
    #expect(read == scalar)
  }
  #expect(FieldType.list(of: FieldType(id))?.shape == .list(of: FieldType(id)))
  #expect(FieldType.map(of: .string)?.shape == .map(of: .string))
  #expect(FieldType(id, or: .bool).shape == .objectOr(id, .bool))
}

@Test("the embedded index is what `make generate` would write")
func embeddedIndexIsCurrent() throws {
  let written = try String(
    contentsOf: URL(filePath: projectFolder + "/Sources/CSchemas/Schemas.c"), encoding: .utf8)
  let current = try EmbeddingWriter.source(tables: tableFiles())
  #expect(written == current, "run make generate")
}

@Test("every line of every table is read, and every type name in it is known")
func everyTableReads() throws {
  let schema = Schema()
  for id in schema.embeddedTypes {
    let type = schema.type(id)
    #expect(schema.typeID(named: type.qualifiedName) == id, "\(type.qualifiedName)")
    for field in type.fields {
      let found = schema.field(of: id, named: field.name)
      let row = try #require(found.map(schema.row), "\(type.name).\(field.name)")
      let isAvailable = type.field(named: field.name, in: schema.version) != nil
      #expect(row.isAvailable == isAvailable, "\(type.name).\(field.name)")
      if let union = type.union {
        #expect(union.fields.allSatisfy { name in type.fields.contains { $0.name == name } })
      }
    }
  }
  // A watch event is sent by servers, without apiVersion and kind.
  for kind in schema.allKinds() where kind.gvk.kind != "WatchEvent" {
    #expect(schema.type(kind.type).fields.contains { $0.name == "kind" }, "\(kind.gvk)")
  }
}
