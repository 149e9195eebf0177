import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// What every namespace has, tokens, and what quotas say is in use (facts 142 to 144).
@Suite struct TenancyTests {
  private static func rig() -> ControllerRig {
    var rig = ControllerRig()
    rig.add(ServiceAccountController())
    rig.add(RootCertificateController())
    rig.add(TokenController())
    rig.add(ResourceQuotaController())
    rig.add(NamespaceController())
    rig.create(
      #"""
      {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"},
      "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}
      """#)
    rig.settle()
    return rig
  }

  private static func key(_ resource: GroupResource, _ name: String) -> ResourceKey {
    ResourceKey(resource, namespace: "shop", name: name)
  }

  @Test func namespacesHaveAnAccountAndTheCertificates() {
    var rig = Self.rig()
    let account = Self.key(.serviceAccounts, "default")
    let first = rig.state.object(account)?.uid
    #expect(first != nil, "142")
    rig.delete(account)
    rig.settle()
    #expect(rig.state.object(account) != nil && rig.state.object(account)?.uid != first, "142")
    let map = Self.key(.configMaps, "kube-root-ca.crt")
    let own = rig.simulation.rootCertificate
    #expect(rig.state.object(map)?.value["data"]?["ca.crt"]?.string == own, "144")
    rig.edit(map) { $0["data"] = ["ca.crt": "forged", "more": "x"] }
    rig.settle()
    #expect(rig.state.object(map)?.value["data"] == ["ca.crt": .string(own)], "144: put back")
    rig.delete(map)
    rig.settle()
    #expect(rig.state.object(map) != nil, "144: made again")
    rig.delete(ResourceKey(.namespaces, name: "shop"))
    rig.run(until: 10)
    #expect(rig.state.objects(.serviceAccounts, in: "shop").isEmpty, "231: not made again")
    #expect(rig.state.object(ResourceKey(.namespaces, name: "shop")) == nil)
  }

  @Test func tokenSecretsAreFilledAndGoWithTheirAccount() {
    var rig = Self.rig()
    let secret = { (rig: inout ControllerRig, name: String, account: String, type: String) in
      rig.create(
        #"""
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"\#(name)","namespace":"shop",
        "annotations":{"kubernetes.io/service-account.name":"\#(account)"}},"type":"\#(type)"}
        """#
      ).key
    }
    let type = "kubernetes.io/service-account-token"
    let token = secret(&rig, "token", "default", type)
    let plain = secret(&rig, "plain", "default", "Opaque")
    let stray = secret(&rig, "stray", "nobody", type)
    rig.settle()
    let filled = rig.state.object(token)
    let names = filled?.value["data"]?.map?.entries.map(\.key).sorted()
    #expect(names == ["ca.crt", "namespace", "token"], "143")
    let uid = rig.state.object(Self.key(.serviceAccounts, "default"))?.uid
    #expect(filled?.annotation("kubernetes.io/service-account.uid") == uid, "143")
    #expect(rig.state.object(plain)?.value["data"] == nil, "143: of this type alone")
    #expect(rig.state.object(stray) == nil, "143: its account is not there")
    rig.delete(Self.key(.serviceAccounts, "default"))
    rig.settle()
    #expect(rig.state.object(token) == nil, "143: the account of that uid is gone")
    #expect(rig.state.object(plain) != nil)
  }

  @Test func quotasCountWhatComesAndGoes() {
    var rig = Self.rig()
    let quota = rig.create(
      #"""
      {"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q","namespace":"shop"},
      "spec":{"hard":{"pods":"10","requests.cpu":"4","count/configmaps":"9"}},"status":{}}
      """#)
    rig.run(until: 1)
    let used = { (rig: ControllerRig) in
      ["pods", "requests.cpu", "count/configmaps"].map { name in
        rig.state.object(quota.key)?.value["status"]?["used"]?[name]?.string ?? "-"
      }
    }
    // The certificates of the namespace count, too.
    #expect(used(rig) == ["0", "0", "1"])
    for name in ["a", "b"] {
      rig.create(
        #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","namespace":"shop"},
        "spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"750m"}}}]},
        "status":{"phase":"Running"}}
        """#)
    }
    rig.run(until: 2)
    #expect(used(rig) == ["2", "1500m", "1"])
    rig.edit(Self.key(.pods, "a")) { value in
      value.change("status") { $0["phase"] = "Succeeded" }
    }
    rig.run(until: 3)
    #expect(used(rig) == ["1", "750m", "1"], "what has ended counts no more")
    rig.delete(Self.key(.pods, "b"))
    rig.edit(quota.key) { value in
      value.change("spec") { $0["hard"] = ["pods": "3"] }
    }
    rig.run(until: 4)
    let status = rig.state.object(quota.key)?.value["status"]
    #expect(status == ["hard": ["pods": "3"], "used": ["pods": "0"]])
  }
}
