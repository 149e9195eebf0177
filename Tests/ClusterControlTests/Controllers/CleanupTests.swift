import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Namespaces that go, owners and their dependents (facts 146 to 150, 230, 231).
@Suite struct CleanupTests {
  private static func object(
    _ kind: String, _ name: String, namespace: String? = "default", owners: [ClusterObject] = [],
    ownerKind: String = "Owner", blocks: Bool = true, finalizers: [String] = []
  ) -> String {
    let references = owners.map { owner in
      #"{"apiVersion":"v1","kind":"\#(ownerKind)","name":"\#(owner.name)","uid":"\#(owner.uid)","#
        + #""controller":true,"blockOwnerDeletion":\#(blocks)}"#
    }
    let place = namespace.map { #","namespace":"\#($0)""# } ?? ""
    let held = finalizers.map { #""\#($0)""# }.joined(separator: ",")
    return #"{"apiVersion":"v1","kind":"\#(kind)","metadata":{"name":"\#(name)"\#(place),"#
      + #""ownerReferences":[\#(references.joined(separator: ","))],"finalizers":[\#(held)]}}"#
  }

  private static func names(_ rig: ControllerRig) -> [String] {
    rig.state.resources.flatMap { rig.state.objects($0) }.map(\.name).sorted()
  }

  private static func rig() -> ControllerRig {
    var rig = ControllerRig()
    rig.add(GarbageCollector())
    return rig
  }

  @Test func dependentsGoWithTheirOwners() {
    for propagation in [
      Action.Deletion.Propagation.background, .foreground, .orphan,
    ] {
      var rig = Self.rig()
      let top = rig.create(Self.object("Top", "top"))
      let middle = rig.create(Self.object("Middle", "middle", owners: [top], ownerKind: "Top"))
      rig.create(Self.object("ConfigMap", "leaf1", owners: [middle], ownerKind: "Middle"))
      rig.create(
        Self.object("ConfigMap", "leaf2", owners: [middle], ownerKind: "Middle", blocks: false))
      rig.create(Self.object("ConfigMap", "other"))
      rig.settle()
      rig.delete(top.key, Action.Deletion(propagation: propagation))
      let isThereAtFirst = rig.state.object(top.key) != nil
      #expect(isThereAtFirst == (propagation != .background), "149: \(propagation)")
      rig.run(until: 10)
      let left =
        propagation == .orphan ? ["leaf1", "leaf2", "middle", "other"] : ["other"]
      #expect(Self.names(rig) == left, "148, 149, 152: \(propagation)")
      if propagation == .orphan {
        #expect(rig.state.object(middle.key)?.owners.isEmpty == true, "149")
      }
      if propagation == .foreground {
        let order = rig.changes.filter { $0.new == nil }.map(\.key.name)
        #expect(order.last == "top", "149: dependents first")
      }
    }
  }

  @Test func foregroundWaitsForThoseThatBlock() {
    var rig = Self.rig()
    let top = rig.create(Self.object("Top", "top"))
    let held = rig.create(
      Self.object("ConfigMap", "held", owners: [top], ownerKind: "Top", finalizers: ["a/b"]))
    rig.create(
      Self.object(
        "ConfigMap", "free", owners: [top], ownerKind: "Top", blocks: false, finalizers: ["a/b"]))
    rig.delete(top.key, Action.Deletion(propagation: .foreground))
    rig.run(until: 60)
    #expect(Self.names(rig) == ["free", "held", "top"], "149: a dependent is in the way")
    rig.edit(held.key) { $0.change("metadata") { $0["finalizers"] = nil } }
    rig.run(until: 120)
    #expect(Self.names(rig) == ["free"], "149: only blockOwnerDeletion counts; 230: finalizers")
  }

  /// Fact 146: who looks for an owner asks uncached.
  @Test func ownersAreWhoTheySayTheyAre() {
    var rig = Self.rig()
    let here = rig.create(Self.object("Owner", "owner"))
    let there = rig.create(Self.object("Owner", "owner", namespace: "elsewhere"))
    let wide = rig.create(Self.object("Wide", "wide", namespace: nil))
    rig.create(Self.object("ConfigMap", "good", owners: [here]))
    rig.create(Self.object("ConfigMap", "two", owners: [here, there]))
    rig.create(Self.object("ConfigMap", "lost", owners: [there]))
    rig.create(Self.object("ConfigMap", "below", owners: [wide], ownerKind: "Wide"))
    rig.create(Self.object("ClusterThing", "big", namespace: nil, owners: [here]))
    rig.run(until: 10)
    #expect(Self.names(rig) == ["below", "good", "owner", "owner", "two", "wide"], "150, 147")
    let two = rig.state.object(
      ResourceKey(.configMaps, namespace: "default", name: "two"))
    #expect(
      two?.owners.map(\.uid) == [here.uid], "148: a dangling reference goes, the object stays")
    // Another object of the owner's name is not the owner.
    rig.delete(here.key)
    rig.create(Self.object("Owner", "owner"))
    rig.run(until: 20)
    #expect(Self.names(rig) == ["below", "owner", "owner", "wide"], "147: the uid counts")
  }

  @Test func circlesOfWaitingAreBroken() {
    var rig = Self.rig()
    let one = rig.create(Self.object("ConfigMap", "one"))
    let two = rig.create(Self.object("ConfigMap", "two", owners: [one], ownerKind: "ConfigMap"))
    rig.edit(one.key) { value in
      value.change("metadata") {
        $0["ownerReferences"] = [
          [
            "apiVersion": "v1", "kind": "ConfigMap", "name": "two", "uid": .string(two.uid),
            "blockOwnerDeletion": true,
          ]
        ]
      }
    }
    rig.settle()
    rig.delete(one.key, Action.Deletion(propagation: .foreground))
    rig.run(until: 60)
    #expect(Self.names(rig) == [], "148")
  }

  @Test func namespacesAreEmptiedFirst() {
    var rig = ControllerRig()
    rig.add(NamespaceController())
    rig.add(Kubelet())
    let namespace = rig.create(
      #"""
      {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"},
      "spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}
      """#)
    rig.create(
      #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"},"spec":{"podCIDR":"10.1.0.0/24"}}"#
    )
    for name in ["a", "b"] {
      rig.create(Self.object("ConfigMap", name, namespace: "shop"))
      rig.create(
        #"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","namespace":"shop"},
        "spec":{"nodeName":"n1","containers":[{"name":"c","image":"i:1"}]},"status":{}}
        """#)
    }
    let kept = rig.create(Self.object("ConfigMap", "kept", namespace: "other"))
    let held = rig.create(
      Self.object("Secret", "held", namespace: "shop", finalizers: ["example.com/wait"]))
    rig.run(until: 10)
    rig.delete(namespace.key)
    rig.run(until: 10.5)
    var now = rig.state.object(namespace.key)
    #expect(now?.value["status"]?["phase"] == "Terminating", "231")
    #expect(rig.state.objects(.configMaps, in: "shop").isEmpty, "231: content first")
    let message = now?.condition("NamespaceContentRemaining")?["message"]?.string ?? ""
    #expect(message.contains("pods has 2 resource instances"), "231: \(message)")
    #expect(throws: WriteRefusal.self, "231: nothing new") {
      var state = rig.state
      var writing = ClusterState.Writing(now: rig.now, chance: SeededGenerator(seed: 1))
      _ = try state.perform(
        .create(["metadata": ["name": "x"]], .configMaps, namespace: "shop"), &writing)
    }
    rig.run(until: 60)
    now = rig.state.object(namespace.key)
    #expect(now != nil, "230: a finalizer holds")
    rig.edit(held.key) { $0.change("metadata") { $0["finalizers"] = nil } }
    rig.run(until: 70)
    #expect(rig.state.object(namespace.key) == nil, "231")
    #expect(rig.state.object(kept.key) != nil)
  }
}
