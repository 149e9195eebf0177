import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf patch`.
struct Patch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Change fields of objects by a patch.",
    discussion: """
      kmf patch deploy web -p '{"spec": {"replicas": 3}}'
      kmf patch svc/web --type json -p '[{"op": "remove", "path": "/spec/selector/tier"}]'
      kmf patch node n1 --patch-file status.yaml --subresource status

      A patch is JSON or YAML. Custom kinds know no strategic merge; use --type merge for them.

      Exit codes: 0 patched, 1 not found or refused, 2 wrong usage, 3 internal error.
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case strategic, merge, json

    var contentType: String {
      switch self {
      case .strategic: "application/strategic-merge-patch+json"
      case .merge: "application/merge-patch+json"
      case .json: "application/json-patch+json"
      }
    }
  }

  @Argument(help: "A kind and names, or KIND/NAME for each.")
  var words: [String] = []

  @Option(help: "What kind of patch it is: strategic, merge or json.")
  var type: Kind = .strategic

  @Option(
    name: [.customShort("p"), .long],
    help: ArgumentHelp("The patch, as JSON or YAML.", valueName: "text"))
  var patch: String?

  @Option(
    help: ArgumentHelp("A file with the patch; '-' for standard input.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var patchFile: String?

  @Option(help: ArgumentHelp("Patch status, scale or resize instead.", valueName: "name"))
  var subresource: String?

  @OptionGroup(title: "Objects") var objects: TargetOptions
  @OptionGroup(title: "Change") var change: ChangeOptions
  @OptionGroup(title: "Cluster") var place: ClusterOptions

  func run() throws {
    let body = JSONWriter.bytes(try patchValue())
    let changes = try change.changes()
    let client = try place.client(for: .existing)
    let targets = try objects.chosenTargets(words, all: false, in: client)
    try changes.forEach(targets) { target in
      for target in try client.expanded([target], objects.selectors) {
        let before = try client.object(target)
        let path = ClusterClient.path(
          target.resource, namespace: target.namespace, name: target.name,
          subresource: subresource)
        let after = try client.send(
          "PATCH", path, query: change.query("patch"), contentType: type.contentType, body: body)
        let isSame = Self.revision(before) == Self.revision(after) && !change.dryRun
        try changes.tell(target, isSame ? "patched (no change)" : "patched", after)
      }
    }
    try changes.end()
  }

  private static func revision(_ object: Value) -> String? {
    object["metadata"]?["resourceVersion"]?.string
  }

  private func patchValue() throws(CommandFailure) -> Value {
    let source: SourceText
    switch (patch, patchFile) {
    case (let text?, nil): source = SourceText(name: "--patch", text)
    case (nil, let file?):
      guard let first = try Reading.required(all: [file], purpose: "patch").first else {
        throw CommandFailure("patch: '\(file)' cannot be read")
      }
      source = first
    default: throw CommandFailure("a patch is given by -p or by --patch-file")
    }
    return try SingleDocument.value(of: source)
  }
}

/// A text that is one YAML or JSON document.
enum SingleDocument {
  static func value(of source: SourceText) throws(CommandFailure) -> Value {
    // JSON has escapes that YAML does not know.
    if let tree = JSONReader.read(source).tree { return tree.value() }
    var reader = DocumentReader(source)
    var value: Value?
    while let document = reader.next() {
      if let error = document.diagnostics.first(where: { $0.severity == .error }) {
        let start = error.span?.start ?? document.span.start
        let position = LineTable(source).position(of: start)
        throw CommandFailure(
          "\(source.name):\(position.line):\(position.column): \(error.message)", help: error.help)
      }
      guard let tree = document.tree, !document.isEmpty else { continue }
      guard value == nil else { throw CommandFailure("\(source.name) has more than one document") }
      value = tree.value()
    }
    guard let value, value != .null else { throw CommandFailure("\(source.name) is empty") }
    return value
  }
}
