/// Colours for terminals, or none.
struct Paint {
  enum Color: String {
    case add = "32"
    case change = "33"
    case remove = "31"
    case replace = "35"
    case dim = "2"
    case strong = "1"
    case error = "1;31"
  }

  let isColored: Bool

  func callAsFunction(_ text: String, _ color: Color) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
  }
}
