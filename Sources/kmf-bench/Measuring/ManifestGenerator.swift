/// Writes endless realistic manifests: what people keep in repositories, in the proportions in
/// which they keep it, with comments, flow collections, quoted and block scalars and some text that
/// is not ASCII. The same seed writes the same bytes.
struct ManifestGenerator {
  private var chance: Chance
  private var text = ""
  private var number = 0

  init(seed: UInt64) { chance = Chance(seed: seed) }

  /// About `count` bytes of documents, ended by whole ones.
  static func stream(bytes count: Int, seed: UInt64) -> [UInt8] {
    var generator = ManifestGenerator(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8192)
    while bytes.count < count {
      bytes += "---\n".utf8
      bytes += generator.next().utf8
    }
    return bytes
  }

  /// One document without a marker.
  mutating func next() -> String {
    text = ""
    number += 1
    switch chance.below(100) {
    case ..<34: workload("Deployment")
    case ..<42: workload("StatefulSet")
    case ..<46: workload("DaemonSet")
    case ..<52: job()
    case ..<55: pod()
    case ..<72: service()
    case ..<84: configMap()
    case ..<89: ingress()
    case ..<93: role()
    case ..<96: autoscaler()
    default: claim()
    }
    return text
  }

  // MARK: - Documents

  private mutating func workload(_ kind: String) {
    let name = name()
    head("apps/v1", kind, name)
    line(0, "spec:")
    if kind != "DaemonSet" { line(1, "replicas: \(1 + chance.below(6))") }
    if kind == "StatefulSet" { line(1, "serviceName: \(name)") }
    line(1, "selector:")
    line(2, "matchLabels: {app: \(name), tier: backend}")
    if kind == "Deployment", chance.happens(40) {
      line(1, "strategy:")
      line(2, "type: RollingUpdate")
      line(2, "rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}")
    }
    line(1, "template:")
    line(2, "metadata:")
    line(3, "labels:")
    line(4, "app: \(name)")
    line(4, "tier: backend")
    line(2, "spec:")
    podSpec(3, name, restart: nil)
    if kind == "StatefulSet" {
      line(1, "volumeClaimTemplates:")
      line(1, "- metadata:")
      line(3, "name: storage")
      line(2, "spec:")
      line(3, "accessModes: [\"ReadWriteOnce\"]")
      line(3, "resources: {requests: {storage: \(1 + chance.below(90))Gi}}")
    }
  }

  private mutating func job() {
    let name = name()
    head("batch/v1", "CronJob", name)
    line(0, "spec:")
    line(1, "schedule: \"\(chance.below(60)) \(chance.below(24)) * * *\"  # in UTC")
    line(1, "concurrencyPolicy: Forbid")
    line(1, "jobTemplate:")
    line(2, "spec:")
    line(3, "backoffLimit: \(chance.below(6))")
    line(3, "template:")
    line(4, "spec:")
    podSpec(5, name, restart: "OnFailure")
  }

  private mutating func pod() {
    let name = name()
    head("v1", "Pod", name)
    line(0, "spec:")
    podSpec(1, name, restart: "Always")
  }

  private mutating func service() {
    let name = name()
    head("v1", "Service", name)
    line(0, "spec:")
    line(1, "type: \(chance.one(of: ["ClusterIP", "NodePort", "LoadBalancer"]))")
    line(1, "selector:")
    line(2, "app: \(name)")
    line(2, "tier: backend")
    line(1, "ports:")
    for port in 0..<(1 + chance.below(3)) {
      line(2, "- name: port-\(port)")
      line(3, "port: \(80 + port)")
      line(3, "targetPort: \(chance.happens(50) ? "http" : "\(8080 + port)")")
      line(3, "protocol: TCP")
    }
  }

  private mutating func configMap() {
    head("v1", "ConfigMap", name())
    line(0, "data:")
    for entry in 0..<(2 + chance.below(8)) {
      line(1, "SETTING_\(entry): \"\(chance.below(100_000))\"")
    }
    line(1, "greeting: 'it''s a pleasure — schön, dass du da bist'")
    if chance.happens(70) {
      line(1, "application.properties: |")
      for entry in 0..<(5 + chance.below(25)) {
        line(2, "server.option.\(entry)=\(chance.one(of: Self.words))-\(chance.below(1000))")
      }
      line(2, "# end of the options")
    }
    if chance.happens(30) {
      line(1, "description: >-")
      for _ in 0..<4 { line(2, "several words that are folded into one long line of text,") }
    }
  }

  private mutating func ingress() {
    let name = name()
    head("networking.k8s.io/v1", "Ingress", name)
    line(0, "spec:")
    line(1, "ingressClassName: nginx")
    line(1, "tls:")
    line(1, "- hosts: [\(name).example.org]")
    line(2, "secretName: \(name)-tls")
    line(1, "rules:")
    line(1, "- host: \(name).example.org")
    line(2, "http:")
    line(3, "paths:")
    for path in 0..<(1 + chance.below(3)) {
      line(3, "- path: /v\(path)")
      line(4, "pathType: Prefix")
      line(4, "backend:")
      line(5, "service:")
      line(6, "name: \(name)")
      line(6, "port: {number: \(80 + path)}")
    }
  }

  private mutating func role() {
    head("rbac.authorization.k8s.io/v1", "Role", name())
    line(0, "rules:")
    for _ in 0..<(1 + chance.below(4)) {
      line(0, "- apiGroups: [\"\", \"apps\"]")
      line(
        1,
        "resources: [\"pods\", \"deployments\", \"\(chance.one(of: ["secrets", "configmaps"]))\"]")
      line(1, "verbs:")
      for verb in ["get", "list", "watch"] { line(1, "- \(verb)") }
    }
  }

  private mutating func autoscaler() {
    let name = name()
    head("autoscaling/v2", "HorizontalPodAutoscaler", name)
    line(0, "spec:")
    line(1, "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: \(name)}")
    line(1, "minReplicas: 2")
    line(1, "maxReplicas: \(4 + chance.below(20))")
    line(1, "metrics:")
    line(1, "- type: Resource")
    line(2, "resource:")
    line(3, "name: cpu")
    line(3, "target:")
    line(4, "type: Utilization")
    line(4, "averageUtilization: \(50 + chance.below(40))")
  }

  private mutating func claim() {
    head("v1", "PersistentVolumeClaim", name())
    line(0, "spec:")
    line(1, "accessModes:")
    line(2, "- ReadWriteOnce")
    line(1, "storageClassName: standard")
    line(1, "resources:")
    line(2, "requests:")
    line(3, "storage: \(1 + chance.below(500))Gi")
  }

  // MARK: - Parts

  private mutating func head(_ apiVersion: String, _ kind: String, _ name: String) {
    if chance.happens(30) {
      line(0, "# \(kind) of the \(chance.one(of: Self.words)) team; größer ist möglich")
    }
    line(0, "apiVersion: \(apiVersion)")
    line(0, "kind: \(kind)")
    line(0, "metadata:")
    line(1, "name: \(name)")
    line(1, "namespace: \(chance.one(of: Self.words))")
    line(1, "labels:")
    line(2, "app: \(name)")
    line(2, "app.kubernetes.io/name: \(name)")
    line(2, "app.kubernetes.io/version: \"1.\(chance.below(30))\"")
    line(2, "app.kubernetes.io/managed-by: kmf")
    guard chance.happens(50) else { return }
    line(1, "annotations:")
    line(2, "prometheus.io/scrape: \"true\"")
    line(2, "example.org/owner: 'team \(chance.one(of: Self.words)) <team@example.org>'")
    line(2, "example.org/note: \"a tab\\tand a quote \\\" inside\"")
  }

  private mutating func podSpec(_ depth: Int, _ name: String, restart: String?) {
    line(depth, "serviceAccountName: \(name)")
    if let restart { line(depth, "restartPolicy: \(restart)") }
    line(depth, "terminationGracePeriodSeconds: \(10 + chance.below(50))")
    if chance.happens(50) {
      line(depth, "securityContext: {runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000}")
    }
    if chance.happens(20) {
      line(depth, "nodeSelector:")
      line(depth + 1, "kubernetes.io/os: linux")
      line(depth, "tolerations:")
      line(depth, "- {key: dedicated, operator: Equal, value: \(name), effect: NoSchedule}")
    }
    line(depth, "containers:")
    for container in 0..<(chance.happens(70) ? 1 : 2) { self.container(depth, name, container) }
    line(depth, "volumes:")
    line(depth, "- name: config")
    line(depth + 1, "configMap:")
    line(depth + 2, "name: \(name)-config")
    line(depth, "- name: cache")
    line(depth + 1, "emptyDir: {sizeLimit: 64Mi}")
  }

  private mutating func container(_ depth: Int, _ name: String, _ position: Int) {
    let port = 8080 + position
    line(depth, "- name: \(position == 0 ? "main" : "sidecar")")
    line(depth + 1, "image: registry.example.org/\(name):1.\(chance.below(40)).\(chance.below(9))")
    line(depth + 1, "imagePullPolicy: IfNotPresent")
    if chance.happens(40) { line(depth + 1, "args: [\"--listen=:\(port)\", --verbose, \"-x\"]") }
    line(depth + 1, "ports:")
    line(depth + 1, "- containerPort: \(port)  # what the service calls")
    line(depth + 2, "name: \(position == 0 ? "http" : "metrics")")
    line(depth + 1, "env:")
    for variable in 0..<chance.below(9) {
      line(depth + 1, "- name: VARIABLE_\(variable)")
      line(depth + 2, "value: \"\(chance.one(of: Self.words))-\(chance.below(10_000))\"")
    }
    line(depth + 1, "- name: POD_NAME")
    line(depth + 2, "valueFrom:")
    line(depth + 3, "fieldRef:")
    line(depth + 4, "fieldPath: metadata.name")
    resources(depth + 1)
    if chance.happens(60) { probe(depth + 1, "readinessProbe", port) }
    if chance.happens(60) { probe(depth + 1, "livenessProbe", port) }
    line(depth + 1, "volumeMounts:")
    line(depth + 1, "- name: config")
    line(depth + 2, "mountPath: /etc/\(name)")
    line(depth + 2, "readOnly: true")
    line(depth + 1, "- {name: cache, mountPath: /var/cache/\(name)}")
  }

  private mutating func resources(_ depth: Int) {
    line(depth, "resources:")
    line(depth + 1, "requests:")
    line(depth + 2, "cpu: \(50 + chance.below(200))m")
    line(depth + 2, "memory: \(64 + chance.below(64))Mi")
    line(depth + 1, "limits:")
    line(depth + 2, "cpu: \"\(1 + chance.below(4))\"")
    line(depth + 2, "memory: \(128 + chance.below(512))Mi")
  }

  private mutating func probe(_ depth: Int, _ field: String, _ port: Int) {
    line(depth, "\(field):")
    line(depth + 1, "httpGet:")
    line(depth + 2, "path: /healthz")
    line(depth + 2, "port: \(port)")
    line(depth + 1, "initialDelaySeconds: \(chance.below(30))")
    line(depth + 1, "periodSeconds: \(1 + chance.below(20))")
  }

  private mutating func name() -> String {
    "\(chance.one(of: Self.words))-\(chance.one(of: Self.words))-\(number)"
  }

  private mutating func line(_ depth: Int, _ content: String) {
    for _ in 0..<depth { text += "  " }
    text += content
    text += "\n"
  }

  private static let words = [
    "shop", "cart", "billing", "search", "mail", "auth", "catalog", "orders", "stock", "gateway",
    "report", "worker", "cache", "proxy", "frontend", "ledger",
  ]
}
