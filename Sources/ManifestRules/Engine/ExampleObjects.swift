import ManifestSchema
import ManifestSyntax

/// Builds the objects that rules' examples describe, and judges them.
public enum ExampleObjects {
  /// What is found when `example` of `rule` is judged.
  public static func findings(of rule: RuleDescription, _ example: RuleExample) -> [Diagnostic] {
    var options = ValidationOptions()
    options.versions = [rule.version]
    let parts = example.text.split(separator: "\n", omittingEmptySubsequences: false)
    let halves = parts.split(separator: "---", maxSplits: 1).map(Array.init)
    guard rule.base.isUpdate else {
      let source = text(of: object(rule.base, parts))
      let result = Validator(ValidationContext(options: options)).validate(source, isExplicit: true)
      return result.documents.flatMap { $0.diagnostics.map(\.diagnostic) }
    }
    let old = object(rule.base, halves.count > 1 ? halves[0] : [])
    let new = object(rule.base, halves.last ?? [])
    return UpdateValidation.diagnostics(
      old: text(of: old), new: text(of: new), version: rule.version)
  }

  /// The manifest that an example stands for, for documentation.
  public static func manifest(of rule: RuleDescription, _ example: RuleExample) -> Value {
    object(rule.base, example.text.split(separator: "\n", omittingEmptySubsequences: false))
  }

  private static func text(of value: Value) -> SourceText {
    SourceText(name: "example.yaml", bytes: JSONWriter.bytes(value))
  }

  private static func object(_ base: RuleExampleBase, _ lines: [Substring]) -> Value {
    var value = base.object
    for line in lines {
      guard let sign = line.firstRange(of: " = ") ?? line.firstRange(of: " =") else { continue }
      let path = FieldPath(parsing: String(line[..<sign.lowerBound].drop { $0 == " " }))
      value.set(path.steps[...], to: yaml(line[sign.upperBound...]))
    }
    return value
  }

  private static func yaml(_ text: Substring) -> Value? {
    guard !text.isEmpty else { return nil }
    var reader = DocumentReader(SourceText(String(text)))
    return reader.next()?.tree?.value() ?? .string(String(text))
  }
}

extension Substring {
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}

extension Value {
  /// Sets the part at `path`, making the maps and lists on the way; nil removes it.
  fileprivate mutating func set(_ path: ArraySlice<FieldPath.Step>, to value: Value?) {
    guard let step = path.first else {
      self = value ?? .null
      return
    }
    let isLast = path.count == 1
    switch step {
    case .field(let name), .key(let name):
      if isLast {
        self[name] = value
        return
      }
      var part = self[name] ?? .null
      part.set(path.dropFirst(), to: value)
      self[name] = part
    case .index(let position):
      var items = list ?? []
      while items.count <= position { items.append(.emptyMap) }
      if isLast, value == nil {
        items.remove(at: position)
      } else {
        items[position].set(path.dropFirst(), to: value)
      }
      self = .list(items)
    }
  }
}
