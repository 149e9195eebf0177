import ManifestSyntax
import Testing

@testable import ClusterControl

@Suite struct AllocationKeyTests {
  @Test func keysAndOwnersReadWhatTheyWrote() {
    let keys: [AllocationKey] = [
      .address("10.96.0.1"), .address("fd00::1"), .nodePort(30080), .podCIDR("10.244.1.0/24"),
    ]
    for key in keys { #expect(AllocationKey(path: key.path) == key, "\(key)") }
    for text in ["", "ip", "nodeport/x", "other/1"] {
      #expect(AllocationKey(path: text) == nil, "'\(text)'")
    }
    for key in [
      ResourceKey(.services, namespace: "shop", name: "web"), ResourceKey(.nodes, name: "n1"),
      ResourceKey(.ingresses, namespace: "shop", name: "web"),
    ] {
      let owner = AllocationOwner(key, uid: "u1")
      #expect(AllocationOwner(owner.value) == owner, "\(key)")
    }
  }
}
