import ManifestSyntax

/// Suppressions of the configuration: for charts and copies that nobody edits.
public struct ConfiguredSuppression: Sendable {
  public var rules: [String]
  /// Whether it is about a file of this name.
  public var covers: @Sendable (String) -> Bool
  public var kinds: [String]
  public var names: [String]
  public var namespaces: [String]
  public var containers: [String]
  public var reason: String
  public var until: String?
  /// Where the configuration says so; nil for those that nobody wrote.
  public var place: Place?

  /// A place in a file, from 1.
  public struct Place: Sendable {
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int) {
      self.file = file
      self.line = line
      self.column = column
    }
  }

  public init(
    rules: [String], covers: @escaping @Sendable (String) -> Bool = { _ in true },
    kinds: [String] = [], names: [String] = [], namespaces: [String] = [],
    containers: [String] = [], reason: String = "", until: String? = nil
  ) {
    self.rules = rules.flatMap(PeerNames.codes)
    self.covers = covers
    self.kinds = kinds
    self.names = names
    self.namespaces = namespaces
    self.containers = containers
    self.reason = reason
    self.until = until
  }

  /// What it comes to in a file.
  ///
  /// - Parameter number: which one of the configuration it is.
  func suppressions(in file: AdviceFile, number: Int) -> [Suppression] {
    guard covers(file.name) else { return [] }
    if kinds.isEmpty, names.isEmpty, namespaces.isEmpty, containers.isEmpty {
      return [suppression(number, .bytes(0..<Int.max))]
    }
    return file.documents.flatMap(\.objects).filter(isAbout).flatMap { object in
      let reaches: [Suppression.Reach] =
        containers.isEmpty
        ? [.object(document: object.document, position: object.position)]
        : containers.map {
          .container($0, document: object.document, position: object.position)
        }
      return reaches.map { suppression(number, $0) }
    }
  }

  /// It as one in a file, number `number` of the configuration.
  func suppression(_ number: Int, _ reach: Suppression.Reach) -> Suppression {
    var one = Suppression(rules: rules, reach: reach, reason: reason, until: until)
    one.kind = .external
    one.number = number
    return one
  }

  private func isAbout(_ object: AdviceObject) -> Bool {
    (kinds.isEmpty || kinds.contains(object.kind))
      && (names.isEmpty || names.contains { Wildcard.matches(object.name, $0[...]) })
      && (namespaces.isEmpty || namespaces.contains(object.writtenNamespace ?? ""))
  }
}

extension SuppressionPolicy {
  /// What there is to say about one suppression of the configuration.
  public struct Remark: Sendable {
    public var place: ConfiguredSuppression.Place
    public var diagnostic: Diagnostic
  }

  /// What there is to say about the suppressions of the configuration.
  ///
  /// - Parameter used: which of ``configured`` left something out; nil where nobody knows, because
  ///   only a part of the repository was judged.
  public func remarks(_ selection: AdviceSelection, used: Set<Int>?) -> [Remark] {
    var remarks: [Remark] = []
    for rule in AdviceRegistry.suppressions {
      guard let check = rule as? any SuppressionAdvice.Type, selection.isOn(check.about) else {
        continue
      }
      for (number, item) in configured.enumerated() {
        guard let place = item.place else { continue }
        var suppression = item.suppression(number, .bytes(0..<Int.max))
        suppression.uses = used?.contains(number) ?? true ? 1 : 0
        let named = AdviceRegistry.all.map { $0.about }.filter {
          AdviceSelection.matches($0, item.rules)
        }
        let isWatched = !named.isEmpty && named.allSatisfy { selection.isOn($0) }
        guard
          let said = check.message(for: suppression, isWatched: isWatched, today: today)
        else { continue }
        let severity = selection.severity(of: check.about, file: place.file)
        let isReason = check.about.code == SuppressionWithoutReason.about.code
        remarks.append(
          Remark(
            place: place,
            diagnostic: Diagnostic(
              check.about.code, severity, .advice, at: .root, said.message,
              help: isReason ? "add 'reason'" : said.help)))
      }
    }
    return remarks
  }
}
