import ClusterAPI
import ManifestSyntax

/// One thing that a command is asked to work on: an object, or a collection.
struct Target {
  var resource: ServedResource
  /// nil for all objects that the selectors choose.
  var name: String?
  /// nil for all namespaces, and for what belongs to none.
  var namespace: String?
  /// The object itself, where it comes from a file.
  var object: Value?

  var path: String { ClusterClient.path(resource, namespace: namespace, name: name) }
  var shownName: String { resource.shownName(name ?? "") }
}

/// What the words of a command mean: `pods`, `deploy/web svc/web`, `pods,services -l app=web`.
struct ResourceWords {
  let catalog: ResourceCatalog
  /// nil for all.
  var namespace: String?

  /// What `words` ask for.
  func targets(_ words: [String]) throws(CommandFailure) -> [Target] {
    guard let first = words.first else {
      throw CommandFailure("nothing is named", help: "name a kind, as in 'pods' or 'deploy/web'")
    }
    var targets: [Target] = []
    guard words.contains(where: { $0.contains("/") }) else {
      let kinds = try resources(first)
      if words.count == 1 { return kinds.map { target($0, nil) } }
      for kind in kinds {
        for name in words.dropFirst() { targets.append(try named(kind, name)) }
      }
      return targets
    }
    for word in words {
      let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw CommandFailure(
          "'\(word)' is no object", help: "write KIND/NAME for each, or KIND NAME NAME")
      }
      for kind in try resources(parts[0]) { targets.append(try named(kind, parts[1])) }
    }
    return targets
  }

  /// What the kinds in `word` mean, separated by commas; categories such as `all` among them.
  func resources(_ word: String) throws(CommandFailure) -> [ServedResource] {
    var found: [ServedResource] = []
    for part in word.split(separator: ",", omittingEmptySubsequences: false) {
      let named = catalog.resources(named: String(part))
      let wanted =
        named.first.map { [$0] }
        ?? catalog.resources(inCategory: part.lowercased()).filter { $0.allows("list") }
      guard !wanted.isEmpty else { throw unknown(String(part)) }
      for resource in wanted where !found.contains(resource) { found.append(resource) }
    }
    return found
  }

  private func unknown(_ word: String) -> CommandFailure {
    guard !word.isEmpty else { return CommandFailure("the name of a kind is empty") }
    let words = Set(
      catalog.resources.flatMap { [$0.plural, $0.singular, $0.kind.lowercased()] + $0.shortNames })
    let near = NearestWord.of(word, among: words.sorted()).map { "; did you mean '\($0)'?" } ?? ""
    return CommandFailure(
      "the cluster has no kind '\(word)'\(near)", help: "'kmf kinds' lists those that are built in")
  }

  private func named(_ resource: ServedResource, _ name: String) throws(CommandFailure) -> Target {
    guard !name.isEmpty else { throw CommandFailure("the name of a \(resource.kind) is empty") }
    guard !resource.isNamespaced || namespace != nil else {
      throw CommandFailure(
        "an object has one name in one namespace, so '\(name)' does not go with --all-namespaces",
        help: "name its namespace with -n")
    }
    return target(resource, name)
  }

  private func target(_ resource: ServedResource, _ name: String?) -> Target {
    Target(
      resource: resource, name: name, namespace: resource.isNamespaced ? namespace : nil)
  }
}
