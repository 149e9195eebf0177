import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags the rest of what the API server warns about.
struct OtherServerWarning: PodAdvice, ObjectAdvice {
  static let about = AdviceDescription(
    "APW010", "other-server-warning", .warning, .recommended, fix: .hint,
    "The server takes a part of the object with a warning.",
    why: """
      The API server answers such objects with a warning that few people see: entries that are \
      there twice, addresses that are written in an unusual way, values that it changes.
      """,
    supersedes: [
      "WRN-04", "WRN-18", "WRN-19", "WRN-20", "WRN-21", "WRN-23", "WRN-24", "WRN-25", "WRN-27",
      "WRN-31", "WRN-38", "WRN-41", "WRN-51", "WRN-53", "WRN-55", "WRN-56",
    ],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostAliases:
        - {ip: 192.0.2.1, hostnames: [a]}
        - ip: 192.0.2.1 # want: the address '192.0.2.1' is listed before
          hostnames: [b]
        imagePullSecrets:
        - name: registry
        - name: registry # want: the secret 'registry' is listed before
        - name: "" # want: a secret without a name is never found
        containers:
        - name: app
          image: nginx:1.29.1
          ports: [{containerPort: 80, hostIP: 192.0.2.1}] # want: hostIP has no effect without a hostPort
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
            terminationGracePeriodSeconds: -1 # want: the time to stop is '-1', which counts as 1
            dnsConfig: {nameservers: ["2001:DB8::1"]} # want: '2001:DB8::1' is written as '2001:db8::1'
            containers: [{name: app, image: "nginx:1.29.1"}]
            volumes:
            - name: all
              projected:
                sources:
                - configMap: {name: a, items: [{key: k, path: same}]}
                - secret: {name: b, items: [{key: k, path: same}]} # want: another file of this volume lies at
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: LoadBalancer
        loadBalancerSourceRanges:
        - 10.1.2.3/8 # want: '10.1.2.3/8' is written as '10.0.0.0/8'
        selector: {app: web}
        ports: [{port: 80}]
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {name: many}
      spec:
        completionMode: Indexed
        completions: 200000 # want: a Job of 200000 numbered pods, 20000 at a time
        parallelism: 20000
        template: {spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        terminationGracePeriodSeconds: 0
        hostAliases: [{ip: 192.0.2.1, hostnames: [a, b]}, {ip: "2001:db8::1", hostnames: [c]}]
        imagePullSecrets: [{name: registry}, {name: other}]
        containers:
        - name: app
          image: nginx:1.29.1
          ports: [{containerPort: 80, hostPort: 80, hostIP: 192.0.2.1}]
        volumes:
        - name: all
          projected:
            sources:
            - configMap: {name: a, items: [{key: k, path: a/one}]}
            - secret: {name: b, items: [{key: k, path: a/two}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        type: LoadBalancer
        loadBalancerIP: 192.0.2.1
        loadBalancerSourceRanges: [10.0.0.0/8, "fd00::/8"]
        selector: {app: web}
        ports: [{port: 80}]
      """,
    ])

  static var subjects: [AdviceSubject] { [.pod(Self.self), .object(Self.self)] }

  static let needs = [
    "hostAliases", "imagePullSecrets", "hostIP", "terminationGracePeriodSeconds", "nameservers",
    "items", "projected", "nodeAffinity", "clusterIP", "clusterIPs", "externalIPs",
    "loadBalancerIP", "loadBalancerSourceRanges", "completionMode",
  ]

  static let kinds = ["Service", "Job", "CronJob"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let spec = pod.spec.node
    checkLists(spec, into: &report)
    for container in pod.longRunning {
      for port in container.node.list(.ports) {
        guard let node = port["hostIP"], node.string?.isEmpty == false,
          port["hostPort"]?.int64 ?? 0 == 0
        else { continue }
        report.flag(
          at: node, "hostIP has no effect without a hostPort", help: "add hostPort, or remove it")
      }
    }
    if let node = spec["terminationGracePeriodSeconds"], let seconds = node.int64, seconds < 0 {
      report.flag(
        at: node, "the time to stop is '\(seconds)', which counts as 1",
        help: "write 1 or more, or 0 to stop at once")
    }
    for node in spec["dnsConfig"]?.list("nameservers") ?? NodeRef.value(.null).items {
      checkAddress(node, into: &report)
    }
    for volume in spec.list(.volumes) { checkVolume(volume, report.version, into: &report) }
    checkPreferences(spec, into: &report)
  }

  private static func checkLists(_ spec: NodeRef, into report: inout AdviceReport) {
    var addresses: Set<String> = []
    for alias in spec.list("hostAliases") {
      guard let node = alias["ip"], let ip = node.string else { continue }
      if !addresses.insert(ip).inserted {
        report.flag(
          at: node, "the address '\(ip)' is listed before",
          help: "put all names of an address into one entry")
      }
      checkAddress(node, into: &report)
    }
    var secrets: Set<String> = []
    for secret in spec.list("imagePullSecrets") {
      let name = secret[.name]?.string ?? ""
      if name.isEmpty {
        report.missing(
          "name", in: secret, "a secret without a name is never found",
          help: "name the secret, or remove the entry")
      } else if !secrets.insert(name).inserted, let node = secret[.name] {
        report.flag(
          at: node, "the secret '\(name)' is listed before", help: "remove one of the two")
      }
    }
  }

  private static func checkVolume(
    _ volume: NodeRef, _ version: KubernetesVersion, into report: inout AdviceReport
  ) {
    var lists: [[NodeRef]] = []
    for part in [volume[.configMap], volume[.secret], volume["downwardAPI"]] {
      // One file alone is in nobody's way.
      if let items = part?["items"], items.count > 1 { lists.append(Array(items.items)) }
    }
    if let projected = volume[.projected] {
      var all: [NodeRef] = []
      for source in projected.list("sources") {
        for name in ["configMap", "secret", "downwardAPI"] {
          if let part = source[name] { all += Array(part.list("items")) }
        }
        for name in ["serviceAccountToken", "clusterTrustBundle"] {
          if let part = source[name], part["path"] != nil { all.append(part) }
        }
        if source.isMapping, source.entries.allSatisfy({ $0.value.isNull }) {
          report.flag(
            at: source, "this source of the volume projects nothing",
            help: "name a configMap, secret, downwardAPI or serviceAccountToken")
        }
      }
      lists.append(all)
    }
    for list in lists {
      for clash in VolumeWarnings.clashes(among: list) {
        report.flag(at: clash.node, "path", clash.message, help: "give each file its own path")
      }
    }
  }

  /// Values that no label can have, where a node is only preferred.
  private static func checkPreferences(_ spec: NodeRef, into report: inout AdviceReport) {
    guard let nodes = spec["affinity"]?["nodeAffinity"] else { return }
    for item in nodes.list("preferredDuringSchedulingIgnoredDuringExecution") {
      for expression in item["preference"]?.list("matchExpressions") ?? NodeRef.value(.null).items {
        for value in expression.list("values") {
          guard let text = value.string, !LabelFormat.value(text).isEmpty else { continue }
          report.flag(
            at: value, "no label can have the value '\(text)', so no node is preferred",
            help: "write a value that a label can have")
        }
      }
    }
  }

  private static func checkAddress(_ node: NodeRef, into report: inout AdviceReport) {
    guard let text = node.string, let address = IPAddress(text) else { return }
    flag(node, text, usual: address.unmapped.description, into: &report)
  }

  private static func flag(
    _ node: NodeRef, _ text: String, usual: String, into report: inout AdviceReport
  ) {
    guard usual != text else { return }
    report.flag(
      at: node, "'\(text)' is written as '\(usual)' by everybody else", help: "write '\(usual)'",
      fixes: [
        report.setting(node, to: "\"\(usual)\"", title: "write '\(usual)'", safety: .safe)
      ])
  }

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let spec = object.node[.spec] else { return }
    switch object.kind {
    case "Service": checkService(spec, into: &report)
    case "Job": checkJob(spec, into: &report)
    default: if let job = spec[.jobTemplate]?[.spec] { checkJob(job, into: &report) }
    }
  }

  private static func checkService(_ spec: NodeRef, into report: inout AdviceReport) {
    if let node = spec["clusterIP"], node.string != "None" { checkAddress(node, into: &report) }
    for list in ["clusterIPs", "externalIPs"] {
      for node in spec.list(list) { checkAddress(node, into: &report) }
    }
    if let node = spec["loadBalancerIP"], let text = node.string, !text.isEmpty {
      if IPAddress(text) == nil {
        report.flag(
          at: node, "'\(text)' is no IP address",
          help: "write an address, or leave it to the load balancer")
      } else {
        checkAddress(node, into: &report)
      }
    }
    for node in spec.list("loadBalancerSourceRanges") {
      guard let text = node.string, let range = CIDR(text), !range.address.isIPv4Mapped else {
        continue
      }
      flag(node, text, usual: range.masked.description, into: &report)
    }
  }

  private static func checkJob(_ spec: NodeRef, into report: inout AdviceReport) {
    guard spec["completionMode"]?.string == "Indexed", let node = spec["completions"],
      let completions = node.int64, completions > 100_000,
      let parallelism = spec["parallelism"]?.int64, parallelism > 10_000
    else { return }
    report.flag(
      at: node,
      "a Job of \(completions) numbered pods, \(parallelism) at a time, may lose track of some",
      help: "use at most 100000 completions, or 10000 at a time")
  }
}
