import ClusterAPI
import ManifestSyntax

/// What a cluster answered when it refused; each is told, and the command goes on with the rest.
struct ClusterRefusal: Error {
  var code: Int
  var reason: String
  /// As the API states it; it never holds a secret's value.
  var message: String
  /// What to do where the store is to blame, which no other request will fare better with.
  var help: String?

  /// How the command ends: a store that cannot be used is no answer of the cluster.
  var end: ExitStatus { help == nil ? .findings : .usage }

  /// Whether the thing asked for is not there.
  var isNotFound: Bool { code == 404 }

  /// Says it on standard error.
  func complain() { CommandFailure(message, help: help).complain() }
}

/// Speaks to a cluster as any client does: requests and answers, without a wire between.
struct ClusterClient {
  let cluster: LocalCluster
  /// What the cluster served when it was asked.
  let catalog: ResourceCatalog

  init(_ cluster: LocalCluster) throws(CommandFailure) {
    self.cluster = cluster
    do throws(StatusError) {
      catalog = try cluster.read { (session) throws(StatusError) in session.catalog }
    } catch {
      throw CommandFailure(error.message, help: error.remedy ?? "run 'kmf cluster check'")
    }
  }

  /// The same, knowing the kinds that there are now.
  func refreshed() throws(CommandFailure) -> ClusterClient { try ClusterClient(cluster) }

  /// The answer's object.
  ///
  /// - Parameter query: Items with an empty value are left out.
  func send(
    _ method: String, _ path: String, query: [(String, String)] = [], contentType: String? = nil,
    accept: String? = nil, body: [UInt8] = []
  ) throws(ClusterRefusal) -> Value {
    var target = path
    for (name, value) in query where !value.isEmpty {
      target += target.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
      target += "\(name)=\(Self.escaped(value))"
    }
    var request = APIRequest(
      method: method, target: target, contentType: contentType, accept: accept, body: body)
    request.userAgent = "kmf/\(Version.text)"
    let response = cluster.answer(request)
    for warning in response.warnings { Complaint.writeLine("kmf: warning: \(warning)") }
    let value = JSONReader.read(SourceText(name: path, bytes: response.body)).tree?.value()
    guard response.code < 400 else { throw Self.refusal(response.code, value) }
    return value ?? .null
  }

  private static func refusal(_ code: Int, _ status: Value?) -> ClusterRefusal {
    let remedy = status?["details"]?["causes"]?.list?.first {
      $0["reason"]?.string == StatusError.remedyReason
    }
    return ClusterRefusal(
      code: code, reason: status?["reason"]?.string ?? "",
      message: status?["message"]?.string ?? "the cluster answered \(code)",
      help: remedy?["message"]?.string)
  }

  /// The object that a write sends.
  func send(
    _ method: String, _ path: String, query: [(String, String)] = [],
    contentType: String = APIResponse.json, _ body: Value
  ) throws(ClusterRefusal) -> Value {
    try send(
      method, path, query: query, contentType: contentType, body: JSONWriter.bytes(body))
  }

  /// The path of a collection or, with a name, of an object or one of its subresources.
  static func path(
    _ resource: ServedResource, namespace: String?, name: String? = nil, subresource: String? = nil
  ) -> String {
    var path = resource.group.isEmpty ? "/api/" : "/apis/\(resource.group)/"
    path += resource.version
    if resource.isNamespaced, let namespace { path += "/namespaces/\(escaped(namespace))" }
    path += "/\(resource.plural)"
    if let name { path += "/\(escaped(name))" }
    if let subresource { path += "/\(escaped(subresource))" }
    return path
  }

  /// `text` with everything escaped that means something in a path or query.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        escaped.append(Character(Unicode.Scalar(byte)))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        escaped += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return escaped
  }
}

extension ServedResource {
  /// `pod/web`, `deployment.apps/web`: how messages and `-o name` call an object.
  func shownName(_ name: String) -> String { "\(shownKind)/\(name)" }

  /// `pod`, `deployment.apps`.
  var shownKind: String { group.isEmpty ? singularName : "\(singularName).\(group)" }

  private var singularName: String { singular.isEmpty ? kind.lowercased() : singular }
}
