import ClusterAPI
import InputFiles
import ManifestRules
import ManifestSyntax

/// An object of a file, with where it begins.
struct FileObject {
  var value: Value
  var place: String
}

/// Reads the objects of files for commands that send them to a cluster.
enum ManifestFiles {
  /// Every object in `paths`, in order; the items of lists one by one.
  ///
  /// - Throws: for the first file or document that cannot be read: half of an input is worse than
  ///   none.
  static func objects(_ paths: [String]) throws(CommandFailure) -> [FileObject] {
    var objects: [FileObject] = []
    for source in try Reading.required(all: paths, purpose: "input") {
      let lines = LineTable(source)
      for document in documents(of: source) {
        if let found = document.diagnostics.first(where: { $0.severity == .error }) {
          let error = Discretion.ofBroken(found, in: source)
          let position = lines.position(of: error.span?.start ?? document.span.start)
          throw CommandFailure(
            "\(source.name):\(position.line):\(position.column): \(error.message)",
            help: error.help)
        }
        guard let tree = document.tree, !document.isEmpty else { continue }
        let line = lines.position(of: document.span.start).line
        let place = "\(source.name):\(line)"
        try add(tree.value(), place, to: &objects)
      }
    }
    return objects
  }

  private static func documents(of source: SourceText) -> [ParsedDocument] {
    var documents: [ParsedDocument] = []
    SourceDocuments.forEach(in: source) { documents.append($0) }
    return documents
  }

  private static func add(
    _ value: Value, _ place: String, to objects: inout [FileObject]
  ) throws(CommandFailure) {
    if value == .null { return }
    guard let kind = value["kind"]?.string, let apiVersion = value["apiVersion"]?.string else {
      throw CommandFailure("\(place): this is no object: it has no apiVersion and kind")
    }
    guard kind.hasSuffix("List"), case .list(let items)? = value["items"] else {
      objects.append(FileObject(value: value, place: place))
      return
    }
    for (index, item) in items.enumerated() {
      var item = item
      // The items of a list of one kind need not repeat it.
      if kind != "List", item.map != nil {
        item = completed(item, apiVersion: apiVersion, kind: String(kind.dropLast(4)))
      }
      try add(item, "\(place) item \(index)", to: &objects)
    }
  }

  /// `object` with its kind in front, where it lacks that.
  static func completed(_ object: Value, apiVersion: String, kind: String) -> Value {
    guard let map = object.map, map["kind"] == nil || map["apiVersion"] == nil else {
      return object
    }
    var entries: [(key: String, value: Value)] = [
      ("apiVersion", .string(apiVersion)), ("kind", .string(kind)),
    ]
    entries += map.entries.map { ($0.key, $0.value) }
    return .map(ValueMap(entries))
  }
}

extension ResourceWords {
  /// The targets that objects of files are.
  ///
  /// - Parameter isNamespaceFixed: Whether the namespace was asked for; an object that names
  ///   another one is refused then.
  func targets(
    _ objects: [FileObject], isNamespaceFixed: Bool
  ) throws(CommandFailure) -> [Target] {
    try objects.map { (object) throws(CommandFailure) in
      let kind = object.value["kind"]?.string ?? ""
      let apiVersion = object.value["apiVersion"]?.string ?? ""
      guard let resource = catalog.resource(apiVersion: apiVersion, kind: kind) else {
        throw CommandFailure(
          "\(object.place): the cluster has no kind '\(kind)' in '\(apiVersion)'",
          help: "create its CustomResourceDefinition first")
      }
      let own = object.value["metadata"]?["namespace"]?.string
      if isNamespaceFixed, resource.isNamespaced, let own, let namespace, own != namespace {
        throw CommandFailure(
          "\(object.place): the object is in namespace '\(own)', not in '\(namespace)'",
          help: "leave out -n, or the namespace of the object")
      }
      return Target(
        resource: resource, name: object.value["metadata"]?["name"]?.string,
        namespace: resource.isNamespaced ? own ?? namespace ?? "default" : nil,
        object: object.value)
    }
  }
}
