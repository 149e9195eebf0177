import ManifestSyntax

extension JSONPath {
  /// The template, filled from `value`.
  ///
  /// - Throws: for an index that a list does not have.
  public func text(of value: Value) throws(JSONPathError) -> String {
    var text = ""
    try Filling(root: value).write(parts, of: value, to: &text)
    return text
  }

  /// What the paths of the template find in `value`, in order.
  public func values(in value: Value) throws(JSONPathError) -> [Value] {
    var found: [Value] = []
    try Filling(root: value).collect(parts, of: value, into: &found)
    return found
  }

  /// A value as a template and a column show it: text as it is, the rest as JSON.
  public static func text(_ value: Value) -> String {
    value.string ?? JSONWriter.string(SortedKeys.of(value))
  }
}

/// Follows steps from one root.
private struct Filling {
  let root: Value

  func write(
    _ parts: [JSONPath.Part], of current: Value, to text: inout String
  ) throws(JSONPathError) {
    for part in parts {
      switch part {
      case .text(let plain): text += plain
      case .path(let steps):
        text += try follow(steps, from: current).map(JSONPath.text).joined(separator: " ")
      case .range(let steps, let body):
        for item in try follow(steps, from: current) { try write(body, of: item, to: &text) }
      }
    }
  }

  func collect(
    _ parts: [JSONPath.Part], of current: Value, into found: inout [Value]
  ) throws(JSONPathError) {
    for part in parts {
      switch part {
      case .text: break
      case .path(let steps): found += try follow(steps, from: current)
      case .range(let steps, let body):
        for item in try follow(steps, from: current) { try collect(body, of: item, into: &found) }
      }
    }
  }

  private func follow(
    _ steps: [JSONPath.Step], from current: Value
  ) throws(JSONPathError) -> [Value] {
    var values = [current]
    for step in steps {
      // A literal stands for itself, however many values there are.
      if case .literal(let value) = step {
        values = [value]
        continue
      }
      var found: [Value] = []
      for value in values { try take(step, from: value, into: &found) }
      values = found
    }
    return values
  }

  private func take(
    _ step: JSONPath.Step, from value: Value, into found: inout [Value]
  ) throws(JSONPathError) {
    switch step {
    case .root: found.append(root)
    case .current: found.append(value)
    case .literal(let literal): found.append(literal)
    case .field(let name): if let part = value[name] { found.append(part) }
    case .everything: found += children(of: value)
    case .descendants: addDescendants(of: value, to: &found)
    case .index(let index):
      guard let items = value.list else { return }
      let position = index < 0 ? items.count + index : index
      guard items.indices.contains(position) else {
        throw JSONPathError("there is no index \(index) in a list of \(items.count)")
      }
      found.append(items[position])
    case .slice(let from, let to, let by):
      guard let items = value.list else {
        // `[*]` on a map means its values.
        if from == nil, to == nil { found += children(of: value) }
        return
      }
      let bounds = [from ?? 0, to ?? items.count].map { bound in
        min(max(bound < 0 ? items.count + bound : bound, 0), items.count)
      }
      for position in stride(from: bounds[0], to: bounds[1], by: by) {
        found.append(items[position])
      }
    case .union(let paths): for path in paths { found += try follow(path, from: value) }
    case .filter(let filter):
      for item in children(of: value) where try matches(filter, item) { found.append(item) }
    }
  }

  private func children(of value: Value) -> [Value] {
    switch value {
    case .list(let items): items
    case .map(let map): map.entries.sorted { $0.key < $1.key }.map(\.value)
    default: []
    }
  }

  private func addDescendants(of value: Value, to found: inout [Value]) {
    // A stack of our own: objects may be nested deeper than calls.
    var open = [value]
    while let value = open.popLast() {
      found.append(value)
      open += children(of: value).reversed()
    }
  }

  private func matches(_ filter: JSONPath.Filter, _ item: Value) throws(JSONPathError) -> Bool {
    let left = try follow(filter.left, from: item)
    guard let comparison = filter.comparison else { return !left.isEmpty }
    let right = try follow(filter.right, from: item)
    guard let first = left.first, let second = right.first else { return false }
    switch comparison {
    case .equal: return first == second || ValueOrder.compare(first, second) == 0
    case .different: return first != second && ValueOrder.compare(first, second) != 0
    case .less: return ValueOrder.compare(first, second).map { $0 < 0 } ?? false
    case .more: return ValueOrder.compare(first, second).map { $0 > 0 } ?? false
    case .atMost: return ValueOrder.compare(first, second).map { $0 <= 0 } ?? false
    case .atLeast: return ValueOrder.compare(first, second).map { $0 >= 0 } ?? false
    }
  }
}

/// The order of two values of like type.
enum ValueOrder {
  /// Below, equal to or above 0; nil where the two cannot be compared.
  static func compare(_ left: Value, _ right: Value) -> Int? {
    if let first = left.string, let second = right.string {
      return first == second ? 0 : first < second ? -1 : 1
    }
    if let first = left.bool, let second = right.bool {
      return first == second ? 0 : second ? -1 : 1
    }
    if let first = left.int64, let second = right.int64 {
      return first == second ? 0 : first < second ? -1 : 1
    }
    guard let first = number(left), let second = number(right) else { return nil }
    return first == second ? 0 : first < second ? -1 : 1
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}
