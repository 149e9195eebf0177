import ManifestSchema
import ManifestSyntax

/// Amounts of what nodes have and pods ask for, as whole numbers.
///
/// Amounts end at 2⁵³, so that percentages of them and sums over the pods of a node stay within 64
/// bits; sums wrap around beyond that, and what was added can always be taken away again.
struct ResourceVector: Hashable, Sendable {
  /// Thousandths of a core.
  var cpu: Int64 = 0
  /// Bytes.
  var memory: Int64 = 0
  /// Ephemeral storage, in bytes.
  var storage: Int64 = 0
  /// Everything else that can be counted, by name; zeros are left out.
  var scalars: [String: Int64] = [:]

  static let amountMax: Int64 = 1 << 53

  init() {}

  init(_ amounts: ResourceAmounts) {
    for (name, amount) in amounts.amounts {
      switch name {
      case "cpu": cpu = Self.bounded(amount.milliValue, amount)
      case "memory": memory = Self.bounded(amount.value, amount)
      case "ephemeral-storage": storage = Self.bounded(amount.value, amount)
      case "pods": break
      default:
        let count = Self.bounded(amount.value, amount)
        if count != 0 { scalars[name] = count }
      }
    }
  }

  static func bounded(_ number: Int64?, _ amount: Quantity) -> Int64 {
    guard amount.sign > 0 else { return 0 }
    return min(number ?? amountMax, amountMax)
  }
}

/// What the pods of a node use together.
struct NodeUsage: Hashable, Sendable {
  var cpu: Int64 = 0
  var memory: Int64 = 0
  var storage: Int64 = 0
  var pods: Int64 = 0
  /// With a share for containers that ask for nothing, for scoring.
  var scoringCPU: Int64 = 0
  var scoringMemory: Int64 = 0

  mutating func count(_ shape: PodShape, by sign: Int64) {
    cpu &+= shape.requests.cpu &* sign
    memory &+= shape.requests.memory &* sign
    storage &+= shape.requests.storage &* sign
    pods &+= sign
    scoringCPU &+= shape.scoringCPU &* sign
    scoringMemory &+= shape.scoringMemory &* sign
  }
}
