import ManifestSchema
import ManifestSyntax

/// Counts in the status of ResourceQuotas what is in use.
public struct ResourceQuotaController: Controller {
  public struct Memory: Sendable {
    /// The quotas of each namespace.
    var quotas: [String: Set<String>] = [:]
  }

  public static let name = "resourcequota-controller"
  public static let watches: [GroupResource] = [.any]
  public static var freshMemory: Memory { Memory() }
  /// How long changes are gathered before everything is counted anew.
  private static let gatheringTime = Duration.milliseconds(100)

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    guard let namespace = change.key.namespace else { return }
    if change.key.resource == .resourceQuotas {
      if change.new == nil {
        memory.quotas[namespace]?.remove(change.key.name)
      } else {
        memory.quotas[namespace, default: []].insert(change.key.name)
        wakes.wake(change.key)
      }
    }
    guard let quotas = memory.quotas[namespace], !quotas.isEmpty, matters(change) else { return }
    for name in quotas.sorted() {
      let key = ResourceKey(.resourceQuotas, namespace: namespace, name: name)
      wakes.wake(key, after: Self.gatheringTime)
    }
  }

  /// What comes, goes, ends or asks for another amount.
  private func matters(_ change: Change) -> Bool {
    guard let old = change.old, let new = change.new else { return true }
    if old.pod?.isTerminal != new.pod?.isTerminal { return true }
    switch change.key.resource {
    case .pods, .services, .persistentVolumeClaims:
      return old.value["spec"] != new.value["spec"]
    default: return false
    }
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let object = view.state.object(key), !object.isTerminating else { return .done }
    let quota = QuotaStatus(object.value, namespace: key.namespace)
    var decision = Decision()
    do throws(AdmissionRefusal) {
      let used = try quota.count(StateReader(state: view.state))
      guard let update = quota.update(used) else { return .done }
      var value = object.value
      value["status"] = update.object["status"]
      decision.add(.updateStatus(object, value), tolerates: [.notFound])
    } catch {
      decision.isRetry = true
    }
    return decision
  }
}
