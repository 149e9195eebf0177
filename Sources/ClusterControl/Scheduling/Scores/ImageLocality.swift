/// Prefers nodes that have the pod's images, the more the larger they are.
enum ImageLocality {
  private static let megabyte: Int64 = 1024 * 1024

  static func score(
    _ shape: PodShape, _ node: NodeFacts, nodesByImage: [String: Int], nodeCount: Int
  ) -> Int64 {
    guard !node.images.isEmpty, !shape.images.isEmpty else { return 0 }
    var sum: Int64 = 0
    for image in shape.images {
      guard let size = node.images[image] else { continue }
      // An image that few nodes have counts less, or all pods would go to the first node.
      let share = Double(nodesByImage[image] ?? 0) / Double(max(nodeCount, 1))
      sum &+= Int64(Double(min(max(size, 0), ResourceVector.amountMax)) * share)
    }
    return score(sum: sum, count: Int64(shape.images.count))
  }

  static func score(sum: Int64, count: Int64) -> Int64 {
    let least = 23 * megabyte
    let most = max(1000 * megabyte * count, least + 1)
    return 100 * (min(max(sum, least), most) - least) / (most - least)
  }
}
