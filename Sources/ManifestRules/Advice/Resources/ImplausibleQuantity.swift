import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags amounts that nobody can mean.
struct ImplausibleQuantity: PodAdvice {
  static let about = AdviceDescription(
    "RES006", "implausible-quantity", .warning, .recommended, fix: .hint,
    "A container asks for an amount that is hardly meant.",
    why: """
      `memory: 512` is 512 bytes, and `cpu: 500` is 500 processors. A container with the one \
      cannot start, and no node has room for the other. A unit is missing.
      """,
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
              memory: 512 # want: 512 bytes of memory are very little
            requests:
              cpu: 500 # want: 500 processors are more than a node has
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            initContainers:
            - name: setup
              image: busybox:1.37
              resources: {limits: {memory: 64k}} # want: 64000 bytes of memory are very little
            containers:
            - name: app
              image: nginx:1.29.1
              resources: {requests: {memory: 2Ti}} # want: 2Ti of memory are more than a node has
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
          resources: {requests: {memory: 1Mi, cpu: 64}, limits: {memory: 1Ti, cpu: 64000m}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          resources: {requests: {memory: 0, cpu: 500m}, limits: {memory: 536870912}}
      """,
    ])

  static let needs = ["resources"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers { check(container.node[.resources], into: &report) }
    check(pod.spec.node[.resources], into: &report)
  }

  private static let memoryMin: Int64 = 1 << 20
  private static let memoryMax: Int64 = 1 << 40
  private static let processorsMax: Int64 = 64

  private static func check(_ resources: NodeRef?, into report: inout AdviceReport) {
    guard let resources else { return }
    for list in [Key.requests, .limits] {
      let amounts = resources[list]
      if let node = amounts?[.memory], !isCommon(node, memoryMin...memoryMax),
        let amount = Quantity.read(node), amount.isInteger,
        !amount.isZero
      {
        if let bytes = amount.value, bytes < memoryMin {
          report.flag(
            at: node, "\(bytes) bytes of memory are very little", help: help(bytes))
        } else if amount.value.map({ $0 > memoryMax }) ?? (amount.sign > 0) {
          report.flag(
            at: node, "\(amount) of memory are more than a node has", help: "check the unit")
        }
      }
      if let node = amounts?[.cpu], !isCommon(node, 0...processorsMax),
        let amount = Quantity.read(node),
        amount.milliValue.map({ $0 > processorsMax * 1000 }) ?? (amount.sign > 0)
      {
        report.flag(
          at: node, "\(amount) processors are more than a node has",
          help: "write '\(amount)m' for thousandths of a processor")
      }
    }
  }

  /// Whether an amount is written plainly and within `range`, without another look.
  private static func isCommon(_ node: NodeRef, _ range: ClosedRange<Int64>) -> Bool {
    node.plainMilliAmount.map { (range.lowerBound * 1000...range.upperBound * 1000).contains($0) }
      ?? false
  }

  private static func help(_ bytes: Int64) -> String {
    bytes > 0 && bytes < 100_000 ? "write '\(bytes)Mi' for mebibytes" : "check the unit"
  }
}
