import ManifestSyntax

/// A change to one part of an object, as recorded: a path and a value.
struct RecordedEdit {
  private let path: [Value]
  private let value: Value

  init(_ edit: Value) {
    value = edit[1] ?? .null
    switch edit[0] {
    case .string(let text)?: path = text.split(separator: ".").map { .string(String($0)) }
    case .list(let tokens)?: path = tokens
    default: path = []
    }
  }

  func apply(to object: inout Value) { apply(path[...], to: &object) }

  private func apply(_ path: ArraySlice<Value>, to part: inout Value) {
    guard let token = path.first else { return }
    let rest = path.dropFirst()
    switch token {
    case .string(let name):
      if rest.isEmpty {
        part[name] = value == "<remove>" ? Optional.none : value
        return
      }
      var inner = part[name] ?? .emptyMap
      apply(rest, to: &inner)
      part[name] = inner
    case .int(let number):
      guard case .list(let items) = part, items.indices.contains(Int(number)) else { return }
      change(item: Int(number), of: &part, rest)
    case .map(let keys):
      let items = part.list ?? []
      let position = items.firstIndex { item in
        keys.entries.allSatisfy { item[$0.key] == $0.value }
      }
      if let position { return change(item: position, of: &part, rest) }
      if value == "<remove>" { return }
      part = .list(items + [.map(keys)])
      change(item: items.count, of: &part, rest)
    default: break
    }
  }

  private func change(item position: Int, of list: inout Value, _ rest: ArraySlice<Value>) {
    guard case .list(var items) = list else { return }
    if !rest.isEmpty {
      apply(rest, to: &items[position])
    } else if value == "<remove>" {
      items.remove(at: position)
    } else {
      items[position] = value
    }
    list = .list(items)
  }
}
