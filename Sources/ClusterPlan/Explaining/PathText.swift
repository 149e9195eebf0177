import ManifestMerge
import ManifestSyntax

/// How people read a path: `spec.template.spec.containers[name=app].ports[8080/TCP]`.
public enum PathText {
  public static func of(_ path: [PathElement]) -> String {
    var text = ""
    for element in path { append(element, to: &text) }
    return text
  }

  private static func append(_ element: PathElement, to text: inout String) {
    switch element {
    case .field(let name):
      // Names with dots and slashes would look like several steps.
      let isPlain = name.utf8.allSatisfy {
        $0 == 0x2D || $0 == 0x5F || 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0
      }
      if !isPlain || name.isEmpty {
        text += "[\(name)]"
      } else {
        text += text.isEmpty ? name : "." + name
      }
    case .key(let fields):
      text += "[" + fields.map { "\($0.name)=\(plain($0.value))" }.joined(separator: ",") + "]"
    case .value(let value): text += "[=\(plain(value))]"
    case .index(let position): text += "[\(position)]"
    }
  }

  private static func plain(_ value: Value) -> String {
    value.string ?? JSONWriter.string(value)
  }
}

extension Value {
  /// The part at a path that names list items by what they hold; nil where it leads nowhere.
  public func part(at path: some Sequence<PathElement>) -> Value? {
    var part: Value? = self
    for element in path {
      switch element {
      case .field(let name): part = part?[name]
      case .index(let position): part = part?[position]
      case .value(let value): part = part?.list?.contains(value) ?? false ? value : nil
      case .key(let fields):
        let items: [Value] = part?.list ?? []
        part = items.first { item in
          // Keys that an item leaves out have their default.
          fields.allSatisfy { field in
            guard let found = item[field.name] else { return true }
            return found == field.value
          }
        }
      }
      if part == nil { return nil }
    }
    return part
  }
}
