import ManifestMerge
import ManifestSyntax
import TestRecordings
import Testing

/// Sets made at random, the same for the same seed.
private struct RandomSets {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  mutating func element() -> PathElement {
    switch next(6) {
    case 0: .key(["name": .string("n\(next(3))"), "port": .int(Int64(next(3)))])
    case 1: .value(next(2) == 0 ? .string("v\(next(3)) \"q\"") : .int(Int64(next(3))))
    case 2: .index(next(3))
    default: .field("f\(next(4))")
    }
  }

  mutating func set() -> FieldSet {
    FieldSet((0..<next(12)).map { _ in (0...next(4)).map { _ in element() } })
  }
}

@Test func setsFollowTheLawsOfSets() {
  var random = RandomSets(state: 7)
  for round in 0..<500 {
    let (a, b, c) = (random.set(), random.set(), random.set())
    #expect(a.union(b) == b.union(a), "union commutes: \(round)")
    #expect(a.union(b).union(c) == a.union(b.union(c)), "union associates: \(round)")
    #expect(a.union(a) == a && a.intersection(a) == a, "idempotence: \(round)")
    #expect(a.intersection(b) == b.intersection(a), "intersection commutes: \(round)")
    #expect(
      a.intersection(b.union(c)) == a.intersection(b).union(a.intersection(c)),
      "distribution: \(round)")
    #expect(a.subtracting(b).intersection(b).isEmpty, "difference is disjoint: \(round)")
    #expect(a.subtracting(b).union(a.intersection(b)) == a, "difference and rest: \(round)")
    #expect(
      a.subtractingTrees(b) == a.subtractingTrees(b).intersection(a.subtracting(b)),
      "removing trees removes more: \(round)")
    #expect(Set(a.paths) == Set(FieldSet(a.paths.reversed()).paths), "paths: \(round)")
    #expect(a.count == a.paths.count && a.paths.allSatisfy { a.contains($0) }, "paths: \(round)")
    #expect(FieldSet(a.paths) == a, "a set is its paths: \(round)")
    let wire = JSONWriter.string(a.fieldsV1())
    #expect((try? FieldSet(fieldsV1: Value(json: wire))) == a, "\(wire)")
    #expect(a.leaves.subtracting(a).isEmpty && a.prefixed(by: [.field("x")]).count == a.count)
  }
}

@Test func writesAndReadsTheWireForm() throws {
  let wire = """
    {"f:metadata":{"f:finalizers":{".":{},"v:\\"a\\"":{}}},"f:spec":{"f:ports":\
    {"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{}}},"i:3":{}}}
    """
  let set = try FieldSet(fieldsV1: Value(json: wire))
  #expect(JSONWriter.string(set.fieldsV1()) == wire)
  #expect(
    set.paths.map(\.pathText) == [
      ".metadata.finalizers", ".metadata.finalizers[=\"a\"]",
      ".spec.ports[port=80,protocol=\"TCP\"]", ".spec.ports[port=80,protocol=\"TCP\"].port",
      ".spec[3]",
    ])
  let unknown = try FieldSet(fieldsV1: Value(json: #"{"z:new":{},"f:a":{}}"#))
  #expect(unknown == FieldSet([[.field("a")]]), "elements of newer servers are passed over")
  for bad in [#"{"k:{":{}}"#, #"{"i:x":{}}"#, #"{"f:a":3}"#, "[]"] {
    #expect(throws: FieldSet.WireError.self, "\(bad)") { try FieldSet(fieldsV1: Value(json: bad)) }
  }
}
