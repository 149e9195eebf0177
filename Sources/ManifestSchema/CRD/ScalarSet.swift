/// A set of Unicode scalars, as a class of a pattern names it.
struct ScalarSet: Sendable {
  /// A class of Unicode's, or everything outside of one.
  struct Category: Sendable {
    var name: String
    var isInverted: Bool
  }

  var ranges: [ClosedRange<UInt32>] = []
  var categories: [Category] = []
  /// Whether the set holds what the ranges and categories do not.
  var isInverted = false
  var ignoresCase = false

  init() {}

  init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

  private init(_ ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

  private init(_ spans: ClosedRange<Unicode.Scalar>...) {
    ranges = spans.map { $0.lowerBound.value...$0.upperBound.value }
  }

  static let all = ScalarSet([0...0x10FFFF])
  static let notNewline = ScalarSet("\n").inverted
  static let digits = ScalarSet("0"..."9")
  static let word = ScalarSet("0"..."9", "A"..."Z", "_"..."_", "a"..."z")
  static let space = ScalarSet("\t"..."\n", "\u{0C}"..."\r", " "..." ")

  /// A POSIX class: `alpha`; nil for unknown names.
  init?(named name: String) {
    switch name {
    case "alnum": self.init("0"..."9", "A"..."Z", "a"..."z")
    case "alpha": self.init("A"..."Z", "a"..."z")
    case "ascii": self.init("\u{0}"..."\u{7F}")
    case "blank": self.init("\t"..."\t", " "..." ")
    case "cntrl": self.init("\u{0}"..."\u{1F}", "\u{7F}"..."\u{7F}")
    case "digit": self.init("0"..."9")
    case "graph": self.init("!"..."~")
    case "lower": self.init("a"..."z")
    case "print": self.init(" "..."~")
    case "punct": self.init("!"..."/", ":"..."@", "["..."`", "{"..."~")
    case "space": self.init("\t"..."\r", " "..." ")
    case "upper": self.init("A"..."Z")
    case "word": self = .word
    case "xdigit": self.init("0"..."9", "A"..."F", "a"..."f")
    default: return nil
    }
  }

  /// A general category of Unicode, by its one or two letters; nil for unknown names.
  init?(category name: String) {
    if name == "Any" {
      self = .all
      return
    }
    let known = [
      "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc",
      "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C",
      "Cc", "Cf", "Co",
    ]
    guard known.contains(name) else { return nil }
    categories = [Category(name: name, isInverted: false)]
  }

  var inverted: ScalarSet {
    var other = self
    other.isInverted.toggle()
    return other
  }

  /// Adds what `other` holds.
  mutating func formUnion(_ other: ScalarSet) {
    guard other.isInverted else {
      ranges += other.ranges
      categories += other.categories
      return
    }
    // Only sets of one kind are ever inverted: ranges of ASCII, or one category.
    categories += other.categories.map { Category(name: $0.name, isInverted: !$0.isInverted) }
    var start: UInt32 = 0
    for range in other.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if start < range.lowerBound { ranges.append(start...range.lowerBound - 1) }
      start = max(start, range.upperBound + 1)
    }
    if !other.ranges.isEmpty, start <= 0x10FFFF { ranges.append(start...0x10FFFF) }
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    if holds(scalar) { return !isInverted }
    guard ignoresCase else { return isInverted }
    let properties = scalar.properties
    for other in [properties.lowercaseMapping, properties.uppercaseMapping] {
      let scalars = other.unicodeScalars
      if scalars.count == 1, let folded = scalars.first, holds(folded) { return !isInverted }
    }
    return isInverted
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    for range in ranges where range.contains(scalar.value) { return true }
    for category in categories {
      let isIn = scalar.properties.generalCategory.letters.hasPrefix(category.name)
      if isIn != category.isInverted { return true }
    }
    return false
  }
}

extension Unicode.GeneralCategory {
  /// The two letters of the Unicode standard.
  fileprivate var letters: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .privateUse: "Co"
    case .surrogate: "Cs"
    case .unassigned: "Cn"
    @unknown default: "Cn"
    }
  }
}
