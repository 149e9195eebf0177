extension CloudVolumes {
  static let rules: [RuleDescription] = disks + drivers

  private static let disks: [RuleDescription] = [
    RuleDescription(
      "VOL-13", "a gcePersistentDisk names its disk", bad: volume("gcePersistentDisk: {}"),
      good: volume("gcePersistentDisk: {pdName: d}")),
    RuleDescription(
      "VOL-14", "a gcePersistentDisk's partition is between 0 and 255",
      bad: volume("gcePersistentDisk: {pdName: d, partition: 256}"),
      good: volume("gcePersistentDisk: {pdName: d, partition: 255}")),
    RuleDescription(
      "VOL-15", "an awsElasticBlockStore names its disk", bad: volume("awsElasticBlockStore: {}"),
      good: volume("awsElasticBlockStore: {volumeID: d}")),
    RuleDescription(
      "VOL-16", "an awsElasticBlockStore's partition is between 0 and 255",
      bad: volume("awsElasticBlockStore: {volumeID: d, partition: -1}"),
      good: volume("awsElasticBlockStore: {volumeID: d, partition: 0}")),
    RuleDescription(
      "VOL-49", "an azureFile names its Secret and its share",
      bad: volume("azureFile: {secretName: s}"), volume("azureFile: {shareName: s}"),
      good: volume("azureFile: {secretName: s, shareName: t}")),
    RuleDescription(
      "VOL-50", "an azureDisk has a name and an address",
      bad: volume("azureDisk: {diskURI: 'https://d'}"),
      good: volume("azureDisk: {diskName: d, diskURI: 'https://d'}")),
    RuleDescription(
      "VOL-51", "an azureDisk's cachingMode is None, ReadOnly or ReadWrite",
      bad: volume("azureDisk: {diskName: d, diskURI: 'https://d', cachingMode: none}"),
      good: volume("azureDisk: {diskName: d, diskURI: 'https://d', cachingMode: None}")),
    RuleDescription(
      "VOL-52", "an azureDisk's kind is Shared, Dedicated or Managed",
      bad: volume("azureDisk: {diskName: d, diskURI: 'https://d', kind: shared}"),
      good: volume("azureDisk: {diskName: d, diskURI: 'https://d', kind: Dedicated}")),
    RuleDescription(
      "VOL-53", "an azureDisk's address fits its kind",
      bad: volume("azureDisk: {diskName: d, diskURI: 'https://d', kind: Managed}"),
      volume("azureDisk: {diskName: d, diskURI: /subscriptions/d}"),
      good: volume("azureDisk: {diskName: d, diskURI: /subscriptions/d, kind: Managed}")),
    RuleDescription(
      "VOL-54", "a vsphereVolume has a path", bad: volume("vsphereVolume: {}"),
      good: volume("vsphereVolume: {volumePath: p}")),
    RuleDescription(
      "VOL-55", "a photonPersistentDisk names its disk", bad: volume("photonPersistentDisk: {}"),
      good: volume("photonPersistentDisk: {pdID: d}")),
    RuleDescription(
      "VOL-56", "a portworxVolume names its volume", bad: volume("portworxVolume: {}"),
      good: volume("portworxVolume: {volumeID: d}")),
  ]

  private static let drivers: [RuleDescription] = [
    RuleDescription(
      "VOL-47", "a flexVolume names its driver", bad: volume("flexVolume: {}"),
      good: volume("flexVolume: {driver: example.com/d}")),
    RuleDescription(
      "VOL-48", "a flexVolume's options are in no domain of Kubernetes",
      bad: volume("flexVolume: {driver: d, options: {kubernetes.io/a: b}}"),
      volume("flexVolume: {driver: d, options: {x.K8s.io/a: b}}"),
      good: volume("flexVolume: {driver: d, options: {xk8s.io/a: b, a: c}}")),
    RuleDescription(
      "VOL-61", "a csi volume's driver is a DNS name of at most 63 bytes, capitals allowed",
      bad: volume("csi: {}"), volume("csi: {driver: a_b}"),
      volume("csi: {driver: \(String(repeating: "a", count: 64))}"),
      good: volume("csi: {driver: CSI.example.com}")),
    RuleDescription(
      "VOL-62", "a csi volume's Secret has a valid name",
      bad: volume("csi: {driver: d, nodePublishSecretRef: {}}"),
      volume("csi: {driver: d, nodePublishSecretRef: {name: A}}"),
      good: volume("csi: {driver: d, nodePublishSecretRef: {name: a}}")),
  ]

  private static func volume(_ source: String) -> RuleExample {
    "spec.volumes = [{name: v, \(source)}]"
  }
}
