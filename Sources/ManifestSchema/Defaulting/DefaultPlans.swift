import ManifestSyntax

/// What there is to add to objects of each type, in plain memory: it is looked at for every object
/// of every file, and counting references there would cost more than the work.
struct DefaultPlans {
  /// What there is to do for objects of one type.
  struct Plan {
    fileprivate(set) var constants: Range<Int>
    fileprivate(set) var computed: Range<Int>
  }

  /// A field that gets the same value wherever it is absent.
  struct Constant: BitwiseCopyable {
    let field: FieldIndex
    let isZeroUnset: Bool
    /// What the value is.
    let kind: NodeKind
    /// The text of a scalar.
    let text: UnsafeRawBufferPointer
  }

  private var plans: [Plan?] = []
  private var constantMemory: UnsafeMutablePointer<Constant>
  private var constantCapacity = 64
  /// The values of the constants.
  private(set) var values: [Value] = []
  private(set) var computed: [ComputedDefault] = []

  init() { constantMemory = .allocate(capacity: constantCapacity) }

  /// The owner must call this once, at its end.
  func deallocate() {
    for index in values.indices { constantMemory[index].text.deallocate() }
    constantMemory.deallocate()
  }

  /// The plan for the type of this number; nil where it has not been made.
  subscript(type: Int) -> Plan? { type < plans.count ? plans[type] : nil }

  /// A constant of a plan.
  func constant(_ index: Int) -> Constant { constantMemory[index] }

  /// Begins the plan for the type of this number; what is added next belongs to it.
  mutating func begin(_ type: Int) {
    while plans.count <= type { plans.append(nil) }
    plans[type] = Plan(
      constants: values.count..<values.count, computed: computed.count..<computed.count)
  }

  /// Adds a constant to the plan that was begun last.
  mutating func add(_ value: Value, for field: FieldIndex, isZeroUnset: Bool, to type: Int) {
    if values.count == constantCapacity { grow() }
    let text = value.scalarText.map { Array($0.utf8) } ?? []
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
    memory.copyBytes(from: text)
    (constantMemory + values.count).initialize(
      to: Constant(
        field: field, isZeroUnset: isZeroUnset, kind: value.nodeKind,
        text: UnsafeRawBufferPointer(memory)))
    values.append(value)
    let start = plans[type]?.constants.lowerBound ?? 0
    plans[type]?.constants = start..<values.count
  }

  /// Adds a computation to the plan that was begun last.
  mutating func add(_ computation: ComputedDefault, to type: Int) {
    computed.append(computation)
    let start = plans[type]?.computed.lowerBound ?? 0
    plans[type]?.computed = start..<computed.count
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Constant>.allocate(capacity: constantCapacity * 2)
    larger.moveInitialize(from: constantMemory, count: constantCapacity)
    constantMemory.deallocate()
    constantMemory = larger
    constantCapacity *= 2
  }
}
