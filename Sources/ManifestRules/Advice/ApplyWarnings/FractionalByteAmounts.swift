import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags amounts of bytes that are no whole number.
struct FractionalByteAmounts: PodAdvice, ObjectAdvice {
  static let about = AdviceDescription(
    "APW001", "fractional-bytes", .error, .recommended, fix: .hint,
    "An amount of memory or storage is a fraction of a byte.",
    why: """
      `m` stands for a thousandth: `memory: 128m` is an eighth of a byte. The server takes it with \
      a warning, and the container is killed at once or gets no memory reserved.
      """,
    supersedes: ["WRN-17", "WRN-28", "WRN-29"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          resources:
            limits:
              memory: 128m # want: '128m' is a fraction of a byte
              cpu: 128m
      """,
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1500m}} # want: '1500m' is a fraction of a byte
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - name: setup
          image: busybox:1.37
          resources: {requests: {ephemeral-storage: "0.5"}} # want: '0.5' is a fraction of a byte
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          resources: {limits: {memory: 128M, cpu: 128m}, requests: {memory: 1.5Gi, cpu: "0.5"}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          resources: {limits: {memory: 128000m, example.com/gpu: 500m}}
      """,
    ])

  static var subjects: [AdviceSubject] { [.pod(Self.self), .object(Self.self)] }

  static let needs = ["resources", "overhead"]

  static let kinds = ["PersistentVolumeClaim", "StatefulSet"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers { check(container.node[.resources], into: &report) }
    check(pod.spec.node[.resources], into: &report)
    check(amounts: pod.spec.node["overhead"], into: &report)
    for volume in pod.spec.node.list(.volumes) {
      check(volume["ephemeral"]?["volumeClaimTemplate"]?[.spec]?[.resources], into: &report)
    }
  }

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let spec = object.node[.spec] else { return }
    if object.kind == "PersistentVolumeClaim" { return check(spec[.resources], into: &report) }
    for template in spec.list("volumeClaimTemplates") {
      check(template[.spec]?[.resources], into: &report)
    }
  }

  private static func check(_ resources: NodeRef?, into report: inout AdviceReport) {
    guard let resources else { return }
    check(amounts: resources[.requests], into: &report)
    check(amounts: resources[.limits], into: &report)
  }

  private static let byteAmounts = [Key.memory, Key("ephemeral-storage"), Key("storage")]

  private static func check(amounts: NodeRef?, into report: inout AdviceReport) {
    guard let amounts else { return }
    for name in byteAmounts {
      guard let node = amounts[name] else { continue }
      if let plain = node.plainMilliAmount, plain % 1000 == 0 { continue }
      guard let amount = Quantity.read(node), !amount.roundedUp(to: .milli).isInteger else {
        continue
      }
      let text = node.string ?? amount.description
      let plain = text.hasSuffix("m") ? text.dropLast() : text[...]
      report.flag(
        at: node, "'\(text)' is a fraction of a byte; 'm' stands for a thousandth",
        help: "write '\(plain)Mi' for mebibytes, or '\(plain)M' for megabytes")
    }
  }
}
