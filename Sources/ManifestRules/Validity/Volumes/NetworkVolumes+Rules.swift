extension NetworkVolumes {
  static let rules: [RuleDescription] = servers + iscsi + others

  private static let servers: [RuleDescription] = [
    RuleDescription(
      "VOL-25", "an nfs volume names its server and its folder", bad: volume("nfs: {path: /a}"),
      good: volume("nfs: {server: s, path: /a}")),
    RuleDescription(
      "VOL-26", "an nfs volume's folder is an absolute path",
      bad: volume("nfs: {server: s, path: a}"), good: volume("nfs: {server: s, path: /}")),
    RuleDescription(
      "VOL-33", "a glusterfs volume names its endpoints and its path",
      bad: volume("glusterfs: {path: a}"), volume("glusterfs: {endpoints: a}"),
      good: volume("glusterfs: {endpoints: e, path: a}")),
    RuleDescription(
      "VOL-34", "a flocker volume names its dataset in one way", bad: volume("flocker: {}"),
      volume("flocker: {datasetName: a, datasetUUID: b}"),
      good: volume("flocker: {datasetUUID: b}")),
    RuleDescription(
      "VOL-35", "a dataset's name has no '/'", bad: volume("flocker: {datasetName: a/b}"),
      good: volume("flocker: {datasetName: a b}")),
    RuleDescription(
      "VOL-38", "an rbd volume names its monitors and its image", bad: volume("rbd: {image: a}"),
      volume("rbd: {monitors: [m]}"), good: volume("rbd: {monitors: [m], image: a}")),
    RuleDescription(
      "VOL-39", "a cinder volume names its volume", bad: volume("cinder: {}"),
      good: volume("cinder: {volumeID: a}")),
    RuleDescription(
      "VOL-40", "a cinder volume's Secret has a name",
      bad: volume("cinder: {volumeID: a, secretRef: {}}"),
      good: volume("cinder: {volumeID: a, secretRef: {name: s}}")),
    RuleDescription(
      "VOL-41", "a cephfs volume names its monitors", bad: volume("cephfs: {monitors: []}"),
      good: volume("cephfs: {monitors: [m]}")),
  ]

  private static let iscsi: [RuleDescription] = [
    RuleDescription(
      "VOL-27", "an iscsi volume names its server",
      bad: volume("iscsi: {iqn: 'iqn.2001-04.com.example:a'}"),
      good: volume("iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a'}")),
    RuleDescription(
      "VOL-28", "an iscsi volume names its target", bad: volume("iscsi: {targetPortal: p}"),
      volume("iscsi: {targetPortal: p, iqn: 'iqn.2001.com.example:a'}"),
      volume("iscsi: {targetPortal: p, iqn: eui.0123}"),
      good: volume("iscsi: {targetPortal: p, iqn: eui.0123456789abcdef}"),
      volume("iscsi: {targetPortal: p, iqn: naa.0123456789abcdef0123456789abcdef}")),
    RuleDescription(
      "VOL-29", "an iscsi volume's lun is between 0 and 255",
      bad: volume("iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', lun: 256}"),
      good: volume("iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', lun: 255}")),
    RuleDescription(
      "VOL-30", "CHAP authentication has a Secret",
      bad: volume(
        "iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', chapAuthSession: true}"),
      good: volume(
        "iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', chapAuthSession: false}")),
    RuleDescription(
      "VOL-31", "an iscsi volume's initiator has an iSCSI name",
      bad: volume(
        "iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', initiatorName: me}"),
      good: volume(
        "iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', "
          + "initiatorName: 'iqn.2001-04.com.example:b'}")),
    RuleDescription(
      "VOL-32", "name and server of an iscsi volume with an initiator are short",
      bad: volume(
        "iscsi: {targetPortal: \(String(repeating: "p", count: 63)), "
          + "iqn: 'iqn.2001-04.com.example:a', initiatorName: 'iqn.2001-04.com.example:b'}"),
      good: volume(
        "iscsi: {targetPortal: \(String(repeating: "p", count: 62)), "
          + "iqn: 'iqn.2001-04.com.example:a', initiatorName: 'iqn.2001-04.com.example:b'}")),
  ]

  private static let others: [RuleDescription] = [
    RuleDescription(
      "VOL-42", "a quobyte volume's registry is hosts with ports",
      bad: volume("quobyte: {volume: a}"),
      volume("quobyte: {volume: a, registry: 'h:1,i'}"),
      good: volume("quobyte: {volume: a, registry: 'h:1,[::1]:2'}")),
    RuleDescription(
      "VOL-43", "a quobyte volume's tenant has at most 64 bytes",
      bad: volume(
        "quobyte: {volume: a, registry: 'h:1', tenant: \(String(repeating: "t", count: 65))}"),
      good: volume(
        "quobyte: {volume: a, registry: 'h:1', tenant: \(String(repeating: "t", count: 64))}")),
    RuleDescription(
      "VOL-44", "a quobyte volume names its volume", bad: volume("quobyte: {registry: 'h:1'}"),
      good: volume("quobyte: {volume: a, registry: 'h:1'}")),
    RuleDescription(
      "VOL-45", "an fc volume names its device in one way", bad: volume("fc: {}"),
      volume("fc: {targetWWNs: [a], wwids: [b], lun: 0}"), good: volume("fc: {wwids: [b]}")),
    RuleDescription(
      "VOL-46", "an fc volume with targetWWNs has a lun between 0 and 255",
      bad: volume("fc: {targetWWNs: [a]}"), volume("fc: {targetWWNs: [a], lun: -1}"),
      good: volume("fc: {targetWWNs: [a], lun: 0}"), volume("fc: {wwids: [b], lun: 256}")),
    RuleDescription(
      "VOL-57", "a scaleIO volume says where it is",
      bad: volume("scaleIO: {gateway: g, system: s, secretRef: {name: a}}"),
      good: volume("scaleIO: {gateway: g, system: s, volumeName: v, secretRef: {name: a}}")),
    RuleDescription(
      "VOL-58", "a storageos volume's name is a DNS label", bad: volume("storageos: {}"),
      volume("storageos: {volumeName: A}"), good: volume("storageos: {volumeName: a}")),
    RuleDescription(
      "VOL-59", "a storageos volume's namespace is a DNS label",
      bad: volume("storageos: {volumeName: a, volumeNamespace: a.b}"),
      good: volume("storageos: {volumeName: a, volumeNamespace: ''}")),
    RuleDescription(
      "VOL-60", "a storageos volume's Secret has a name",
      bad: volume("storageos: {volumeName: a, secretRef: {}}"),
      good: volume("storageos: {volumeName: a, secretRef: {name: s}}")),
  ]

  private static func volume(_ source: String) -> RuleExample {
    "spec.volumes = [{name: v, \(source)}]"
  }
}
