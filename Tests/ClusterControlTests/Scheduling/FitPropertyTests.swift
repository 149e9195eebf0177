import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Whatever comes and goes: no pod on a node that it does not fit.
@Suite struct FitPropertyTests {
  @Test func neverTooFull() {
    for seed in UInt64(0)..<40 {
      var chance = SeededGenerator(seed: seed)
      func number(_ bound: Int) -> Int { Int(chance.number(below: UInt64(bound))) }
      var world = SchedulingWorld()
      var names: [String] = []
      for turn in 0..<60 {
        switch number(10) {
        case 0:
          world.node(
            "n\(turn)", cpu: "\(1 + number(4))", pods: 1 + number(6), labels: "zone=z\(number(3))")
        case 1 where !names.isEmpty:
          world.remove(names.remove(at: number(names.count)))
        case 2:
          let nodes = world.rig.state.objects(.nodes)
          if !nodes.isEmpty, number(3) == 0 { world.rig.delete(nodes[number(nodes.count)].key) }
        case 3: world.rig.run(until: world.rig.seconds + Double(number(20)))
        case 4: world.rig.restart(0)
        default:
          let name = "p\(turn)"
          names.append(name)
          world.pod(
            name, cpu: "\((1 + number(12)) * 100)m", labels: "app=a\(number(3))",
            spec: Self.specs[number(Self.specs.count)])
        }
        if number(2) == 0 { world.settle() }
        let breach = Self.breach(world.rig.state)
        #expect(breach == nil, "seed \(seed), turn \(turn): \(breach ?? "")")
        if breach != nil { return }
      }
    }
  }

  private static let specs = [
    "", #""priority":10"#, #""nodeSelector":{"zone":"z1"}"#,
    #""topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"#
      + #""DoNotSchedule","labelSelector":{"matchLabels":{"app":"a1"}}}]"#,
    #""affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"#
      + #""kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"a2"}}}]}}"#,
  ]

  /// The first node with too many pods, or too much asked of it.
  private static func breach(_ state: ClusterState) -> String? {
    for node in state.objects(.nodes) {
      if let shortage = NodeFit.shortage(on: node.name, in: state) {
        return "\(node.name): \(shortage)"
      }
    }
    return nil
  }
}
