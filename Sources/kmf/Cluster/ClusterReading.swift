import ClusterAPI
import ManifestSyntax

/// Which objects of a collection are meant.
struct Selectors {
  var labels = ""
  var fields = ""
  /// How many objects are asked for at once; 0 for all.
  var chunkSize = 500

  var isEmpty: Bool { labels.isEmpty && fields.isEmpty }
}

/// The objects of a collection.
struct Collection {
  var items: [Value] = []
  /// Where a watch goes on.
  var resourceVersion = ""
}

extension ClusterClient {
  /// The object that `target` names.
  func object(_ target: Target) throws(ClusterRefusal) -> Value {
    ManifestFiles.completed(
      try send("GET", target.path), apiVersion: target.resource.apiVersion,
      kind: target.resource.kind)
  }

  /// All objects of a collection, each with its kind.
  func collection(_ target: Target, _ selectors: Selectors) throws(ClusterRefusal) -> Collection {
    var collection = Collection()
    try pages(target, selectors) { page in
      collection.resourceVersion = page["metadata"]?["resourceVersion"]?.string ?? ""
      for item in page["items"]?.list ?? [] {
        collection.items.append(
          ManifestFiles.completed(
            item, apiVersion: target.resource.apiVersion, kind: target.resource.kind))
      }
    }
    return collection
  }

  /// Asks for a collection a page at a time.
  func pages(
    _ target: Target, _ selectors: Selectors, query: [(String, String)] = [],
    accept: String? = nil, _ take: (Value) -> Void
  ) throws(ClusterRefusal) {
    var token = ""
    repeat {
      let page = try send(
        "GET", target.path,
        query: [
          ("labelSelector", selectors.labels), ("fieldSelector", selectors.fields),
          ("limit", selectors.chunkSize > 0 ? "\(selectors.chunkSize)" : ""), ("continue", token),
        ] + query, accept: accept)
      take(page)
      token = page["metadata"]?["continue"]?.string ?? ""
    } while !token.isEmpty
  }

  /// The targets with every collection replaced by the objects in it.
  func expanded(_ targets: [Target], _ selectors: Selectors) throws(ClusterRefusal) -> [Target] {
    var result: [Target] = []
    for target in targets {
      guard target.name == nil else {
        result.append(target)
        continue
      }
      for item in try collection(target, selectors).items {
        var object = target
        object.name = item["metadata"]?["name"]?.string
        object.namespace = item["metadata"]?["namespace"]?.string
        object.object = item
        result.append(object)
      }
    }
    return result
  }
}
