import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags fields that the server throws away.
struct GatedField: PodAdvice {
  static let about = AdviceDescription(
    "DEP004", "gated-field", .warning, .recommended,
    "A field belongs to a feature that is off at the target version.",
    why: """
      The server takes such a field out of the object without a word, and everything works as if \
      it had not been written. Clusters can switch features on; then leave the rule out.
      """,
    supersedes: ["DRP-01", "DRP-02", "DRP-03", "DRP-04"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          lifecycle:
            stopSignal: SIGUSR1 # want: the server drops 'stopSignal'
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostUsers: false # want: the server drops 'hostUsers': the feature is off before Kubernetes 1.33
          containers: [{name: app, image: "nginx:1.29.1"}]
          volumes:
          - name: code
            image: {reference: "code:1.0"} # want: the server drops 'image'
        """, version: KubernetesVersion(minor: 32)),
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostUsers: false
        resources: {requests: {cpu: 1}}
        initContainers: [{name: proxy, image: "proxy:1.0", restartPolicy: Always}]
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          initContainers: [{name: proxy, image: "proxy:1.0", restartPolicy: Always}]
          containers: [{name: app, image: "nginx:1.29.1", securityContext: {procMount: Default}}]
        """, version: KubernetesVersion(minor: 29)),
    ])

  /// Fields, and the first version that has their feature switched on; nil where none has it yet.
  private typealias Gates = [(field: Key, since: Int?)]

  private static let podFields: Gates = [
    (Key("hostUsers"), 33), (.resources, 34), (Key("resourceClaims"), 34),
    (Key("hostnameOverride"), 35), (Key("schedulingGroup"), nil),
  ]
  private static let podSecurity: Gates = [
    (Key("supplementalGroupsPolicy"), 33), (Key("seLinuxChangePolicy"), 33),
  ]
  private static let volumeFields: Gates = [(.image, 35)]
  private static let sourceFields: Gates = [
    (Key("clusterTrustBundle"), nil), (Key("podCertificate"), nil),
  ]
  private static let containerFields: Gates = [
    (Key("resizePolicy"), 33), (Key("restartPolicyRules"), 35),
  ]
  private static let containerSecurity: Gates = [(Key("procMount"), 33)]
  private static let initialFields: Gates = [(Key("restartPolicy"), 29)]
  private static let mountFields: Gates = [(Key("recursiveReadOnly"), 31)]
  private static let variableFields: Gates = [(Key("fileKeyRef"), 35)]
  private static let lifecycleFields: Gates = [(Key("stopSignal"), nil)]
  private static let hookFields: Gates = [(Key("sleep"), 30)]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let spec = pod.spec.node
    check(spec, podFields, into: &report)
    check(spec[.securityContext], podSecurity, into: &report)
    for container in pod.containers { check(container, into: &report) }
    for volume in spec.list(.volumes) {
      check(volume, volumeFields, into: &report)
      for source in volume[.projected]?.list("sources") ?? NodeRef.value(.null).items {
        check(source, sourceFields, into: &report)
      }
    }
  }

  private static func check(_ container: AdviceContainer, into report: inout AdviceReport) {
    let node = container.node
    check(node, containerFields, into: &report)
    if container.role == .sidecar || container.role == .initial {
      check(node, initialFields, into: &report)
    }
    if let context = node[.securityContext], context["procMount"]?.string != "Default" {
      check(context, containerSecurity, into: &report)
    }
    if isAnyOff(mountFields, report) {
      for mount in node.list(.volumeMounts) { check(mount, mountFields, into: &report) }
    }
    if isAnyOff(variableFields, report) {
      for variable in node.list(.env) { check(variable[.valueFrom], variableFields, into: &report) }
    }
    guard let lifecycle = node[.lifecycle] else { return }
    check(lifecycle, lifecycleFields, into: &report)
    for hook in ["postStart", "preStop"] { check(lifecycle[hook], hookFields, into: &report) }
  }

  private static func isAnyOff(_ fields: Gates, _ report: AdviceReport) -> Bool {
    fields.contains { report.version.minor < $0.since ?? .max }
  }

  private static func check(_ node: NodeRef?, _ fields: Gates, into report: inout AdviceReport) {
    guard let node else { return }
    for (field, since) in fields where report.version.minor < since ?? .max {
      guard let found = node[field] else { continue }
      let when = since.map { " before Kubernetes 1.\($0)" } ?? " where nobody switches it on"
      report.flag(
        at: found, "the server drops '\(field.text)': the feature is off\(when)",
        help: "remove it, unless your cluster has switched the feature on",
        anchor: found.kind.isScalar ? .value : .key)
    }
  }
}
