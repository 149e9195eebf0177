import ClusterControl
import ManifestSyntax

/// Reads `simulation` of `kmf.yaml`.
extension ConfigurationReader {
  /// How images behave, with every mistake at its place.
  func simulation(_ node: NodeID) throws(Mistake) -> SimulationSettings {
    for (name, value) in try entries(node, Configuration.simulationKeys.map(\.name)) {
      if name == "images" {
        for item in try items(value) { try checkImage(item) }
      } else if DurationText.duration(try string(value)) == nil {
        throw mistake(value, "'\(try string(value))' is no span of time; write one like 12s")
      }
    }
    return SimulationSettings(tree.value(node))
  }

  private func checkImage(_ node: NodeID) throws(Mistake) {
    guard tree.kind(node) == .mapping else {
      throw mistake(node, "a mapping with 'match' and settings is expected here")
    }
    var hasPattern = false
    for (key, value) in tree.entries(node) {
      let name = tree.string(key)
      let text = try string(value)
      if name == "match" {
        hasPattern = true
      } else if let problem = ContainerBehavior.problem(with: name, text) {
        throw mistake(problem.hasPrefix("unknown") ? key : value, problem)
      }
    }
    guard hasPattern else {
      throw mistake(node, "'match' is missing: which images are meant, as in 'shop/web:*'")
    }
  }
}
