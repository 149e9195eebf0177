import Foundation
import ManifestSchema
import ManifestSyntax
import Testing

@testable import ManifestRules

/// Values that nobody means: no crash, and an answer before the reader loses patience.
@Suite struct AbsurdValueTests {
  private static let numbers = [
    "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "18446744073709551616", "2147483648", "-2147483649", "1e400", "-0", ".nan", "-.inf",
    String(repeating: "9", count: 5_000), "0x" + String(repeating: "f", count: 40),
  ]
  private static let quantities = [
    String(repeating: "9", count: 1_000_000), "0." + String(repeating: "1", count: 1_000_000),
    "1" + String(repeating: "0", count: 1_000_000) + "E", "1e999999999999", "1e-999999999999",
    "9223372036854775807Ei", "\"\"", "\".\"", "\"+\"", "\"-m\"", "--1", "1e", "1ee1", "1EiEi",
  ]
  private static let names = [
    "\"\"", "\"a\\0b\"", "\"\\0\"", "a b", "\"a\\nb\"", "\".\"", "\"..\"", "\"/\"", "\"-\"",
    "\"\u{1F600}\"", "\"%2F\"", "'*'", "\"${\"", String(repeating: "a", count: 100_000),
  ]
  private static let addresses = [
    "10.0.0.0/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/", "010.0.0.1", "256.0.0.1",
    "1.2.3", "'::'", "'::/0'", "'::/129'", "'fe80::1%eth0'", "'fe80::1%eth0/64'", "'::1%'",
    "'::ffff:1.2.3.4'", "'1:2:3:4:5:6:7:8:9'", "':::'", "\"\"", "\"\\0\"", "'%'",
    String(repeating: "'1:", count: 1) + String(repeating: "1:", count: 50_000) + "'",
  ]

  /// Where values of a sort stand: `@` is the value.
  private static let places: [(values: [String], manifests: [String])] = [
    (
      numbers,
      [
        pod("spec: {activeDeadlineSeconds: @, terminationGracePeriodSeconds: @, priority: @}"),
        pod("spec: {securityContext: {runAsUser: @, fsGroup: @, supplementalGroups: [@]}}"),
        pod(
          """
          spec: {containers: [{name: a, image: b, ports: [{containerPort: @, hostPort: @}],
            livenessProbe: {periodSeconds: @, httpGet: {port: @}}}]}
          """),
        deployment("replicas: @, minReadySeconds: @, progressDeadlineSeconds: @"),
        deployment("strategy: {rollingUpdate: {maxSurge: @, maxUnavailable: '@%'}}"),
        service("ports: [{port: @, targetPort: @, nodePort: @}], healthCheckNodePort: @"),
      ]
    ),
    (
      quantities,
      [
        pod(
          """
          spec: {containers: [{name: a, image: b, resources: {limits: {cpu: @, memory: @},
            requests: {cpu: @, hugepages-2Mi: @}}}], volumes: [{name: v, emptyDir: {sizeLimit: @}}]}
          """)
      ]
    ),
    (
      names,
      [
        pod("spec: {containers: [{name: @, image: @}], nodeName: @, hostname: @, subdomain: @}"),
        pod("spec: {volumes: [{name: @, secret: {secretName: @, items: [{key: @, path: @}]}}]}"),
        pod("spec: {nodeSelector: {@: @}, tolerations: [{key: @, value: @, operator: @}]}"),
        "{apiVersion: v1, kind: Pod, metadata: {name: @, namespace: @, labels: {@: @}}}",
        "{apiVersion: v1, kind: Pod, metadata: {name: a, generateName: @, finalizers: [@]}}",
        deployment("selector: {matchLabels: {@: @}, matchExpressions: [{key: @, operator: @}]}"),
        service("ports: [{name: @, port: 1, protocol: @, appProtocol: @}], selector: {@: @}"),
        service("type: @, externalName: @, sessionAffinity: @, clusterIP: @"),
        "{apiVersion: @, kind: @}", "{apiVersion: v1, kind: ConfigMap, metadata: @, data: {@: @}}",
      ]
    ),
    (
      addresses,
      [
        pod("spec: {hostAliases: [{ip: @}], dnsConfig: {nameservers: [@, @]}}"),
        service("clusterIP: @, clusterIPs: [@, @], externalIPs: [@], loadBalancerIP: @"),
        service("type: LoadBalancer, loadBalancerSourceRanges: [@, @]"),
      ]
    ),
  ]

  private static func pod(_ spec: String) -> String {
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n" + spec
  }

  private static func deployment(_ spec: String) -> String {
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {\(spec)}"
  }

  private static func service(_ spec: String) -> String {
    "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {\(spec)}"
  }

  @Test func absurdValuesAreAnswered() {
    for place in Self.places {
      for manifest in place.manifests {
        for value in place.values {
          let text = manifest.split(separator: "@", omittingEmptySubsequences: false)
            .joined(separator: value)
          judge(text, "\(manifest) with \(value.prefix(40))")
        }
      }
    }
  }

  @Test func hugeListsAreAnswered() {
    func items(_ count: Int, _ make: (Int) -> String) -> String {
      "[" + (0..<count).map(make).joined(separator: ", ") + "]"
    }
    let containers = items(100_000) { "{name: c\($0), image: a, ports: [{containerPort: 80}]}" }
    let same = items(5_000) { _ in "{name: c, image: a, volumeMounts: [{name: v, mountPath: /a}]}" }
    let volumes = items(20_000) { "{name: v\($0), emptyDir: {}}" }
    let ports = items(20_000) { "{name: p\($0), port: \($0)}" }
    let addresses = items(20_000) { "10.0.\($0 / 256).\($0 % 256)" }
    let cases = [
      ("containers", Self.pod("spec: {containers: \(containers)}")),
      ("equal containers", Self.pod("spec: {initContainers: \(same), containers: \(same)}")),
      ("volumes", Self.pod("spec: {containers: [{name: a, image: b}], volumes: \(volumes)}")),
      ("ports", Self.service("ports: \(ports)")),
      ("addresses", Self.service("ports: [{port: 80}], externalIPs: \(addresses)")),
    ]
    for (name, text) in cases { judge(text, "very many \(name)", within: .seconds(60)) }
  }

  /// A debug build is slow; what grows with the square takes far longer still. The processor's time
  /// counts, since other tests run meanwhile.
  private func judge(_ text: String, _ name: String, within limit: Duration = .seconds(20)) {
    let start = Self.processorTime()
    let result = Validator(ValidationContext()).validate(SourceText(text), isExplicit: true)
    #expect(!result.documents.isEmpty, "\(name) was not judged")
    let duration = Self.processorTime() - start
    #expect(duration < limit, "\(name) took \(duration)")
    if duration > .seconds(3) { print("\(name): \(duration)") }
  }

  /// What this thread has used so far.
  private static func processorTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
