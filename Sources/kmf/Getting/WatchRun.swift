import ClusterAPI
import ClusterControl
import ClusterStore
import ControlPlane
import ManifestSchema
import ManifestSyntax
import ObjectPrinting

/// One run of `kmf get --watch`: what is there, then every change as it comes, until somebody
/// interrupts or nobody reads any more.
struct WatchRun {
  let get: GetRun
  let showing: Showing
  let showsPresent: Bool
  let showsEvents: Bool
  /// How much of the cluster's time passes meanwhile; nil to wait as long as somebody watches.
  let span: Duration?

  private static let waitMilliseconds: Int32 = 100

  func run(_ target: Target) throws {
    Interruption.listen()
    let output = Output()
    var printer = Printer(showing: showing, showsEvents: showsEvents, target, get.client)
    let (present, revision) = try start(target)
    if showsPresent, !present.isEmpty {
      output.write(
        try printer.text(showing.sorted(present).map { (WatchEvent.Kind.added.rawValue, $0) }))
      output.flush()
    }
    var watch = try begin(target, after: revision)
    if let span { return try follow(&watch, for: span, &printer, output) }
    var plane = OpenClusters.controlPlane(of: get.client.cluster)
    while !output.isClosed, output.failure == 0 {
      // Controllers act while somebody watches; where they cannot, others still write.
      _ = try? plane.catchUp()
      let events = watch.next()
      if let error = events.first(where: { $0.kind == .error }) {
        throw CommandFailure(error.object["message"]?.string ?? "the watch ended")
      }
      if !events.isEmpty {
        output.write(try printer.text(events.map { ($0.kind.rawValue, $0.object) }))
        output.flush()
      }
      guard !events.isEmpty || Interruption.wait(milliseconds: Self.waitMilliseconds) else {
        return
      }
      if Interruption.isWanted { return }
    }
    if let failure = output.failureText { throw CommandFailure(failure) }
  }

  /// Lets the cluster run, and shows what changes when it has been stored.
  private func follow(
    _ watch: inout ObjectWatch, for span: Duration, _ printer: inout Printer, _ output: Output
  ) throws {
    var plane = try OpenClusters.running(get.client.cluster, or: "no time passes in it")
    let deadline = plane.time.present.advanced(by: min(span, RolloutWait.longest))
    var isOver = false
    while !isOver, !output.isClosed, !Interruption.isWanted {
      do throws(StatusError) {
        // Up to the next moment at which something was written, so that each is shown in its turn.
        let before = plane.state?.revision
        let run = try plane.run(
          until: deadline, isDone: { state, _ in before.map { state.revision > $0 } ?? true })
        isOver = run.ending != .done
      } catch { throw CommandFailure(error) }
      while true {
        let events = watch.next()
        if events.isEmpty { break }
        output.write(try printer.text(events.map { ($0.kind.rawValue, $0.object) }))
      }
      output.flush()
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
      throw error.end
    }
  }

  private func begin(
    _ target: Target, after revision: Revision
  ) throws(CommandFailure) -> ObjectWatch {
    var query = WatchQuery(target.resource, namespace: target.namespace)
    query.name = target.name
    query.resourceVersion = revision
    do throws(StatusError) {
      query.selection = try Selection(
        labels: get.selectors.labels, fields: get.selectors.fields, for: target.resource)
      return try get.client.cluster.watch(query)
    } catch {
      throw CommandFailure(error)
    }
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
