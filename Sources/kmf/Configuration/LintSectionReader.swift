import ManifestRules
import ManifestSyntax

/// Reads the section `lint` of `kmf.yaml`.
extension ConfigurationReader {
  func lint(_ node: NodeID, in folder: String) throws(Mistake) -> LintConfiguration {
    var lint = LintConfiguration()
    for (name, value) in try entries(node, LintConfiguration.keys.map(\.name)) {
      switch name {
      case "presets": lint.presets = try strings(value)
      case "select": lint.select = try strings(value)
      case "ignore": lint.ignore = try strings(value)
      case "severity": lint.severity = try assignments(value)
      case "rules": lint.rules = try parameters(value)
      case "perPath": for item in try items(value) { lint.perPath.append(try perPath(item)) }
      case "suppress": for item in try items(value) { lint.suppressions.append(try ignored(item)) }
      case "locked": lint.locked = try strings(value)
      case "externals": lint.externals = try strings(value)
      case "podSecurity": lint.podSecurity = try string(value)
      case "baseline": lint.baseline = ConfigurationFile.join(folder, try string(value))
      case "cache": lint.cache = try bool(value)
      case "render": lint.render = try bool(value)
      default: lint.failOn = try choice(value)
      }
    }
    return lint
  }

  /// The entries of a mapping whose keys are all known, without those that say nothing.
  func entries(
    _ node: NodeID, _ known: [String]
  ) throws(Mistake) -> [(name: String, value: NodeID)] {
    guard tree.kind(node) == .mapping else {
      throw mistake(node, "a mapping of keys to values is expected here")
    }
    var entries: [(name: String, value: NodeID)] = []
    for (key, value) in tree.entries(node) {
      let name = tree.string(key)
      guard known.contains(name) else {
        let near = NearestWord.of(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
        throw mistake(
          key, "unknown key '\(name)'\(near)", help: "keys are \(known.joined(separator: ", "))")
      }
      if tree.kind(value) != .null { entries.append((name, value)) }
    }
    return entries
  }

  func items(_ node: NodeID) throws(Mistake) -> [NodeID] {
    guard tree.kind(node) == .sequence else { throw mistake(node, "a list is expected here") }
    return Array(tree.items(node))
  }

  private func parameters(_ node: NodeID) throws(Mistake) -> [String: [String: String]] {
    guard tree.kind(node) == .mapping else {
      throw mistake(node, "a mapping of rules to their parameters is expected here")
    }
    var parameters: [String: [String: String]] = [:]
    for (rule, values) in tree.entries(node) {
      guard tree.kind(values) == .mapping else {
        throw mistake(values, "a mapping of parameters to values is expected here")
      }
      for (name, value) in tree.entries(values) {
        let text = try strings(value).joined(separator: ",")
        parameters[tree.string(rule), default: [:]][tree.string(name)] = text
      }
    }
    return parameters
  }

  private func perPath(_ node: NodeID) throws(Mistake) -> LintConfiguration.PerPath {
    var item = LintConfiguration.PerPath()
    for (name, value) in try entries(node, ["paths", "select", "ignore", "severity"]) {
      switch name {
      case "paths": item.paths = try strings(value)
      case "select": item.select = try strings(value)
      case "ignore": item.ignore = try strings(value)
      default: item.severity = try assignments(value)
      }
    }
    if item.paths.isEmpty { throw mistake(node, "'paths' says which files this is about") }
    return item
  }

  private func ignored(_ node: NodeID) throws(Mistake) -> LintConfiguration.Ignored {
    var item = LintConfiguration.Ignored()
    let place = mistake(node, "")
    (item.line, item.column) = (place.line, place.column)
    let known = [
      "rules", "paths", "kinds", "names", "namespaces", "containers", "reason", "until",
    ]
    for (name, value) in try entries(node, known) {
      switch name {
      case "rules": item.rules = try strings(value)
      case "paths": item.paths = try strings(value)
      case "kinds": item.kinds = try strings(value)
      case "names": item.names = try strings(value)
      case "namespaces": item.namespaces = try strings(value)
      case "containers": item.containers = try strings(value)
      case "reason": item.reason = try string(value)
      default: item.until = try string(value)
      }
    }
    if item.rules.isEmpty { throw mistake(node, "'rules' says what is suppressed") }
    return item
  }
}
