import ClusterAPI
import ManifestSyntax
import ObjectPrinting

/// One run of `kmf get` without a watch.
struct GetRun {
  let client: ClusterClient
  let targets: [Target]
  let selectors: Selectors
  let subresource: String?
  let ignoresMissing: Bool
  /// For the word on an empty answer.
  let namespace: String

  /// The objects of one kind, in the order in which they were asked for.
  private struct Group {
    var resource: ServedResource
    var objects: [Value]
  }

  func run(_ showing: Showing) throws {
    var end = ExitStatus.clean
    var groups: [Group] = []
    for target in targets {
      do throws(ClusterRefusal) {
        let objects = try self.objects(target)
        if let last = groups.last, last.resource == target.resource {
          groups[groups.count - 1].objects += objects
        } else {
          groups.append(Group(resource: target.resource, objects: objects))
        }
      } catch {
        if error.isNotFound, ignoresMissing, target.name != nil { continue }
        error.complain()
        end = end.combined(with: error.end)
        if error.help != nil { break }
      }
    }
    let isRefused = end != .clean
    let output = Output()
    defer { output.flush() }
    if case .table = showing.form {
      output.write(try tables(groups, showing))
      if !isRefused, groups.allSatisfy({ $0.objects.isEmpty }), !isSilent { tellNothing() }
    } else if !(groups.isEmpty && (isRefused || ignoresMissing)) {
      output.write(try documents(groups, showing))
    }
    output.flush()
    if let failure = output.failureText { throw CommandFailure(failure) }
    if isRefused { throw end }
  }

  private var isSilent: Bool { ignoresMissing && targets.contains { $0.name != nil } }

  /// What one target means: an object, or those of a collection.
  func objects(_ target: Target) throws(ClusterRefusal) -> [Value] {
    guard target.name != nil else {
      guard subresource == nil else {
        throw ClusterRefusal(
          code: 400, reason: "BadRequest", message: "a subresource belongs to one object: name it")
      }
      return try client.collection(target, selectors).items
    }
    guard let subresource else { return [try client.object(target)] }
    let path = ClusterClient.path(
      target.resource, namespace: target.namespace, name: target.name, subresource: subresource)
    return [try client.send("GET", path)]
  }

  private func documents(_ groups: [Group], _ showing: Showing) throws -> String {
    let resources = groups.flatMap { group in group.objects.map { _ in group.resource } }
    let objects = groups.flatMap(\.objects)
    let isSingle = targets.count == 1 && targets[0].name != nil
    guard let order = showing.order else {
      return try showing.text(objects, of: resources, isSingle: isSingle)
    }
    let positions: [Int]
    do throws(JSONPathError) {
      positions = try order.positions(of: objects)
    } catch {
      throw CommandFailure("--sort-by: \(error.message)")
    }
    return try showing.text(
      positions.map { objects[$0] }, of: positions.map { resources[$0] }, isSingle: isSingle)
  }

  /// A table for each kind that has objects, with an empty line between.
  private func tables(_ groups: [Group], _ showing: Showing) throws(CommandFailure) -> String {
    let kinds = Set(targets.map { $0.resource.resource })
    var texts: [String] = []
    for group in groups where !group.objects.isEmpty {
      var options = showing.table
      if kinds.count > 1 || showing.showsKind { options.namePrefix = group.resource.shownName("") }
      if !group.resource.isNamespaced { options.showsNamespace = false }
      var text = TableText(options)
      let table = TableMaker(group.resource, client).table(of: try showing.sorted(group.objects))
      texts.append(text.text(of: table))
    }
    return texts.joined(separator: "\n")
  }

  private func tellNothing() {
    let isNamespaced = targets.contains { $0.resource.isNamespaced && $0.namespace != nil }
    Complaint.writeLine(
      isNamespaced ? "No resources found in \(namespace) namespace." : "No resources found")
  }
}
