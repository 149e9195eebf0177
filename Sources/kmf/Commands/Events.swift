import ArgumentParser
import ClusterAPI
import ClusterControl
import ManifestSyntax

/// `kmf events`.
struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what controllers told, the newest last.",
    discussion: """
      kmf events -n shop
      kmf events --for deploy/web --types Warning
      kmf events -A -o json

      Exit codes: 0 shown, 1 refused, 2 wrong usage, 3 internal error.
      """)

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The namespace to look in (default: default).", valueName: "name"))
  var namespace: String?

  @Flag(name: [.customShort("A"), .long], help: "Look in all namespaces.")
  var allNamespaces = false

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("Only events about this object.", valueName: "kind/name"))
  var subject: String?

  @Option(help: ArgumentHelp("Only these: Normal, Warning, or both.", valueName: "types"))
  var types: String?

  @OptionGroup(title: "Output") var form: ShowingOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    if allNamespaces, namespace != nil {
      throw CommandFailure("-n and --all-namespaces exclude each other")
    }
    let wanted = try self.wanted()
    let client = try place.client(for: .existing)
    guard let resource = client.catalog.preferred(.events) else {
      throw CommandFailure("the cluster serves no events")
    }
    let about = try subject.map { (text) throws(CommandFailure) in
      try Self.subject(text, namespace ?? "default", client)
    }
    let showing = try form.showing(isInAllNamespaces: allNamespaces)
    let target = Target(
      resource: resource, name: nil, namespace: allNamespaces ? nil : namespace ?? "default")
    var events: [Value]
    do throws(ClusterRefusal) {
      events = try client.collection(target, Selectors()).items
    } catch {
      error.complain()
      throw ExitStatus.findings
    }
    events = events.filter { event in
      (wanted.isEmpty || wanted.contains(event["type"]?.string ?? ""))
        && (about.map { $0.isSubject(of: event) } ?? true)
    }
    if form.sortBy == nil { events = Self.byTime(events) }
    let output = Output()
    if case .table = showing.form {
      if events.isEmpty {
        Complaint.writeLine("No events found")
      } else {
        var text = TableText(showing.table)
        output.write(
          text.text(of: TableMaker(resource, client).table(of: try showing.sorted(events))))
      }
    } else {
      output.write(
        try showing.text(
          try showing.sorted(events), of: events.map { _ in resource }, isSingle: false))
    }
    output.flush()
  }

  private func wanted() throws(CommandFailure) -> Set<String> {
    let words = (types ?? "").split(separator: ",").map(String.init)
    for word in words where !["Normal", "Warning"].contains(word) {
      throw CommandFailure("--types: '\(word)' is no type; write Normal, Warning or both")
    }
    return Set(words)
  }

  /// What events are about.
  private struct Subject {
    var kind: String
    var name: String

    func isSubject(of event: Value) -> Bool {
      let about = event["involvedObject"]
      return about?["kind"]?.string == kind && about?["name"]?.string == name
    }
  }

  private static func subject(
    _ text: String, _ namespace: String, _ client: ClusterClient
  ) throws(CommandFailure) -> Subject {
    let reader = ResourceWords(catalog: client.catalog, namespace: namespace)
    guard text.contains("/"), let target = try reader.targets([text]).first,
      let name = target.name
    else { throw CommandFailure("--for: '\(text)' is no KIND/NAME") }
    return Subject(kind: target.resource.kind, name: name)
  }

  /// The newest last; those of one second in the order of their writing.
  private static func byTime(_ events: [Value]) -> [Value] {
    events.enumerated().map { (order: $0, event: $1, time: time(of: $1), age: revision(of: $1)) }
      .sorted { ($0.time, $0.age, $0.order) < ($1.time, $1.age, $1.order) }.map(\.event)
  }

  private static func revision(of event: Value) -> Int64 {
    event["metadata"]?["resourceVersion"]?.string.flatMap { Int64($0) } ?? 0
  }

  /// RFC 3339 texts sort as the times do.
  static func time(of event: Value) -> String {
    let times = [
      event["series"]?["lastObservedTime"], event["lastTimestamp"], event["eventTime"],
      event["metadata"]?["creationTimestamp"],
    ]
    return times.compactMap { $0?.string }.first ?? ""
  }
}
