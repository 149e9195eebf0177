import ManifestSchema
import ManifestSyntax

/// Fills Secrets of type `kubernetes.io/service-account-token`, and deletes them when their account
/// goes. Nobody but a simulated API server accepts the tokens.
public struct TokenController: Controller {
  /// Nothing: everything is in the objects.
  public struct Memory: Sendable {}

  public static let name = "serviceaccount-token-controller"
  public static let watches: [GroupResource] = [.secrets, .serviceAccounts]
  public static let retriesMax: Int? = 10
  public static var freshMemory: Memory { Memory() }
  static let type: Value = "kubernetes.io/service-account-token"
  static let accountName = "kubernetes.io/service-account.name"
  static let accountUID = "kubernetes.io/service-account.uid"

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    if change.key.resource == .secrets {
      if change.new?.value["type"] == Self.type { wakes.wake(change.key) }
      return
    }
    guard change.old == nil || change.new == nil else { return }
    for secret in view.state.objects(.secrets, in: change.key.namespace)
    where secret.value["type"] == Self.type
      && secret.annotation(Self.accountName) == change.key.name
    {
      wakes.wake(secret.key)
    }
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let secret = view.state.object(key), secret.value["type"] == Self.type,
      !secret.isTerminating, let name = secret.annotation(Self.accountName)
    else { return .done }
    let account = view.live.object(
      ResourceKey(.serviceAccounts, namespace: key.namespace, name: name))
    let uid = secret.annotation(Self.accountUID) ?? ""
    guard let account, uid.isEmpty || uid == account.uid else {
      var decision = Decision()
      decision.add(
        .delete(key, Action.Deletion(uid: secret.uid)), tolerates: [.notFound, .conflict])
      return decision
    }
    var value = secret.value
    value.change("metadata") { metadata in
      metadata.change("annotations") { $0[Self.accountUID] = .string(account.uid) }
    }
    let namespace = key.namespace ?? ""
    let texts = [
      ("ca.crt", view.simulation.rootCertificate), ("namespace", namespace),
      ("token", "simulated:\(namespace):\(name):\(secret.uid)"),
    ]
    value.change("data") { data in
      for (name, text) in texts where data[name]?.string ?? "" == "" {
        data[name] = .string(Base64.encode(Array(text.utf8)))
      }
    }
    guard value != secret.value else { return .done }
    var decision = Decision()
    decision.add(.update(secret, value), tolerates: [.notFound])
    return decision
  }
}
