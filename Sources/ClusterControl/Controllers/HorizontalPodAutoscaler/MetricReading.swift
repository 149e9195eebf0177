import ManifestSchema
import ManifestSyntax

extension ReplicaCalculation {
  /// What one entry of an autoscaler's metrics asks for.
  func proposal(for metric: Value) throws(Trouble) -> Result {
    switch metric["type"]?.string {
    case "Resource": try resource(metric["resource"] ?? .null, container: nil, "Resource")
    case "ContainerResource":
      try resource(
        metric["containerResource"] ?? .null,
        container: metric["containerResource"]?["container"]?.string, "ContainerResource")
    case "Pods": try podMetric(metric["pods"] ?? .null)
    case "Object": try total(metric["object"] ?? .null, "Object")
    case "External": try total(metric["external"] ?? .null, "External")
    default:
      throw Trouble(
        reason: "InvalidMetricSourceType",
        message: "unknown metric source type \"\(metric["type"]?.string ?? "")\"")
    }
  }

  private static func milli(_ value: Value?) -> Int64? {
    if let number = value?.int64 {
      return number.multipliedReportingOverflow(by: 1000).partialValue
    }
    return value?.string.flatMap { Quantity($0) }.map(\.serverMilliValue)
  }

  static func text(_ milli: Int64) -> Value {
    .string(Quantity(milli, .milli).canonicalText)
  }

  // MARK: - Resources

  private func resource(
    _ source: Value, container: String?, _ type: String
  ) throws(Trouble) -> Result {
    let name = source["name"]?.string ?? ""
    let samples = metrics.usage(of: name, container: container)
    let target = source["target"] ?? .null
    var current: Value = .emptyMap
    let proposed: (replicas: Int64, samples: [String: Int64])
    if let each = Self.milli(target["averageValue"]) {
      proposed = try proposal(
        samples: samples, of: name, wanted: { Double(each) * Double($0.count) },
        fallback: { _ in each })
    } else {
      let percent = target["averageUtilization"]?.int64 ?? 80
      let requests = try requests(of: name, container: container)
      let sum = { (uids: Set<String>) in
        uids.reduce(0.0) { $0 + Double(requests[$1] ?? 0) }
      }
      proposed = try proposal(
        samples: samples, of: name, wanted: { sum($0) * Double(percent) / 100 },
        fallback: { Int64(Double(requests[$0.uid] ?? 0) * Double(max(percent, 100)) / 100) })
      let asked = sum(Set(proposed.samples.keys))
      let used = proposed.samples.values.reduce(0.0) { $0 + Double($1) }
      current["averageUtilization"] = .int(asked > 0 ? Int64(used * 100 / asked) : 0)
    }
    current["averageValue"] = Self.average(proposed.samples)
    var body: Value = ["name": .string(name), "current": current]
    if let container { body["container"] = .string(container) }
    let key = type == "Resource" ? "resource" : "containerResource"
    return Result(
      replicas: proposed.replicas,
      current: ["type": .string(type), key: body])
  }

  private static func average(_ samples: [String: Int64]) -> Value {
    text(samples.values.reduce(0, &+) / Int64(max(samples.count, 1)))
  }

  /// What each pod asks for of a resource; all containers must say it.
  private func requests(
    of resource: String, container: String?
  ) throws(Trouble) -> [String: Int64] {
    var requests: [String: Int64] = [:]
    for pod in pods {
      let spec = pod.value["spec"]
      let sidecars = (spec?["initContainers"]?.list ?? []).filter {
        $0["restartPolicy"] == "Always"
      }
      var total: Int64 = 0
      for value in (spec?["containers"]?.list ?? []) + sidecars {
        let name = value["name"]?.string ?? ""
        guard container == nil || container == name else { continue }
        guard let amount = Self.milli(value["resources"]?["requests"]?[resource]) else {
          throw Trouble(
            reason: "FailedGetResourceMetric",
            message: "missing request for \(resource) in container \(name) of Pod \(pod.name)")
        }
        total &+= amount
      }
      requests[pod.uid] = total
    }
    return requests
  }

  // MARK: - Other metrics

  private func podMetric(_ source: Value) throws(Trouble) -> Result {
    let name = source["metric"]?["name"]?.string ?? ""
    let each = Self.milli(source["target"]?["averageValue"]) ?? 0
    let samples = metrics.usage(ofMetric: name)
    guard !samples.isEmpty else {
      throw Trouble(
        reason: "FailedGetPodsMetric", message: "unable to get metric \(name): no samples")
    }
    let proposed = try proposal(
      samples: samples, of: nil, wanted: { Double(each) * Double($0.count) },
      fallback: { _ in each })
    return Result(
      replicas: proposed.replicas,
      current: [
        "type": "Pods",
        "pods": [
          "metric": source["metric"] ?? .emptyMap,
          "current": ["averageValue": Self.average(proposed.samples)],
        ],
      ])
  }

  /// A metric of something else: an object, or the world outside.
  private func total(_ source: Value, _ type: String) throws(Trouble) -> Result {
    let name = source["metric"]?["name"]?.string ?? ""
    guard let total = metrics.total(ofMetric: name) else {
      throw Trouble(
        reason: "FailedGet\(type)Metric", message: "unable to get metric \(name): no samples")
    }
    var current: Value = .emptyMap
    let replicas: Int64
    if let each = Self.milli(source["target"]?["averageValue"]) {
      replicas = proposal(total: total, each: each)
      current["averageValue"] = Self.text(total / max(self.current, 1))
    } else {
      replicas = proposal(total: total, target: Self.milli(source["target"]?["value"]) ?? 0)
      current["value"] = Self.text(total)
    }
    var body: Value = ["metric": source["metric"] ?? .emptyMap, "current": current]
    if let object = source["describedObject"] { body["describedObject"] = object }
    return Result(
      replicas: replicas, current: ["type": .string(type), type.lowercased(): body])
  }
}
