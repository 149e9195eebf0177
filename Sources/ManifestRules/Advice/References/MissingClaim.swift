import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that mount a claim nobody makes.
struct MissingClaim: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REF009", "missing-claim", .warning, .recommended,
    "A pod mounts a PersistentVolumeClaim that is not in the repository.",
    why: """
      A pod whose claim does not exist is never scheduled. Claims that the templates of a \
      StatefulSet make are known.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - name: data
          persistentVolumeClaim:
            claimName: web-date # want: no PersistentVolumeClaim 'web-date' is in the repository
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: web-data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: backup}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: data, persistentVolumeClaim: {claimName: data-db-x}} # want: 'data-db-x'
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: backup}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: data, persistentVolumeClaim: {claimName: data-db-0}}
        - {name: own, ephemeral: {volumeClaimTemplate: {spec: {}}}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            containers: [{name: app, image: "postgres:17.6"}]
            volumes: [{name: data, persistentVolumeClaim: {claimName: replaced}}]
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        containers: [{name: app, image: "nginx:1.29.1"}]
        volumes:
        - {name: data, persistentVolumeClaim: {claimName: web-data}}
      --- # file: storage/claim.yaml
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: web-data, namespace: shop}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """,
    ])

  static let needs = ["persistentVolumeClaim"]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    // A template of that name takes the volume's place.
    var templates: Set<String> = []
    if pod.workload == .statefulSet, let spec = pod.object.node[.spec] {
      for template in spec.list("volumeClaimTemplates") {
        if let name = template[.metadata]?[.name]?.string { templates.insert(name) }
      }
    }
    for volume in pod.spec.node.list(.volumes) {
      guard let node = volume["persistentVolumeClaim"]?["claimName"], let name = node.string,
        !name.isEmpty, !templates.contains(volume[.name]?.string ?? "")
      else { continue }
      switch universe.find("PersistentVolumeClaim", name, for: pod.object) {
      case .missing:
        if isMadeByStatefulSet(name, near: pod.object, universe) { continue }
        let near = universe.name(
          meantBy: name, ofKind: "PersistentVolumeClaim", near: pod.object)
        report.flag(
          at: node, "no PersistentVolumeClaim '\(name)' is in the repository",
          help: near.map { "did you mean '\($0)'?" }
            ?? "add it, or declare it as external where something else makes it")
      case .elsewhere(let others):
        if isMadeByStatefulSet(name, near: pod.object, universe) { continue }
        let space = universe.namespace(of: pod.object) ?? ""
        report.flag(
          at: node, "no PersistentVolumeClaim '\(name)' is in namespace '\(space)'",
          related: others.prefix(3).map {
            report.related("there is one here", at: $0.place, of: $0)
          }
        )
      default: continue
      }
    }
  }

  /// Whether it is `TEMPLATE-SET-NUMBER` of a StatefulSet.
  private static func isMadeByStatefulSet(
    _ name: String, near object: AdviceObject, _ universe: Universe
  ) -> Bool {
    guard let dash = name.lastIndex(of: "-"), Int(name[name.index(after: dash)...]) != nil else {
      return false
    }
    let stem = name[..<dash]
    return universe.objects(ofKind: "StatefulSet").contains { set in
      guard universe.shareNamespace(set, object), let spec = set.node[.spec] else { return false }
      return spec.list("volumeClaimTemplates").contains { template in
        template[.metadata]?[.name]?.string.map { "\($0)-\(set.name)" == stem } ?? false
      }
    }
  }
}
