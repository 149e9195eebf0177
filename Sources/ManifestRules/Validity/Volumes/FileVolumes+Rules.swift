extension FileVolumes {
  static let rules: [RuleDescription] = objects + files

  private static let objects: [RuleDescription] = [
    RuleDescription(
      "VOL-17", "a secret volume names its Secret", bad: volume("secret: {}"),
      volume("secret: {name: s}"), good: volume("secret: {secretName: S_1}")),
    RuleDescription(
      "VOL-18", "a secret volume's defaultMode is at most 0777",
      bad: volume("secret: {secretName: s, defaultMode: 0o1777}"),
      volume("secret: {secretName: s, defaultMode: -1}"),
      good: volume("secret: {secretName: s, defaultMode: 0777}")),
    RuleDescription(
      "VOL-19", "an item of a secret volume has a key",
      bad: volume("secret: {secretName: s, items: [{path: a}]}"),
      good: volume("secret: {secretName: s, items: [{key: k, path: a}]}")),
    RuleDescription(
      "VOL-20", "an item of a secret volume has a path that stays in the volume",
      bad: volume("secret: {secretName: s, items: [{key: k}]}"),
      volume("secret: {secretName: s, items: [{key: k, path: /a}]}"),
      volume("secret: {secretName: s, items: [{key: k, path: ..a}]}"),
      good: volume("secret: {secretName: s, items: [{key: k, path: a/..b}]}")),
    RuleDescription(
      "VOL-21", "the mode of a secret volume's item is at most 0777",
      bad: volume("secret: {secretName: s, items: [{key: k, path: a, mode: 512}]}"),
      good: volume("secret: {secretName: s, items: [{key: k, path: a, mode: 511}]}")),
    RuleDescription(
      "VOL-22", "a configMap volume names its ConfigMap", bad: volume("configMap: {}"),
      good: volume("configMap: {name: C_1}")),
    RuleDescription(
      "VOL-23", "a configMap volume's defaultMode is at most 0777",
      bad: volume("configMap: {name: c, defaultMode: 777}"),
      good: volume("configMap: {name: c, defaultMode: 0755}")),
    RuleDescription(
      "VOL-24", "an item of a configMap volume has a key, a path and a sound mode",
      bad: volume("configMap: {name: c, items: [{path: a}]}"),
      volume("configMap: {name: c, items: [{key: k, path: a/../b}]}"),
      volume("configMap: {name: c, items: [{key: k, path: a, mode: 512}]}"),
      good: volume("configMap: {name: c, items: [{key: k, path: a/b, mode: 0400}]}")),
  ]

  private static let files: [RuleDescription] = [
    RuleDescription(
      "VOL-67", "a downwardAPI volume's defaultMode is at most 0777",
      bad: volume("downwardAPI: {defaultMode: 512}"),
      good: volume("downwardAPI: {defaultMode: 511}")),
    RuleDescription(
      "VOL-68", "a downwardAPI file has a path that stays in the volume",
      bad: file("fieldRef: {fieldPath: metadata.name}"),
      file("path: ../a, fieldRef: {fieldPath: metadata.name}"),
      good: file("path: a/b, fieldRef: {fieldPath: metadata.name}")),
    RuleDescription(
      "VOL-69", "a downwardAPI file has one source", bad: file("path: a"),
      file(
        "path: a, fieldRef: {fieldPath: metadata.name}, "
          + "resourceFieldRef: {containerName: app, resource: limits.cpu}"),
      good: file("path: a, fieldRef: {fieldPath: metadata.name}")),
    RuleDescription(
      "VOL-70", "a downwardAPI file holds a field that files can hold",
      bad: file("path: a, fieldRef: {}"), file("path: a, fieldRef: {fieldPath: spec.nodeName}"),
      file("path: a, fieldRef: {fieldPath: metadata.Name}"),
      file("path: a, fieldRef: {fieldPath: \"spec.nodeSelector['a']\"}"),
      good: file("path: a, fieldRef: {fieldPath: metadata.annotations}"),
      file("path: a, fieldRef: {fieldPath: \"metadata.labels['app']\"}")),
    RuleDescription(
      "VOL-71", "the key of a label or annotation can be one",
      bad: file("path: a, fieldRef: {fieldPath: \"metadata.labels['a b']\"}"),
      good: file("path: a, fieldRef: {fieldPath: \"metadata.annotations['A.example/b']\"}")),
    RuleDescription(
      "VOL-72", "an amount in a file belongs to a container",
      bad: file("path: a, resourceFieldRef: {resource: limits.cpu}"),
      good: file("path: a, resourceFieldRef: {containerName: app, resource: limits.cpu}")),
    RuleDescription(
      "VOL-73", "an amount in a file is a limit or request of the container",
      bad: file("path: a, resourceFieldRef: {containerName: app}"),
      file("path: a, resourceFieldRef: {containerName: app, resource: cpu}"),
      good: file(
        "path: a, resourceFieldRef: {containerName: app, resource: limits.hugepages-2Mi}")),
    RuleDescription(
      "VOL-74", "an amount in a file is counted in a known unit",
      bad: file(
        "path: a, resourceFieldRef: {containerName: app, resource: limits.cpu, divisor: 2m}"),
      file(
        "path: a, resourceFieldRef: {containerName: app, resource: limits.memory, divisor: 1m}"),
      good: file(
        "path: a, resourceFieldRef: {containerName: app, resource: limits.memory, divisor: 1Mi}")),
    RuleDescription(
      "VOL-75", "the mode of a downwardAPI file is at most 0777",
      bad: file("path: a, fieldRef: {fieldPath: metadata.name}, mode: 512"),
      good: file("path: a, fieldRef: {fieldPath: metadata.name}, mode: 0")),
  ]

  private static func volume(_ source: String) -> RuleExample {
    "spec.volumes = [{name: v, \(source)}]"
  }

  private static func file(_ file: String) -> RuleExample {
    volume("downwardAPI: {items: [{\(file)}]}")
  }
}
