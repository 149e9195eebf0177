import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags images from registries that are not allowed.
struct RegistryPolicy: PodUniverseAdvice {
  static let about = AdviceDescription(
    "IMG004", "registry-policy", .warning, .optional,
    "An image comes from a registry that is not allowed.",
    why: """
      A team that mirrors or signs its images can say which registries they come from. Names \
      without a registry stand for docker.io. An entry allows a host, or a host with the beginning \
      of a path; `*` stands for any text. Without entries nothing is flagged.
      """,
    parameters: [
      AdviceParameter(
        "allowed-registries", .list([]), "hosts, or hosts with the beginning of a path")
    ],
    bad: [
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: nginx:1.29.1 # want: the registry of 'docker.io/library/nginx' is not allowed
          - {name: other, image: "registry.example.com/shop/web:1.0"}
        """, set: ["allowed-registries": "registry.example.com"]),
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - name: app
            image: ghcr.io/someone/web:1.0 # want: the registry of 'ghcr.io/someone/web' is not allowed
        """, set: ["allowed-registries": "ghcr.io/shop,*.example.com"]),
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: app, image: "ghcr.io/shop/web:1.0"}
          - {name: other, image: "eu.example.com/web:1.0"}
          - {name: hub, image: "nginx:1.29.1"}
        """, set: ["allowed-registries": "ghcr.io/shop,*.example.com,docker.io/library"]),
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    let allowed = report.list("allowed-registries").filter { !$0.isEmpty }
    guard !allowed.isEmpty else { return }
    for image in pod.images {
      let name = image.fullName
      let isAllowed = allowed.contains { entry in
        let entry = entry.hasSuffix("/") ? String(entry.dropLast()) : entry
        return name == entry || Wildcard.matches(name, (entry + "/*")[...])
      }
      if isAllowed || universe.isOverlaid("newName:", image.reference.name) { continue }
      report.flag(
        at: image.node, "the registry of '\(name)' is not allowed",
        help: "use \(allowed.joined(separator: ", "))")
    }
  }
}
