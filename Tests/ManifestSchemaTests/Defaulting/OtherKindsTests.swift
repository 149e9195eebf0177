import ManifestSchema
import ManifestSyntax
import Testing

/// Defaults of the kinds that no recording covers, from the API's own reference.
@Suite struct OtherKindsTests {
  private static let template = "template: {metadata: {labels: {a: b}}, spec: {containers: []}}"

  private static let cases: [(gvk: (String, String), yaml: String, path: FieldPath, Value?)] = [
    (("v1", "Secret"), "{}", "type", "Opaque"),
    (("v1", "PersistentVolume"), "spec: {}", "spec.persistentVolumeReclaimPolicy", "Retain"),
    (("v1", "PersistentVolume"), "spec: {}", "spec.volumeMode", "Filesystem"),
    (("v1", "ReplicationController"), "spec: {\(template)}", "spec.selector", ["a": "b"]),
    (
      ("v1", "ReplicationController"), "metadata: {}\nspec: {\(template)}", "metadata.labels.a", "b"
    ),
    (
      ("v1", "LimitRange"),
      "spec: {limits: [{type: Container, max: {cpu: 2}, min: {memory: 1Mi}}]}",
      "spec.limits[0].defaultRequest", ["cpu": 2, "memory": "1Mi"]
    ),
    (
      ("v1", "LimitRange"), "spec: {limits: [{type: Pod, max: {cpu: 2}}]}",
      "spec.limits[0].default",
      nil
    ),
    (("apps/v1", "StatefulSet"), "spec: {}", "spec.podManagementPolicy", "OrderedReady"),
    (
      ("apps/v1", "StatefulSet"), "spec: {}",
      "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
      "Retain"
    ),
    (("apps/v1", "StatefulSet"), "spec: {}", "spec.updateStrategy.rollingUpdate.partition", 0),
    (
      ("apps/v1", "StatefulSet"), "spec: {updateStrategy: {type: RollingUpdate}}",
      "spec.updateStrategy.rollingUpdate", nil
    ),
    (("apps/v1", "DaemonSet"), "spec: {}", "spec.updateStrategy.rollingUpdate.maxUnavailable", 1),
    (
      ("apps/v1", "DaemonSet"), "spec: {updateStrategy: {type: OnDelete}}",
      "spec.updateStrategy.rollingUpdate", nil
    ),
    (("batch/v1", "Job"), "spec: {}", "spec.completions", 1),
    (("batch/v1", "Job"), "spec: {parallelism: 2}", "spec.completions", nil),
    (("batch/v1", "Job"), "spec: {completions: 2}", "spec.parallelism", 1),
    (("batch/v1", "Job"), "spec: {backoffLimitPerIndex: 1}", "spec.backoffLimit", 2_147_483_647),
    (("batch/v1", "Job"), "metadata: {}\nspec: {\(template)}", "metadata.labels", ["a": "b"]),
    (("batch/v1", "Job"), "spec: {podFailurePolicy: {}}", "spec.podReplacementPolicy", "Failed"),
    (
      ("batch/v1", "Job"),
      "spec: {podFailurePolicy: {rules: [{onPodConditions: [{type: X}]}]}}",
      "spec.podFailurePolicy.rules[0].onPodConditions[0].status", "True"
    ),
    (("batch/v1", "CronJob"), "spec: {}", "spec.concurrencyPolicy", "Allow"),
    (
      ("batch/v1", "CronJob"), "spec: {jobTemplate: {spec: {}}}",
      "spec.jobTemplate.spec.backoffLimit",
      nil
    ),
    (
      ("autoscaling/v2", "HorizontalPodAutoscaler"), "spec: {behavior: {scaleUp: {policies: []}}}",
      "spec.behavior.scaleDown.policies[0].value", 100
    ),
    (
      ("networking.k8s.io/v1", "NetworkPolicy"), "spec: {egress: [{ports: [{}]}]}",
      "spec.policyTypes", ["Ingress", "Egress"]
    ),
    (("networking.k8s.io/v1", "NetworkPolicy"), "spec: {}", "spec.policyTypes", ["Ingress"]),
    (("storage.k8s.io/v1", "StorageClass"), "{}", "volumeBindingMode", "Immediate"),
    (("storage.k8s.io/v1", "CSIDriver"), "spec: {}", "spec.attachRequired", true),
    (
      ("rbac.authorization.k8s.io/v1", "RoleBinding"), "subjects: [{kind: User}]",
      "subjects[0].apiGroup", "rbac.authorization.k8s.io"
    ),
    (
      ("rbac.authorization.k8s.io/v1", "RoleBinding"), "subjects: [{kind: ServiceAccount}]",
      "subjects[0].apiGroup", nil
    ),
  ]

  @Test func kindsBesidePodsHaveTheirDefaults() throws {
    let schema = Schema(version: KubernetesVersion(minor: 36))
    let defaulter = Defaulter(schema: schema)
    for (gvk, yaml, path, expected) in Self.cases {
      var reader = DocumentReader(SourceText(yaml))
      let tree = try #require(reader.next()?.tree, "\(yaml)")
      let kind = try #require(schema.kind(apiVersion: gvk.0, kind: gvk.1), "\(gvk)")
      defaulter.apply(to: tree, kind: kind)
      let found = tree.node(at: path).map { tree.value($0) }
      #expect(found == expected, "\(gvk.1): \(yaml): \(path)")
    }
  }

  /// What a user wrote wrong is left for validation to tell.
  @Test func misfitsAreLeftAlone() throws {
    let schema = Schema(version: KubernetesVersion(minor: 36))
    let defaulter = Defaulter(schema: schema)
    for (gvk, _, _, _) in Self.cases {
      for yaml in [
        "3", "spec: 3", "spec: [a]", "metadata: 3\nspec: {template: 3, metrics: 3, behavior: 3}",
        "spec: {template: {metadata: 3}, podFailurePolicy: [1], limits: [3, {type: Container, max: 3}]}",
        "spec: {podFailurePolicy: {rules: [3, {onPodConditions: [3]}]}, behavior: {scaleUp: 3}}",
      ] {
        var reader = DocumentReader(SourceText(yaml))
        let tree = try #require(reader.next()?.tree, "\(yaml)")
        let kind = try #require(schema.kind(apiVersion: gvk.0, kind: gvk.1))
        defaulter.apply(to: tree, kind: kind)
        #expect(tree.nodeCount > 0, "\(yaml)")
      }
    }
  }
}
