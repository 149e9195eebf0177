import ManifestModel
import ManifestSyntax

/// Finds the suppressions in a file: comments and annotations.
struct SuppressionReader {
  let file: AdviceFile
  private(set) var suppressions: [Suppression] = []

  init(_ file: AdviceFile) {
    self.file = file
    for document in file.documents {
      readComments(document)
      for object in document.objects { readAnnotations(object) }
    }
  }

  // MARK: - Comments

  private mutating func readComments(_ document: AdviceDocument) {
    let start = commentStart(document.number)
    let last = document.number + 1
    let stop = last < file.documents.count ? commentStart(last) : file.source.count
    guard start < stop else { return }
    let comments = KMFComment.all(in: file.source, start..<stop, document.tree)
    var disabled: [(rules: [String], number: Int)] = []
    for comment in comments {
      guard let text = SuppressionText(comment: comment.text) else { continue }
      let end = file.source.count
      switch text.verb {
      case .enable:
        for (rules, number) in disabled where text.rules.contains("all") || rules == text.rules {
          if case .bytes(let range) = suppressions[number].reach, range.upperBound == end {
            suppressions[number].reach = .bytes(range.lowerBound..<Int(comment.span.start))
          }
        }
      case .disable:
        disabled.append((text.rules, suppressions.count))
        add(text, .bytes(Int(comment.span.end)..<end), comment, document)
      case .fileIgnore: add(text, .bytes(0..<end), comment, document)
      case .ignore: add(text, reach(of: comment, in: document), comment, document)
      }
    }
  }

  /// Where the comments of a document begin: at its marker, or at the start of the file.
  private func commentStart(_ number: Int) -> Int {
    guard number > 0 else { return 0 }
    let first = file.documents[number].range.lowerBound
    var at = first
    let stop = file.documents[number - 1].range.lowerBound
    while at > stop {
      at -= 1
      let isLineStart = at == 0 || file.source.bytes[at - 1] == 10
      if isLineStart, file.source.bytes[at...].starts(with: [45, 45, 45]) { return at }
    }
    return first
  }

  private mutating func add(
    _ text: SuppressionText, _ reach: Suppression.Reach, _ comment: KMFComment,
    _ document: AdviceDocument
  ) {
    var span = comment.span
    // The whole line goes, or the blanks before the comment.
    if comment.isAlone {
      while span.start > 0, file.source.bytes[Int(span.start) - 1] != 10 { span.start -= 1 }
      if Int(span.end) < file.source.count { span.end += 1 }
    } else {
      while span.start > 0, file.source.bytes[Int(span.start) - 1] == 32 { span.start -= 1 }
    }
    suppressions.append(
      Suppression(
        rules: text.rules.flatMap(PeerNames.codes), reach: reach, reason: text.reason,
        until: text.until,
        place: Suppression.Place(
          document: document.number, position: position(of: comment, in: document),
          span: comment.span, path: .root, removal: .replace(span, with: ""))))
  }

  /// Which object of the document a comment stands in.
  private func position(of comment: KMFComment, in document: AdviceDocument) -> Int {
    var position = 0
    for object in document.objects {
      guard let (tree, id) = object.node.treeNode else { continue }
      if tree.span(id).start <= comment.span.start { position = object.position }
    }
    return position
  }

  /// What a comment covers: its line, or, alone on a line, the next entry or item with all in it;
  /// before the first key of an object, the object.
  private func reach(of comment: KMFComment, in document: AdviceDocument) -> Suppression.Reach {
    let bytes = file.source.bytes
    guard comment.isAlone else {
      var start = Int(comment.span.start)
      while start > 0, bytes[start - 1] != 10, bytes[start - 1] != 13 { start -= 1 }
      return .bytes(start..<Int(comment.span.end))
    }
    guard let tree = document.tree else { return .bytes(0..<0) }
    if let first = document.objects.first(where: { $0.node.isFirst(after: comment.span) }) {
      return .object(document: document.number, position: first.position)
    }
    var best: (start: UInt32, end: UInt32)?
    func consider(_ start: UInt32, _ end: UInt32) {
      guard start >= comment.span.end else { return }
      if let known = best, (known.start, UInt32.max - known.end) <= (start, UInt32.max - end) {
        return
      }
      best = (start, end)
    }
    func visit(_ node: NodeID) {
      for (key, value) in tree.entries(node) {
        consider(tree.span(key).start, max(tree.span(key).end, tree.span(value).end))
        if tree.span(value).end > comment.span.end { visit(value) }
      }
      for item in tree.items(node) {
        // An item begins at its dash, before its first key does.
        if tree.span(item).start >= comment.span.end {
          consider(max(comment.span.end, tree.span(item).start &- 2), tree.span(item).end)
        }
        if tree.span(item).end > comment.span.end { visit(item) }
      }
    }
    visit(.root)
    guard let best else { return .bytes(0..<0) }
    return .bytes(Int(best.start)..<max(Int(best.end), Int(best.start) + 1))
  }

  // MARK: - Annotations

  private mutating func readAnnotations(_ object: AdviceObject) {
    var places = [object.node]
    if let template = object.node[.spec]?[.template] { places.append(template) }
    if let template = object.node[.spec]?[.jobTemplate]?[.spec]?[.template] {
      places.append(template)
    }
    for place in places {
      guard let annotations = place[.metadata]?[.annotations], annotations.isMapping else {
        continue
      }
      for (key, value) in annotations.entries {
        // All that mean anything here have one of these in their names.
        guard key.holds("ignore") || key.holds("skip"), let text = value.string else { continue }
        read(key.keyText, text, value, of: object)
      }
    }
  }

  private mutating func read(
    _ key: String, _ text: String, _ value: NodeRef, of object: AdviceObject
  ) {
    let whole = Suppression.Reach.object(document: object.document, position: object.position)
    if key == "kmf.dev/ignore" || key.hasPrefix("kmf.dev/ignore.") {
      let container = key.dropFirst("kmf.dev/ignore.".count)
      let reach =
        container.isEmpty
        ? whole
        : Suppression.Reach.container(
          String(container), document: object.document, position: object.position)
      let found = SuppressionText.annotation(text)
      for one in found {
        guard let (tree, id) = value.treeNode else { continue }
        suppressions.append(
          Suppression(
            rules: one.rules.flatMap(PeerNames.codes), reach: reach, reason: one.reason,
            until: one.until,
            place: Suppression.Place(
              document: object.document, position: object.position, span: tree.span(id),
              path: value.path, removal: found.count == 1 ? .remove(value.path) : nil)))
      }
      return
    }
    for (rules, reason) in PeerNames.annotation(key, text) {
      suppressions.append(Suppression(rules: rules, reach: whole, reason: reason))
    }
  }
}

extension NodeRef {
  /// Whether nothing of the object stands before the comment at `span`.
  fileprivate func isFirst(after span: Span) -> Bool {
    guard let (tree, id) = treeNode else { return false }
    var entries = tree.entries(id)
    guard let first = entries.next(), tree.span(first.key).start >= span.end else { return false }
    return true
  }
}
