import Glibc

/// Whether and how output is coloured, and how wide it may be: decided once, from the flag, the
/// environment and what the descriptor is.
struct Styles: Equatable, Sendable {
  /// What a stretch of text is, not what it looks like.
  enum Role: Sendable { case error, warning, note, help, place, code, strong, dim }

  let isColored: Bool
  /// Columns that a line may fill; 80 where nobody says.
  let width: Int

  init(isColored: Bool, width: Int) {
    self.isColored = isColored
    self.width = width
  }

  /// The styles for what is written to `descriptor`.
  ///
  /// First that applies: `--no-color`; `NO_COLOR` (any value but empty); `CLICOLOR_FORCE` (any but
  /// empty and 0); a terminal that is not `dumb`.
  init(
    for descriptor: Int32 = STDOUT_FILENO, isColorRefused: Bool = false,
    environment: (String) -> String? = Styles.environment
  ) {
    let isTerminal = isatty(descriptor) == 1
    let forced = environment("CLICOLOR_FORCE") ?? ""
    if isColorRefused || !(environment("NO_COLOR") ?? "").isEmpty {
      isColored = false
    } else if !forced.isEmpty, forced != "0" {
      isColored = true
    } else {
      isColored = isTerminal && environment("TERM") != "dumb"
    }
    let columns = isTerminal ? Styles.columns(of: descriptor) : nil
    width = columns ?? environment("COLUMNS").flatMap { Int($0) }.flatMap(Styles.sensible) ?? 80
  }

  /// `text` in the colour of `role`, or as it is.
  func paint(_ text: String, _ role: Role) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(Styles.code(role))m\(text)\u{1B}[0m" : text
  }

  private static func code(_ role: Role) -> String {
    switch role {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    case .help: "1;32"
    case .place: "34"
    case .code, .strong: "1"
    case .dim: "2"
    }
  }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    return sensible(Int(size.ws_col))
  }

  /// Widths below 20 come from terminals that do not know theirs.
  private static func sensible(_ columns: Int) -> Int? {
    columns < 20 ? nil : min(columns, 1000)
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
