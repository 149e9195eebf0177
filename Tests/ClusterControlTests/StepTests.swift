import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Runs one step, or the whole chain, on objects written as YAML.
struct StepCase {
  var name: String
  var cluster = ""
  /// The object, and for updates what is stored.
  var object: String
  var old: String?
  var operation = AdmissionRequest.Operation.create
  var subresource: String?
  /// What the object holds afterwards; only these fields are compared.
  var becomes: String?
  /// The code of the refusal and a part of its message.
  var refusal: (code: Int, says: String)?
  var warns: String?

  func run(_ steps: any AdmissionStep...) {
    var value = Value(yaml: object)
    let oldValue = old.map { Value(yaml: $0) }
    let cluster = TestCluster("{kind: Namespace, metadata: {name: shop}}\n---\n" + cluster)
    let kind = value["kind"]?.string ?? ""
    let request = AdmissionRequest(
      operation, TestCluster.key(of: value),
      kind: GroupVersionKind(apiVersion: value["apiVersion"]?.string ?? "v1", kind: kind),
      subresource: subresource, seed: 1)
    let chain = AdmissionChain(steps)
    do throws(AdmissionRefusal) {
      if operation != .delete {
        try chain.mutate(&value, old: oldValue, request, cluster)
      }
      let outcome = try chain.validate(
        operation == .delete ? nil : value, old: operation == .delete ? value : oldValue, request,
        cluster)
      if let refusal { Issue.record("\(name): not refused with \(refusal.code)") }
      if let becomes {
        let wrong = Self.missing(Value(yaml: becomes), in: value)
        if !wrong.isEmpty { Issue.record("\(name): \(wrong.joined(separator: "; "))") }
      }
      let warned = outcome.warnings.joined(separator: "\n")
      if let warns {
        #expect(warned.contains(warns), "\(name)")
      } else {
        #expect(warned.isEmpty, "\(name)")
      }
    } catch {
      guard let refusal else {
        Issue.record("\(name): refused with \(error.message)")
        return
      }
      #expect(error.code == refusal.code, "\(name)")
      #expect(error.message.contains(refusal.says), "\(name): \(error.message)")
    }
  }

  /// What of `wanted` is not so in `found`; null means absent.
  private static func missing(_ wanted: Value, in found: Value?, _ path: String = "") -> [String] {
    switch (wanted, found) {
    case (.null, nil): return []
    case (.map(let map), .map?):
      return map.entries.flatMap { missing($0.value, in: found?[$0.key], "\(path).\($0.key)") }
    case (.list(let items), .list(let others)?) where items.count == others.count:
      return items.indices.flatMap { missing(items[$0], in: others[$0], "\(path)[\($0)]") }
    default:
      return wanted == found ? [] : ["\(path) is \(found ?? .null), not \(wanted)"]
    }
  }
}

@Suite struct StepTests {
  private static func pod(_ spec: String, metadata: String = "name: p") -> String {
    "{apiVersion: v1, kind: Pod, metadata: {\(metadata)}, spec: {\(spec)}}"
  }
  private static let container = "containers: [{name: c, image: i}]"

  @Test func namespacesMustBeThereAndStay() {
    let web = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: NS}}"
    func of(_ namespace: String) -> String {
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: \(namespace)}}"
    }
    let going = "{kind: Namespace, metadata: {name: going}, status: {phase: Terminating}}"
    for one in [
      StepCase(name: "there", object: of("shop")),
      StepCase(name: "absent", object: web, refusal: (404, "\"NS\" not found")),
      StepCase(name: "going", cluster: going, object: of("going"), refusal: (403, "going away")),
      StepCase(
        name: "change in one that goes", cluster: going, object: of("going"), old: of("going"),
        operation: .update),
      StepCase(
        name: "delete in one that is gone", object: web, old: web, operation: .delete),
      StepCase(
        name: "delete the default one", object: "{kind: Namespace, metadata: {name: default}}",
        operation: .delete, refusal: (403, "may not be deleted")),
      StepCase(
        name: "delete another", object: "{kind: Namespace, metadata: {name: shop}}",
        operation: .delete),
    ] { one.run(NamespaceLifecycle()) }
  }

  /// Fact 145.
  @Test func podsGetTheirServiceAccount() {
    let account = "{kind: ServiceAccount, metadata: {name: default}}"
    let bare = Self.pod(Self.container)
    let mount =
      "{name: kube-api-access-x, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}"
    for one in [
      StepCase(name: "no account", object: bare, refusal: (403, "no ServiceAccount 'default'")),
      StepCase(
        name: "token", cluster: account, object: bare,
        becomes:
          """
          spec:
            serviceAccountName: default
            serviceAccount: default
            volumes:
            - projected:
                defaultMode: 420
                sources:
                - serviceAccountToken: {expirationSeconds: 3607, path: token}
                - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
                - downwardAPI:
                    items:
                    - {path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
            containers:
            - volumeMounts:
              - {readOnly: true, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}
          """),
      StepCase(
        name: "the account says no token",
        cluster: "{kind: ServiceAccount, metadata: {name: default}, "
          + "automountServiceAccountToken: false, imagePullSecrets: [{name: pull}]}",
        object: bare, becomes: "{spec: {volumes: , imagePullSecrets: [{name: pull}]}}"),
      StepCase(
        name: "the pod says no token", cluster: account,
        object: Self.pod("automountServiceAccountToken: false, " + Self.container),
        becomes: "{spec: {volumes: , containers: [{volumeMounts: }]}}"),
      StepCase(
        name: "mounted already", cluster: account,
        object: Self.pod(
          "volumes: [{name: kube-api-access-x, emptyDir: {}}], "
            + "containers: [{name: c, image: i, volumeMounts: [\(mount)]}]"),
        becomes: "{spec: {volumes: [{name: kube-api-access-x}], containers: "
          + "[{volumeMounts: [{name: kube-api-access-x}]}]}}"),
      StepCase(
        name: "a secret beyond the account's",
        cluster: "{kind: ServiceAccount, metadata: {name: default, annotations: "
          + "{kubernetes.io/enforce-mountable-secrets: 'true'}}, secrets: [{name: mine}]}",
        object: Self.pod("volumes: [{name: v, secret: {secretName: other}}], " + Self.container),
        refusal: (403, "secret 'other'")),
      StepCase(
        name: "a mirror pod stays as it is",
        object: Self.pod(
          Self.container, metadata: "name: p, annotations: {kubernetes.io/config.mirror: x}"),
        becomes: "{spec: {serviceAccountName: , volumes: }}"),
      StepCase(
        name: "a mirror pod with a secret",
        object: Self.pod(
          "volumes: [{name: v, secret: {secretName: s}}], " + Self.container,
          metadata: "name: p, annotations: {kubernetes.io/config.mirror: x}"),
        refusal: (403, "must not use secrets")),
    ] { one.run(ServiceAccountStep()) }
  }

  @Test func podsGetThePriorityOfTheirClass() {
    let high = "{kind: PriorityClass, metadata: {name: high}, value: 7, preemptionPolicy: Never}"
    let usual = "{kind: PriorityClass, metadata: {name: usual}, value: 3, globalDefault: true}"
    for one in [
      StepCase(
        name: "none", object: Self.pod(Self.container),
        becomes: "{spec: {priority: 0, preemptionPolicy: PreemptLowerPriority, "
          + "priorityClassName: }}"),
      StepCase(
        name: "default", cluster: usual, object: Self.pod(Self.container),
        becomes: "{spec: {priority: 3, priorityClassName: usual}}"),
      StepCase(
        name: "named", cluster: high, object: Self.pod("priorityClassName: high"),
        becomes: "{spec: {priority: 7, preemptionPolicy: Never}}"),
      StepCase(
        name: "unknown", object: Self.pod("priorityClassName: high"),
        refusal: (403, "no PriorityClass 'high'")),
      StepCase(
        name: "another number", cluster: high,
        object: Self.pod("priorityClassName: high, priority: 8"), refusal: (403, "gives 7")),
      StepCase(
        name: "another policy", object: Self.pod("preemptionPolicy: Never"),
        refusal: (403, "preemptionPolicy")),
      StepCase(
        name: "kept", object: Self.pod(Self.container), old: Self.pod("priority: 9"),
        operation: .update, becomes: "{spec: {priority: 9}}"),
      StepCase(
        name: "a second default", cluster: usual,
        object: "{kind: PriorityClass, metadata: {name: other}, value: 1, globalDefault: true}",
        refusal: (403, "'usual' is the default")),
      StepCase(
        name: "the same default", cluster: usual, object: usual, old: usual, operation: .update),
    ] { one.run(PriorityStep()) }
  }

  /// Fact 132.
  @Test func podsAndNodesGetTolerationsAndTaints() {
    let ready = "key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute"
    let reached = "key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute"
    for one in [
      StepCase(
        name: "both", object: Self.pod(Self.container),
        becomes: "{spec: {tolerations: [{\(ready), tolerationSeconds: 300}, "
          + "{\(reached), tolerationSeconds: 300}]}}"),
      StepCase(
        name: "one is there", object: Self.pod("tolerations: [{\(ready)}]"),
        becomes: "{spec: {tolerations: [{\(ready)}, {\(reached)}]}}"),
      StepCase(
        name: "all tolerated", object: Self.pod("tolerations: [{operator: Exists}]"),
        becomes: "{spec: {tolerations: [{operator: Exists}]}}"),
      StepCase(
        name: "a node", object: "{kind: Node, metadata: {name: n}}",
        becomes: "{spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoSchedule}]}}"),
    ] { one.run(DefaultTolerationSeconds(), TaintNodesByCondition()) }
  }

  @Test func podsGetWhatTheirRuntimeClassSays() {
    let sandbox =
      """
      kind: RuntimeClass
      metadata: {name: sandbox}
      overhead: {podFixed: {cpu: 250m}}
      scheduling:
        nodeSelector: {runtime: sandbox}
        tolerations: [{key: runtime, operator: Exists}]
      """
    for one in [
      StepCase(
        name: "all of it", cluster: sandbox,
        object: Self.pod(
          "runtimeClassName: sandbox, tolerations: "
            + "[{key: runtime, operator: Exists, effect: NoSchedule}]"),
        becomes: "{spec: {overhead: {cpu: 250m}, nodeSelector: {runtime: sandbox}, "
          + "tolerations: [{key: runtime, operator: Exists, effect: }]}}"),
      StepCase(
        name: "the same overhead", cluster: sandbox,
        object: Self.pod("runtimeClassName: sandbox, overhead: {cpu: '0.25'}")),
      StepCase(
        name: "another overhead", cluster: sandbox,
        object: Self.pod("runtimeClassName: sandbox, overhead: {cpu: 1}"),
        refusal: (403, "overhead")),
      StepCase(
        name: "another node", cluster: sandbox,
        object: Self.pod("runtimeClassName: sandbox, nodeSelector: {runtime: plain}"),
        refusal: (403, "nodeSelector[runtime]")),
      StepCase(
        name: "overhead alone", object: Self.pod("overhead: {cpu: 1}"), refusal: (403, "needs a")),
      StepCase(
        name: "unknown", object: Self.pod("runtimeClassName: sandbox"),
        refusal: (403, "no RuntimeClass 'sandbox'")),
      StepCase(
        name: "empty", object: Self.pod("runtimeClassName: ''"), refusal: (500, "empty")),
    ] { one.run(RuntimeClassStep()) }
  }

  @Test func storageAndIngressesGetTheirClasses() {
    func storageClass(_ name: String, _ created: String, grows: Bool = false) -> String {
      "{kind: StorageClass, metadata: {name: \(name), creationTimestamp: '\(created)', "
        + "annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}, "
        + "allowVolumeExpansion: \(grows)}"
    }
    func claim(_ spec: String, status: String = "") -> String {
      "{kind: PersistentVolumeClaim, metadata: {name: c}, spec: {\(spec)}, status: {\(status)}}"
    }
    func size(_ amount: String) -> String {
      "storageClassName: new, resources: {requests: {storage: \(amount)}}"
    }
    let both =
      storageClass("old", "2020-01-01T00:00:00Z") + "\n---\n"
      + storageClass("new", "2021-01-01T00:00:00Z", grows: true)
    for one in [
      StepCase(
        name: "the newest", cluster: both, object: claim("volumeName: v"),
        becomes: "{spec: {storageClassName: new}, "
          + "metadata: {finalizers: [kubernetes.io/pvc-protection]}}"),
      StepCase(
        name: "none wanted", cluster: both, object: claim("storageClassName: ''"),
        becomes: "{spec: {storageClassName: ''}}"),
      StepCase(
        name: "grows", cluster: both, object: claim(size("2Gi")),
        old: claim(size("1Gi"), status: "phase: Bound"), operation: .update),
      StepCase(
        name: "is not bound", cluster: both, object: claim(size("2Gi")), old: claim(size("1Gi")),
        operation: .update, refusal: (403, "bound")),
      StepCase(
        name: "cannot grow", object: claim(size("2Gi")),
        old: claim(size("1Gi"), status: "phase: Bound"), operation: .update,
        refusal: (403, "allowVolumeExpansion")),
    ] {
      one.run(
        DefaultStorageClass(), StorageObjectInUseProtection(), PersistentVolumeClaimResize())
    }
    let request = AdmissionRequest(
      .create, ResourceKey(.ingresses, namespace: "shop", name: "web"),
      kind: GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "Ingress"), seed: 1)
    let cluster = TestCluster(
      "{kind: IngressClass, metadata: {name: edge, annotations: "
        + "{ingressclass.kubernetes.io/is-default-class: 'true'}}}")
    var ingress = Value(yaml: "{kind: Ingress, spec: {rules: []}}")
    #expect(throws: Never.self) {
      try AdmissionChain([DefaultIngressClass()]).mutate(&ingress, request, cluster)
    }
    #expect(ingress["spec"]?["ingressClassName"] == "edge")
  }

  @Test func boundPodsLearnTheirZone() {
    let node =
      "{kind: Node, metadata: {name: n1, labels: {topology.kubernetes.io/zone: a, other: b}}}"
    for one in [
      StepCase(
        name: "zone", cluster: node, object: Self.pod("nodeName: n1"),
        becomes: "{metadata: {labels: {topology.kubernetes.io/zone: a, other: }}}"),
      StepCase(
        name: "binding", cluster: node,
        object: "{kind: Pod, metadata: {name: p}, target: {kind: Node, name: n1}}",
        subresource: "binding",
        becomes: "{metadata: {labels: {topology.kubernetes.io/zone: a}}}"),
      StepCase(name: "unknown node", object: Self.pod("nodeName: n1")),
    ] { one.run(PodTopologyLabels()) }
  }

  @Test func limitRangesFillInAndBound() {
    func range(_ item: String) -> String {
      "{kind: LimitRange, metadata: {name: bounds}, spec: {limits: [{\(item)}]}}"
    }
    func pod(_ resources: String, more: String = "") -> String {
      Self.pod("containers: [{name: c, image: i, resources: {\(resources)}}]\(more)")
    }
    for one in [
      StepCase(
        name: "defaults",
        cluster: range("type: Container, default: {cpu: 1}, defaultRequest: {cpu: 100m}"),
        object: pod(""),
        becomes: "{spec: {containers: [{resources: {limits: {cpu: '1'}, requests: {cpu: 100m}}}]}, "
          + "metadata: {annotations: {kubernetes.io/limit-ranger: "
          + "'LimitRanger plugin set: cpu request for container c; cpu limit for container c'}}}"),
      StepCase(
        name: "the highest is the default", cluster: range("type: Container, max: {cpu: 2}"),
        object: pod("requests: {cpu: 1}"),
        becomes: "{spec: {containers: [{resources: {limits: {cpu: '2'}, requests: {cpu: 1}}}]}}"),
      StepCase(
        name: "too little", cluster: range("type: Container, min: {cpu: 1}"),
        object: pod("requests: {cpu: 10m}"), refusal: (403, "at least 1")),
      StepCase(
        name: "too much", cluster: range("type: Container, max: {memory: 1Gi}"),
        object: pod("requests: {memory: 1Gi}, limits: {memory: 2Gi}"),
        refusal: (403, "at most 1Gi")),
      StepCase(
        name: "the ratio", cluster: range("type: Container, maxLimitRequestRatio: {cpu: 2}"),
        object: pod("requests: {cpu: 100m}, limits: {cpu: 201m}"),
        refusal: (403, "more than 2 times")),
      StepCase(
        name: "the ratio is kept",
        cluster: range("type: Container, maxLimitRequestRatio: {cpu: 2}"),
        object: pod("requests: {cpu: 100m}, limits: {cpu: 200m}")),
      StepCase(
        name: "the pod as a whole", cluster: range("type: Pod, max: {cpu: 2}"),
        object: pod(
          "limits: {cpu: 1}",
          more: ", initContainers: [{name: s, restartPolicy: Always, resources: "
            + "{limits: {cpu: 1500m}}}]"), refusal: (403, "the pod")),
      StepCase(
        name: "init containers run before", cluster: range("type: Pod, max: {cpu: 2}"),
        object: pod(
          "limits: {cpu: 1}",
          more: ", initContainers: [{name: s, resources: {limits: {cpu: 1500m}}}]")),
      StepCase(
        name: "claims", cluster: range("type: PersistentVolumeClaim, max: {storage: 1Gi}"),
        object: "{kind: PersistentVolumeClaim, metadata: {name: c}, spec: {resources: "
          + "{requests: {storage: 2Gi}}}}", refusal: (403, "the claim")),
      StepCase(
        name: "changes of pods are let be", cluster: range("type: Container, min: {cpu: 1}"),
        object: pod(""), old: pod(""), operation: .update),
    ] { one.run(LimitRanger()) }
  }
}
