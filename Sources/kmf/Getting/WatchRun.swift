import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestSyntax
import ObjectPrinting

/// One run of `kmf get --watch`: what is there, then every change as it comes, until somebody
/// interrupts or nobody reads any more.
struct WatchRun {
  let get: GetRun
  let showing: Showing
  let showsPresent: Bool
  let showsEvents: Bool

  private static let waitMilliseconds: Int32 = 100

  /// What a watch says of an object.
  private enum Change: String {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
  }

  func run(_ target: Target) throws {
    Interruption.listen()
    let output = Output()
    var printer = Printer(showing: showing, showsEvents: showsEvents, target, get.client)
    let (present, revision) = try start(target)
    if showsPresent, !present.isEmpty {
      output.write(try printer.text(showing.sorted(present).map { (Change.added.rawValue, $0) }))
      output.flush()
    }
    let selection = try selection(target)
    let prefix = StoreKeys.prefix(target.resource.stored, namespace: target.namespace)
    var watch = Watch(get.client.cluster.store, below: prefix, after: revision)
    while !output.isClosed, output.failure == 0 {
      let events = try next(&watch)
      let changes = events.compactMap { change($0, target, selection) }
      if !changes.isEmpty {
        output.write(try printer.text(changes.map { ($0.0.rawValue, $0.1) }))
        output.flush()
      }
      guard !events.isEmpty || Interruption.wait(milliseconds: Self.waitMilliseconds) else {
        return
      }
      if Interruption.isWanted { return }
    }
    if let failure = output.failureText { throw CommandFailure(failure) }
  }

  /// What there is, and the revision that it was read at.
  private func start(_ target: Target) throws -> ([Value], Revision) {
    do throws(ClusterRefusal) {
      if target.name == nil {
        let collection = try get.client.collection(target, get.selectors)
        return (collection.items, Revision(collection.resourceVersion) ?? 0)
      }
      let object = try get.client.object(target)
      return ([object], Revision(object["metadata"]?["resourceVersion"]?.string ?? "") ?? 0)
    } catch {
      error.complain()
      throw ExitStatus.findings
    }
  }

  private func selection(_ target: Target) throws(CommandFailure) -> Selection {
    do throws(StatusError) {
      return try Selection(
        labels: get.selectors.labels, fields: get.selectors.fields, for: target.resource)
    } catch {
      throw CommandFailure(error.message)
    }
  }

  private func next(_ watch: inout Watch) throws -> [Event] {
    do throws(StoreError) {
      return try watch.next()
    } catch {
      throw CommandFailure(error)
    }
  }

  /// What an event means to somebody who sees only the selection: what leaves it is gone, what
  /// enters it is new.
  private func change(
    _ event: Event, _ target: Target, _ selection: Selection
  ) -> (Change, Value)? {
    if let name = target.name, StoreKeys.resourceKey(of: event.key)?.name != name { return nil }
    let previous = event.previous.flatMap { object($0, target) }
    let wasSelected = previous.map(selection.matches) ?? false
    guard case .put(let entry, _) = event, let object = object(entry, target) else {
      guard wasSelected, var gone = previous else { return nil }
      gone["metadata"]?["resourceVersion"] = .string(String(event.revision))
      return (.deleted, gone)
    }
    switch (wasSelected, selection.matches(object)) {
    case (true, true): return (.modified, object)
    case (false, true): return (.added, object)
    case (true, false): return (.deleted, object)
    case (false, false): return nil
    }
  }

  /// The object of an entry, in the version that was asked for.
  private func object(_ entry: Entry, _ target: Target) -> Value? {
    try? ObjectCodec.value(entry, in: target.resource)
  }

  /// Prints events one by one, with a single heading.
  private struct Printer {
    let showing: Showing
    let showsEvents: Bool
    let resource: ServedResource
    let tables: TableMaker
    private var table: TableText
    private var hasWritten = false

    init(
      showing: Showing, showsEvents: Bool, _ target: Target, _ client: ClusterClient
    ) {
      self.showing = showing
      self.showsEvents = showsEvents
      resource = target.resource
      tables = TableMaker(target.resource, client)
      var options = showing.table
      if showing.showsKind { options.namePrefix = target.resource.shownName("") }
      if !target.resource.isNamespaced { options.showsNamespace = false }
      table = TableText(options)
    }

    mutating func text(_ changes: [(kind: String, object: Value)]) throws(CommandFailure) -> String
    {
      if case .table = showing.form {
        let made = tables.table(of: changes.map(\.object))
        return withEvents(table.text(of: made), changes.map(\.kind))
      }
      var text = ""
      for change in changes {
        var one = showing
        if hasWritten { one.table.hasHeadings = false }
        if case .yaml = showing.form, hasWritten { text += "---\n" }
        text += try one.text(
          [showsEvents ? event(change) : change.object], of: [resource], isSingle: true)
        hasWritten = true
      }
      return text
    }

    /// The event as the API sends it.
    private func event(_ change: (kind: String, object: Value)) -> Value {
      switch showing.form {
      case .yaml, .json, .jsonPath, .jsonPathAsJSON:
        ["type": .string(change.kind), "object": showing.shown(change.object)]
      default: change.object
      }
    }

    /// Lines with what happened in front.
    private func withEvents(_ text: String, _ kinds: [String]) -> String {
      guard showsEvents else { return text }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      let words = lines.count > kinds.count ? ["EVENT"] + kinds : kinds
      return zip(words, lines).map { word, line in
        word + String(repeating: " ", count: 11 - word.count) + line + "\n"
      }.joined()
    }
  }
}
