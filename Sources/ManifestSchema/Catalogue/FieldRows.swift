import CSchemas
import ManifestSyntax

/// The rows of all types that were read, and a hash table of names for each type.
///
/// Everything lives in three growing buffers without references: rows, buckets, and a slot for each
/// type that says which part of them is its own. A look-up is one probe of four bytes and one
/// comparison of the name. The owner calls `deallocate` at its end.
struct FieldRows {
  private struct Slot {
    /// -1 until the type is read.
    var firstRow: Int32 = -1
    var firstBucket: Int32 = 0
    /// The number of buckets minus one; their number is a power of two.
    var bucketMask: UInt32 = 0
    var firstRequired: Int32 = 0
    var requiredCount: Int32 = 0
  }

  private var slots = Buffer<Slot>()
  private var rows = Buffer<FieldRow>()
  /// A row's number plus one, relative to the type's first; 0 is an empty bucket.
  private var buckets = Buffer<UInt32>()
  private var required = Buffer<FieldIndex>()
  private var names: [UnsafeMutableRawBufferPointer] = []

  var slotCount: Int { slots.count }

  func deallocate() {
    slots.deallocate()
    rows.deallocate()
    buckets.deallocate()
    required.deallocate()
    for name in names { name.deallocate() }
  }

  /// Makes room for `count` more types, not yet read.
  mutating func appendUnread(_ count: Int) {
    slots.append(count, of: Slot())
  }

  /// Copies a name to where it stays until `deallocate`.
  mutating func keep(_ name: String) -> Bytes {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: name.utf8.count, alignment: 1)
    copy.copyBytes(from: name.utf8)
    names.append(copy)
    return Bytes(copy)
  }

  @inline(__always)
  func isRead(_ type: TypeID) -> Bool {
    slots.at(Int(type.index)).pointee.firstRow >= 0
  }

  @inline(__always)
  func row(_ field: FieldIndex) -> FieldRow { rows[Int(field.index)] }

  @inline(__always)
  func requiredCount(_ type: TypeID) -> Int {
    Int(slots.at(Int(type.index)).pointee.requiredCount)
  }

  func requiredField(_ type: TypeID, at index: Int) -> FieldIndex {
    let slot = slots[Int(type.index)]
    precondition(index >= 0 && index < slot.requiredCount, "no such required field")
    return required[Int(slot.firstRequired) + index]
  }

  /// The row of the name; the type must be read.
  @inline(__always)
  func find(_ type: TypeID, hash: UInt32, name: Bytes) -> FieldIndex? {
    let slot = slots.at(Int(type.index))
    let first = Int(slot.pointee.firstRow)
    let mask = slot.pointee.bucketMask
    let firstBucket = Int(slot.pointee.firstBucket)
    var probe = hash
    while true {
      let entry = buckets.at(firstBucket + Int(probe & mask)).pointee
      if entry == 0 { return nil }
      let index = first + Int(entry) - 1
      let row = rows.at(index)
      if row.pointee.nameHash == hash, row.pointee.hasName(name) {
        return FieldIndex(index: Int32(truncatingIfNeeded: index))
      }
      probe &+= 1
    }
  }

  /// Fills the slot of `type`: a row for each name, made from the variant that is available, or
  /// from the last one when none is.
  mutating func read(_ type: TypeID, _ sketches: [RowSketch]) {
    var slot = Slot()
    slot.firstRow = Int32(rows.count)
    slot.firstBucket = Int32(buckets.count)
    // At most half of the buckets are taken, so probes are short and always end.
    var bucketCount = 2
    while bucketCount < sketches.count * 2 { bucketCount *= 2 }
    slot.bucketMask = UInt32(bucketCount - 1)
    buckets.append(bucketCount, of: 0)
    slots[Int(type.index)] = slot
    for sketch in sketches { insert(sketch, into: type, slot) }
    slot.firstRequired = Int32(required.count)
    for index in Int(slot.firstRow)..<rows.count where rows[index].isRequired {
      rows[index] = rows[index].required(at: required.count - Int(slot.firstRequired))
      required.append(1, of: FieldIndex(index: Int32(index)))
    }
    slot.requiredCount = Int32(required.count) - slot.firstRequired
    slots[Int(type.index)] = slot
  }

  private mutating func insert(_ sketch: RowSketch, into type: TypeID, _ slot: Slot) {
    let hash = KeyHash.of(sketch.name)
    let row = FieldRow(sketch, hash: hash)
    if let found = find(type, hash: hash, name: sketch.name) {
      if !rows[Int(found.index)].isAvailable { rows[Int(found.index)] = row }
      return
    }
    var probe = hash
    while buckets[Int(slot.firstBucket) + Int(probe & slot.bucketMask)] != 0 { probe &+= 1 }
    let number = UInt32(rows.count) - UInt32(slot.firstRow)
    buckets[Int(slot.firstBucket) + Int(probe & slot.bucketMask)] = number + 1
    rows.append(1, of: row)
  }
}

extension FieldRow {
  @inline(__always)
  fileprivate func hasName(_ other: Bytes) -> Bool {
    guard Int(nameCount) == other.count, let base = other.baseAddress else {
      return nameCount == 0 && other.isEmpty
    }
    return memcmp(base, name, other.count) == 0
  }

  fileprivate init(_ sketch: RowSketch, hash: UInt32) {
    nameHash = hash
    position = Int32(sketch.position)
    type = sketch.type
    // The place among the required fields is filled in once all rows are known.
    requiredIndex = sketch.isRequired && sketch.isAvailable ? 0 : -1
    listType = sketch.listType
    traits = sketch.isAvailable ? sketch.traits.union(.isAvailable) : sketch.traits
    name = sketch.name.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
    nameCount = UInt16(clamping: sketch.name.count)
  }

  fileprivate func required(at index: Int) -> FieldRow {
    var row = self
    row.requiredIndex = Int16(clamping: index)
    return row
  }
}

/// A growing buffer of plain values, without the checks of an array; its owner deallocates it.
struct Buffer<Element: BitwiseCopyable> {
  private var storage: UnsafeMutablePointer<Element>?
  private var capacity = 0
  private(set) var count = 0

  func deallocate() { storage?.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "an index beyond the buffer's end")
      return storage.unsafelyUnwrapped[index]
    }
    set {
      precondition(index >= 0 && index < count, "an index beyond the buffer's end")
      storage.unsafelyUnwrapped[index] = newValue
    }
  }

  /// The element itself, to read parts of it without copying the whole.
  @inline(__always)
  func at(_ index: Int) -> UnsafePointer<Element> {
    precondition(index >= 0 && index < count, "an index beyond the buffer's end")
    return UnsafePointer(storage.unsafelyUnwrapped + index)
  }

  mutating func append(_ times: Int, of element: Element) {
    if count + times > capacity {
      let grown = max(capacity * 2, count + times, 64)
      let copy = UnsafeMutablePointer<Element>.allocate(capacity: grown)
      if let storage {
        copy.initialize(from: storage, count: count)
        storage.deallocate()
      }
      storage = copy
      capacity = grown
    }
    (storage.unsafelyUnwrapped + count).initialize(repeating: element, count: times)
    count += times
  }
}
