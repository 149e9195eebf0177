import ManifestModel
import ManifestSyntax

/// Flags credentials that are written in manifests.
struct LiteralCredential: PodAdvice, ObjectAdvice {
  static let about = AdviceDescription(
    "SEC004", "literal-credential", .error, .recommended,
    "A credential is written in the manifest.",
    why: """
      Whoever reads the repository, its backups, or the objects in the cluster has the credential \
      then, and taking it back means changing it everywhere. A Secret that is made outside of the \
      repository keeps it apart. The value is never shown in any output of kmf.
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
            value: hunter2 # want: the variable 'DB_PASSWORD' of container 'app' holds a password
          - name: AWS_ACCESS_KEY_ID
            value: AKIAIOSFODNN7EXAMPLE # want: holds an AWS access key
          - name: DATABASE_URL
            value: postgres://shop:tr0ub4dor@db/shop # want: holds an address with a password
          - name: NOTIFY
            value: https://hooks.slack.com/services/T0AB/B0CD/Xa9bY8cZ7dW6eV5fU4gT3hS2 # want: anybody
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          args:
          - --listen=:8080
          - --api-token=Zk3xQ9vLm2Pw7Rt5 # want: an argument of container 'app' holds a token
          - --password
          - correct-horse # want: an argument of container 'app' holds a password
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        mode: fast
        api_key: 9f8A7c6D5e4B3a2F1e0D # want: the entry 'api_key' holds a key
        shop.properties: | # want: the entry 'shop.properties' holds a password ('db.password')
          db.user=shop
          db.password=c0rrectH0rse
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
          args: [--password-file=/run/db/password, --token, $(TOKEN), --secret-name=db]
          env:
          - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
          - {name: DB_PASSWORD_FILE, value: /run/db/password}
          - {name: TOKEN_URL, value: "https://auth.example.com/token"}
          - {name: PASSWORD_MIN_LENGTH, value: "12"}
          - {name: ALLOW_EMPTY_PASSWORD, value: "yes"}
          - {name: API_KEY, value: $(KEY)}
          - {name: TLS_SECRET, value: wildcard-tls-2024}
          - {name: VAULT_SECRET, value: secret/data/shop}
          - {name: COMMIT, value: 9f8a7c6d5e4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f}
          - {name: DATABASE_URL, value: "postgres://shop:$(DB_PASSWORD)@db/shop"}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        password-policy: strict
        token_ttl: 3600s
        secretName: db
        settings.yaml: |
          # password: c0rrectH0rse
          password: ${DB_PASSWORD}
          tokenEndpoint: https://auth.example.com
      """,
    ])

  static var subjects: [AdviceSubject] { [.pod(Self.self), .object(Self.self)] }

  static let needs = ["env", "args", "command", "data"]

  static let kinds = ["ConfigMap"]

  private static let help = "keep it in a Secret that is not in the repository, and change it"

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      for variable in container.node[.env]?.items ?? NodeRef.value(.null).items {
        guard let value = variable[.value], let named = variable[.name],
          CredentialText.mayTell(value, named: named), let text = value.string,
          let name = named.string
        else { continue }
        guard let kind = kind(of: text, named: name) else { continue }
        report.flag(
          at: value, "the variable '\(name)' of \(container.title) holds \(kind)", help: help)
      }
      checkArguments(container, into: &report)
    }
  }

  /// `--password=…`, and `--password` with its value in the next argument.
  private static func checkArguments(
    _ container: AdviceContainer, into report: inout AdviceReport
  ) {
    for field in [Key.command, .args] {
      var flag: String?
      for item in container.node[field]?.items ?? NodeRef.value(.null).items {
        guard let text = item.string else { continue }
        let found: String?
        if text.hasPrefix("-"), let mark = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
          let value = String(text[text.utf8.index(after: mark)...])
          found = kind(of: value, named: String(text[..<mark]))
          flag = nil
        } else if text.hasPrefix("-") {
          found = CredentialText.kind(of: text, named: nil)
          flag = text
        } else {
          found = kind(of: text, named: flag)
          flag = nil
        }
        guard let found else { continue }
        report.flag(at: item, "an argument of \(container.title) holds \(found)", help: help)
      }
    }
  }

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let data = object.node["data"], data.isMapping else { return }
    for (key, value) in data.entries {
      guard CredentialText.mayTell(value, named: key), let text = value.string else { continue }
      let name = key.keyText
      if !text.hasLineEnd {
        guard let kind = CredentialText.kind(of: text, named: name) else { continue }
        report.flag(at: value, "the entry '\(name)' holds \(kind)", help: help)
      } else if let found = CredentialText.find(inLines: text) {
        let part = found.name.map { " ('\($0)')" } ?? ""
        report.flag(at: value, "the entry '\(name)' holds \(found.kind)\(part)", help: help)
      }
    }
  }

  /// A text in a pod may be a script or a file of settings as well.
  private static func kind(of text: String, named name: String?) -> String? {
    guard text.hasLineEnd else {
      return CredentialText.kind(of: text, named: name)
    }
    return CredentialText.find(inLines: text)?.kind
  }
}
