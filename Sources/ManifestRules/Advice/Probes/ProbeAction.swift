import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What a probe does, each part of it a text, so that two can be compared.
struct ProbeAction: Hashable {
  private let parts: [String]

  /// Nil where it does nothing that is known.
  init?(_ probe: NodeRef, in container: AdviceContainer) {
    guard let parts = Self.parts(probe, container) else { return nil }
    self.parts = parts
  }

  private static func parts(_ probe: NodeRef, _ container: AdviceContainer) -> [String]? {
    if let http = probe[.httpGet] {
      let headers = http.list("httpHeaders").map {
        "\($0[.name]?.string ?? ""): \($0[.value]?.string ?? "")"
      }
      return [
        "http", http["scheme"]?.string ?? "HTTP", http["host"]?.string ?? "",
        port(http["port"], container), http["path"]?.string ?? "/",
      ] + headers
    }
    if let tcp = probe[.tcpSocket] {
      return ["tcp", tcp["host"]?.string ?? "", port(tcp["port"], container)]
    }
    if let grpc = probe["grpc"] {
      return ["grpc", port(grpc["port"], container), grpc["service"]?.string ?? ""]
    }
    return probe["exec"].map { ["exec"] + $0.list(.command).compactMap(\.string) }
  }

  /// The number of a port; its name where no port has that.
  private static func port(_ node: NodeRef?, _ container: AdviceContainer) -> String {
    guard let node else { return "" }
    if let number = node.int64 { return String(number) }
    guard let name = node.string else { return "" }
    for port in container.node.list(.ports) where port[.name]?.string == name {
      if let number = port["containerPort"]?.int64 { return String(number) }
    }
    return name
  }
}
