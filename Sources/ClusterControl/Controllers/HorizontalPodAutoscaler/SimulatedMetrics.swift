import ManifestSchema
import ManifestSyntax

/// What a metrics server would tell of simulated pods.
///
/// A container uses what its settings say (`sim.kmf.dev/cpu`, for all or by image); load that is
/// shared is written on the autoscaler: `sim.kmf.dev/load-cpu: "3"` is spread evenly over the ready
/// pods, `sim.kmf.dev/metric.requests-per-second: "900"` is what a metric of that name comes to in
/// all.
struct SimulatedMetrics {
  let autoscaler: ClusterObject
  let pods: [ClusterObject]
  let settings: SimulationSettings

  private var readyCount: Int64 {
    Int64(max(pods.count { $0.pod?.isReady == true && !$0.isTerminating }, 1))
  }

  /// Thousandths of a resource that each pod uses, by uid; pods without a sample are left out.
  func usage(of resource: String, container: String?) -> [String: Int64] {
    let load = annotation("load-" + resource)
    var usage: [String: Int64] = [:]
    for pod in pods where pod.pod?.phase == .running {
      if let load {
        guard pod.pod?.isReady == true else { continue }
        usage[pod.uid] = load / readyCount
      } else if let own = self.usage(of: resource, pod, container) {
        usage[pod.uid] = own
      }
    }
    return usage
  }

  private func usage(
    of resource: String, _ pod: ClusterObject, _ container: String?
  ) -> Int64? {
    var total: Int64?
    let spec = pod.value["spec"]
    let sidecars = (spec?["initContainers"]?.list ?? []).filter { $0["restartPolicy"] == "Always" }
    for value in sidecars + (spec?["containers"]?.list ?? []) {
      let name = value["name"]?.string ?? ""
      guard container == nil || container == name else { continue }
      var behavior = settings.behavior(ofImage: value["image"]?.string ?? "")
      behavior.read(annotations: pod.annotations, container: name)
      guard let amount = behavior.usage[resource] else { continue }
      total = (total ?? 0) &+ amount.serverMilliValue
    }
    return total
  }

  /// Thousandths of a metric of another kind, of all pods together; nil where there is none.
  func total(ofMetric name: String) -> Int64? { annotation("metric." + name) }

  /// The same, for each pod.
  func usage(ofMetric name: String) -> [String: Int64] {
    guard let total = total(ofMetric: name) else { return [:] }
    var usage: [String: Int64] = [:]
    for pod in pods where pod.pod?.phase == .running && pod.pod?.isReady == true {
      usage[pod.uid] = total / readyCount
    }
    return usage
  }

  private func annotation(_ name: String) -> Int64? {
    autoscaler.annotation(ContainerBehavior.prefix + name).flatMap { Quantity($0) }
      .map(\.serverMilliValue)
  }
}
