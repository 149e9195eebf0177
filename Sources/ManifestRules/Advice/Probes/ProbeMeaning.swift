import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What a probe does, with the defaults filled in, so that two can be compared.
struct ProbeMeaning: Hashable {
  /// What is done, each part of it a text.
  let action: [String]
  let delay: Int64
  let period: Int64
  let timeout: Int64
  let failures: Int64
  let successes: Int64

  /// Nil where it does nothing that is known.
  init?(_ probe: NodeRef, in container: AdviceContainer) {
    guard let action = Self.action(probe, container) else { return nil }
    self.action = action
    delay = max(probe["initialDelaySeconds"]?.int64 ?? 0, 0)
    period = Self.number(probe["periodSeconds"], standard: 10)
    timeout = Self.number(probe["timeoutSeconds"], standard: 1)
    failures = Self.number(probe["failureThreshold"], standard: 3)
    successes = Self.number(probe["successThreshold"], standard: 1)
  }

  /// When the container can be killed at the earliest, in seconds from its start.
  var firstKill: Double { Double(delay) + Double(failures - 1) * Double(period) }

  /// When the container can be ready at the earliest.
  var firstSuccess: Double { Double(delay) + Double(successes - 1) * Double(period) }

  private static func number(_ node: NodeRef?, standard: Int64) -> Int64 {
    // Zero stands for what holds where nothing is written.
    guard let number = node?.int64, number > 0 else { return standard }
    return number
  }

  private static func action(_ probe: NodeRef, _ container: AdviceContainer) -> [String]? {
    if let http = probe["httpGet"] {
      let headers = http.list("httpHeaders").map {
        "\($0["name"]?.string ?? ""): \($0["value"]?.string ?? "")"
      }
      return [
        "http", http["scheme"]?.string ?? "HTTP", http["host"]?.string ?? "",
        port(http["port"], container), http["path"]?.string ?? "/",
      ] + headers
    }
    if let tcp = probe["tcpSocket"] {
      return ["tcp", tcp["host"]?.string ?? "", port(tcp["port"], container)]
    }
    if let grpc = probe["grpc"] {
      return ["grpc", port(grpc["port"], container), grpc["service"]?.string ?? ""]
    }
    return probe["exec"].map { ["exec"] + $0.list("command").compactMap(\.string) }
  }

  /// The number of a port; its name where no port has that.
  private static func port(_ node: NodeRef?, _ container: AdviceContainer) -> String {
    guard let node else { return "" }
    if let number = node.int64 { return String(number) }
    guard let name = node.string else { return "" }
    for port in container.node.list("ports") where port["name"]?.string == name {
      if let number = port["containerPort"]?.int64 { return String(number) }
    }
    return name
  }
}
