/// As much of XML as the reports use, read strictly: anything else is nil.
struct SmallXML {
  var name: String
  var attributes: [String: String] = [:]
  var children: [SmallXML] = []
  var text = ""

  /// All elements called `name`, this one included.
  func all(_ name: String) -> [SmallXML] {
    (self.name == name ? [self] : []) + children.flatMap { $0.all(name) }
  }

  static func parse(_ text: String) -> SmallXML? {
    var reader = Reader(rest: text.unicodeScalars[...])
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 9, 10, 13, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: continue
      default: return nil
      }
    }
    guard reader.take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>") else { return nil }
    reader.space()
    guard let root = reader.element() else { return nil }
    reader.space()
    return reader.rest.isEmpty ? root : nil
  }

  private struct Reader {
    var rest: Substring.UnicodeScalarView

    mutating func take(_ text: String) -> Bool {
      guard rest.starts(with: text.unicodeScalars) else { return false }
      rest = rest.dropFirst(text.unicodeScalars.count)
      return true
    }

    mutating func space() {
      rest = rest.drop { $0 == " " || $0 == "\n" }
    }

    mutating func name() -> String? {
      let name = rest.prefix { $0 == "-" || ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
      rest = rest.dropFirst(name.count)
      return name.isEmpty ? nil : String(name)
    }

    mutating func element() -> SmallXML? {
      guard take("<"), let name = name() else { return nil }
      var element = SmallXML(name: name)
      while take(" ") {
        guard let attribute = self.name(), take("=\""), element.attributes[attribute] == nil,
          let value = characters(until: "\"")
        else { return nil }
        // A raw line break would be read as a space.
        guard !value.isRaw, take("\"") else { return nil }
        element.attributes[attribute] = value.text
      }
      if take("/>") { return element }
      guard take(">") else { return nil }
      while true {
        guard let value = characters(until: "<") else { return nil }
        element.text += value.text
        if take("</\(name)>") { return element }
        guard let child = self.element() else { return nil }
        element.children.append(child)
      }
    }

    private mutating func characters(until end: Unicode.Scalar) -> (text: String, isRaw: Bool)? {
      let known = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
      var text = ""
      var isRaw = false
      while let scalar = rest.first, scalar != end {
        rest = rest.dropFirst()
        guard scalar == "&" else {
          if scalar == "<" || scalar == ">" { return nil }
          isRaw = isRaw || scalar.value < 32
          text.unicodeScalars.append(scalar)
          continue
        }
        let name = String(rest.prefix { $0 != ";" })
        rest = rest.dropFirst(name.unicodeScalars.count + 1)
        if let character = known[name] {
          text += character
        } else {
          guard name.hasPrefix("#"), let code = UInt32(name.dropFirst()),
            let scalar = Unicode.Scalar(code)
          else { return nil }
          text.unicodeScalars.append(scalar)
        }
      }
      return rest.isEmpty ? nil : (text, isRaw)
    }
  }
}
