import ManifestModel
import ManifestSyntax

/// Tells at little cost that the ports of a pod share neither number nor name, as is nearly always
/// so.
enum PortsInFile {
  /// More ports are left to sets.
  private static let countMax = 32

  private static let containerPort = Key("containerPort")
  private static let ports = Key("ports")

  /// Whether the `count` ports of containers in a file certainly have different numbers and names.
  ///
  /// False where two may be equal, and for containers that are not in a file: then a closer look is
  /// needed.
  static func areDistinct(_ containers: [PlacedContainer], count: Int) -> Bool {
    guard count <= countMax else { return false }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * countMax) { known in
      var seen = Seen(numbers: known[..<countMax], names: known[countMax...])
      for placed in containers {
        guard let (tree, node) = placed.container.node.treeNode else { return false }
        guard let list = tree.value(node, ports) else { continue }
        for port in tree.items(list) {
          guard seen.take(port, of: tree) else { return false }
        }
      }
      return true
    }
  }

  /// Numbers, and hashes of names, of the ports so far.
  private struct Seen {
    var numbers: Slice<UnsafeMutableBufferPointer<UInt32>>
    var names: Slice<UnsafeMutableBufferPointer<UInt32>>
    private var numberCount = 0
    private var nameCount = 0

    init(
      numbers: Slice<UnsafeMutableBufferPointer<UInt32>>,
      names: Slice<UnsafeMutableBufferPointer<UInt32>>
    ) {
      self.numbers = numbers
      self.names = names
    }

    /// Takes in a port; false where it may share something with one before.
    mutating func take(_ port: NodeID, of tree: Tree) -> Bool {
      guard let value = tree.value(port, containerPort),
        let number = tree.int64(value).flatMap(UInt32.init(exactly:)),
        Self.note(number, in: &numbers, &numberCount)
      else { return false }
      guard let name = tree.text(port, .name) else { return true }
      return Self.note(KeyHash.of(name), in: &names, &nameCount)
    }

    private static func note(
      _ value: UInt32, in list: inout Slice<UnsafeMutableBufferPointer<UInt32>>, _ count: inout Int
    ) -> Bool {
      let start = list.startIndex
      for index in start..<start + count where list[index] == value { return false }
      list[start + count] = value
      count += 1
      return true
    }
  }
}
