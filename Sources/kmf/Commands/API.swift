import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// `kmf api`.
struct API: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "api",
    abstract: "Answer a request of the Kubernetes API from a cluster, in this process.",
    discussion: """
      kmf api GET /api/v1/namespaces/default/pods
      kmf api POST /apis/apps/v1/namespaces/default/deployments --data web.yaml
      kmf api PATCH '/apis/apps/v1/namespaces/default/deployments/web?fieldManager=me' \
      --content-type application/apply-patch+yaml --data web.yaml

      The body of the answer goes to standard output; with a refusal the command ends with 1.

      --batch takes one request per line, as JSON: {"method": "GET", "path": "/version"}, and \
      where they are needed "contentType", "accept", "userAgent" and "body" (a JSON value, or a \
      string of text). Each line is answered by one: {"code": 200, "body": ...}, with "warnings" \
      where there are any.
      """)

  @Argument(help: "GET, POST, PUT, PATCH or DELETE.")
  var method: String?

  @Argument(help: "The path with its query: '/api/v1/pods?limit=500'.")
  var path: String?

  @Option(
    help: ArgumentHelp("Send this file as the body; '-' is standard input.", valueName: "file"),
    completion: .file())
  var data: String?

  @Option(
    help: ArgumentHelp(
      "What the body is; told from its first letter where nothing is said.", valueName: "type"))
  var contentType: String?

  @Option(help: ArgumentHelp("The forms of the answer to choose from.", valueName: "types"))
  var accept: String?

  @Flag(help: "Print the status code and the warnings before the body.")
  var include = false

  @Option(
    help: ArgumentHelp(
      "Answer the requests of this file, one a line; '-' is standard input.", valueName: "file"),
    completion: .file(extensions: ["jsonl"]))
  var batch: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Leave these admission plugins out: ServiceAccount,Priority; 'pods' means all about pods.",
      valueName: "names"))
  var disableAdmissionPlugins: [String] = []

  @OptionGroup var cluster: ClusterOptions

  func validate() throws {
    if batch != nil {
      guard method == nil, path == nil, data == nil else {
        throw ValidationError("--batch takes its requests from the file alone")
      }
    } else if method == nil || path == nil {
      throw ValidationError("name a method and a path, as in: kmf api GET /api/v1/namespaces")
    }
  }

  func run() throws {
    let plugins = disableAdmissionPlugins.flatMap {
      $0.split(separator: ",").map(String.init)
    }
    let isRead = batch == nil && method?.uppercased() == "GET"
    let local = try cluster.place().cluster(
      for: isRead ? .existing : .writing, withoutAdmission: plugins)
    if let batch { return try RequestBatch(cluster: local).run(batch) }
    try answer(local)
  }

  private func answer(_ local: LocalCluster) throws {
    let body = try data.map { try RequestBatch.bytes(of: $0) } ?? []
    var request = APIRequest(
      method: method ?? "GET", target: path ?? "/", contentType: contentType, accept: accept,
      body: body)
    if request.contentType == nil, !body.isEmpty { request.contentType = Self.guess(body) }
    request.userAgent = "kmf/\(Version.text)"
    if try watch(request, local) { return }
    let response = local.answer(request)
    let output = Output()
    if include {
      output.writeLine("\(response.code)")
      for warning in response.warnings { output.writeLine("Warning: \(warning)") }
      output.writeLine("")
    }
    output.write(bytes: response.body)
    if response.body.last != 0x0A { output.writeLine("") }
    output.flush()
    if response.code >= 400 { throw ExitStatus.findings }
  }

  /// Prints the events of a watch as they come, if the request asks for one.
  private func watch(_ request: APIRequest, _ local: LocalCluster) throws -> Bool {
    let output = Output()
    do throws(StatusError) {
      guard var watch = try local.watch(request) else { return false }
      Interruption.listen()
      while !output.isClosed, output.failure == 0, !watch.isEnded {
        let events = watch.next()
        for event in events {
          output.write(bytes: JSONWriter.bytes(event.value))
          output.writeLine("")
        }
        output.flush()
        if Interruption.isWanted { break }
        guard !events.isEmpty || Interruption.wait(milliseconds: 100) else { break }
      }
    } catch {
      output.write(bytes: APIResponse(error).body)
      output.writeLine("")
      output.flush()
      throw ExitStatus.findings
    }
    return true
  }

  private static func guess(_ body: [UInt8]) -> String {
    let first = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
      ? "application/json" : "application/yaml"
  }
}

/// Answers requests that come one a line.
struct RequestBatch {
  let cluster: LocalCluster

  func run(_ file: String) throws {
    let output = Output()
    if file == "-" {
      while let line = readLine(strippingNewline: true), !output.isClosed {
        answer(Array(line.utf8)[...], to: output)
        // Whoever sends requests may wait for each answer.
        output.flush()
      }
    } else {
      for line in try Self.bytes(of: file).split(separator: 0x0A) where !output.isClosed {
        answer(line, to: output)
      }
    }
    output.flush()
  }

  /// The bytes of a file, or of standard input.
  static func bytes(of path: String) throws -> [UInt8] {
    if path == "-" {
      var bytes: [UInt8] = []
      while let line = readLine(strippingNewline: false) { bytes += Array(line.utf8) }
      return bytes
    }
    let source = try Reading.required(path, purpose: "the requests")
    // The bytes last as long as the source does.
    return withExtendedLifetime(source) { Array(source.bytes) }
  }

  private func answer(_ line: ArraySlice<UInt8>, to output: Output) {
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return }
    guard let request = Self.request(Array(line)) else {
      output.writeLine(
        #"{"code":400,"body":{"kind":"Status","apiVersion":"v1","metadata":{},"#
          + #""status":"Failure","message":"the line is no request: write an object with "#
          + #"'method' and 'path'","reason":"BadRequest","code":400}}"#)
      return
    }
    let response = cluster.answer(request)
    var bytes = Array("{\"code\":\(response.code),\"body\":".utf8)
    let isJSON = response.contentType.hasPrefix(APIResponse.json)
    if isJSON, response.contentType != APIResponse.jsonLines {
      bytes += response.body
    } else {
      JSONWriter.append(String(decoding: response.body, as: UTF8.self), to: &bytes)
    }
    if !response.warnings.isEmpty {
      bytes += Array(",\"warnings\":".utf8)
      bytes += JSONWriter.bytes(.list(response.warnings.map(Value.string)))
    }
    bytes += [0x7D, 0x0A]
    output.write(bytes: bytes)
  }

  private static func request(_ line: [UInt8]) -> APIRequest? {
    let source = SourceText(name: "<request>", bytes: line)
    guard let tree = JSONReader.read(source).tree,
      let method = tree.value(.root, "method").map(tree.string),
      let path = tree.value(.root, "path").map(tree.string)
    else { return nil }
    func text(_ name: String) -> String? {
      tree.value(.root, name).flatMap { tree.kind($0) == .string ? tree.string($0) : nil }
    }
    var request = APIRequest(
      method: method, target: path, contentType: text("contentType"), accept: text("accept"))
    request.userAgent = text("userAgent") ?? "kmf/\(Version.text)"
    if let body = tree.value(.root, "body"), tree.kind(body) != .null {
      request.body =
        tree.kind(body) == .string
        ? Array(tree.string(body).utf8) : Array(source.text(tree.span(body)).utf8)
    }
    return request
  }
}
