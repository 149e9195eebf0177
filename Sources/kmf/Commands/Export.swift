import ArgumentParser
import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestSyntax
import ObjectPrinting

/// `kmf export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the objects of a cluster, for 'kmf import'.",
    discussion: """
      kmf export >cluster.yaml
      kmf export deployments,services -n shop -o json

      Objects come as they are stored, all of one moment, in an order in which they can be brought \
      in; resource versions stay behind. Secrets are printed with their values.

      Exit codes: 0 printed, 2 wrong usage, 3 internal error.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case yaml, json }

  @Argument(help: "The kinds to print, separated by commas; all without it.")
  var kinds: String?

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Only objects of this namespace.", valueName: "name"))
  var namespace: String?

  @Option(name: [.short, .long], help: "yaml, or json: a List.")
  var output: Format = .yaml

  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let cluster = try place.cluster(for: .existing)
    var objects: [Value] = []
    do {
      let prefixes = try self.prefixes(cluster)
      let revision = try cluster.store.currentRevision()
      for prefix in prefixes {
        var query: ListQuery? = ListQuery(prefix: prefix, at: revision, limit: 500)
        while let asked = query {
          let page = try cluster.store.list(asked)
          for entry in page.entries where isWanted(entry) {
            var object = try ObjectCodec.value(entry)
            object["metadata"]?["resourceVersion"] = nil
            objects.append(object)
          }
          query = page.next(of: asked)
        }
      }
    } catch let error as StoreError {
      throw CommandFailure(error)
    } catch let error as StatusError {
      throw CommandFailure(error.message, help: error.remedy ?? "run 'kmf cluster check'")
    }
    try print(ImportOrder.positions(of: objects).map { objects[$0] })
  }

  /// What the keys of the wanted kinds begin with.
  private func prefixes(_ cluster: LocalCluster) throws -> [String] {
    guard let kinds else { return [StoreKeys.objects] }
    let catalog = try cluster.read { (session) throws(StatusError) in session.catalog }
    return try ResourceWords(catalog: catalog, namespace: nil).resources(kinds)
      .map { StoreKeys.prefix($0.stored, namespace: nil) }
  }

  private func isWanted(_ entry: Entry) -> Bool {
    namespace == nil || StoreKeys.resourceKey(of: entry.key)?.namespace == namespace
  }

  private func print(_ objects: [Value]) throws(CommandFailure) {
    let text = Output()
    switch output {
    case .yaml:
      for (index, object) in objects.enumerated() {
        if index > 0 { text.writeLine("---") }
        text.write(ObjectText.yaml(object))
      }
    case .json: text.writeLine(ObjectText.json(ObjectText.list(objects)))
    }
    text.flush()
    if let failure = text.failureText { throw CommandFailure(failure) }
  }
}
