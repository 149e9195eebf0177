import ManifestModel
import ManifestSyntax

/// Flags secrets that become environment variables.
struct SecretInEnvironment: PodAdvice {
  static let about = AdviceDescription(
    "SEC005", "secret-in-environment", .note, .optional,
    "A secret is handed over in the environment.",
    why: """
      The environment is inherited by every process, shown by debuggers and often written to logs \
      and crash reports. A file on a volume is seen by those that open it, and follows changes of \
      the Secret.
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
          env:
          - name: DB_PASSWORD
            valueFrom:
              secretKeyRef: # want: the variable 'DB_PASSWORD' of container 'app'
                name: db
                key: password
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - name: setup
          image: busybox:1.37
          envFrom:
          - configMapRef: {name: web}
          - secretRef: {name: web} # want: the variables of container 'setup'
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
          env:
          - {name: DB_PASSWORD_FILE, value: /run/db/password}
          - {name: MODE, valueFrom: {configMapKeyRef: {name: web, key: mode}}}
          volumeMounts: [{name: db, mountPath: /run/db}]
        volumes: [{name: db, secret: {secretName: db}}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          envFrom: [{configMapRef: {name: web}}]
          env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
      """,
    ])

  static let needs = ["secretKeyRef", "secretRef"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let help = "mount the Secret as a volume and let the program read the file"
    for container in pod.containers {
      for variable in container.node[.env]?.items ?? NodeRef.value(.null).items {
        guard let source = variable[.valueFrom]?["secretKeyRef"] else { continue }
        let name = variable[.name]?.string ?? ""
        report.flag(
          at: source, "the variable '\(name)' of \(container.title) is a secret", help: help,
          anchor: .key)
      }
      for source in container.node[.envFrom]?.items ?? NodeRef.value(.null).items {
        guard let reference = source["secretRef"] else { continue }
        report.flag(
          at: reference, "the variables of \(container.title) are secrets", help: help,
          anchor: .key)
      }
    }
  }
}
