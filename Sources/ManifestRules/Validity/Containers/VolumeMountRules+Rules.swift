extension VolumeMountRules {
  static let rules: [RuleDescription] = mounts + options + devices

  private static let mounts: [RuleDescription] = [
    RuleDescription(
      "MNT-01", "a mount names its volume",
      bad: "spec.containers[0].volumeMounts = [{mountPath: /a}]",
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        """),
    RuleDescription(
      "MNT-02", "a mount's volume is one of the pod's valid volumes",
      bad: "spec.containers[0].volumeMounts = [{name: data, mountPath: /a}]",
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        """),
    RuleDescription(
      "MNT-03", "a mount has a path",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: relative}]
        """),
    RuleDescription(
      "MNT-04", "a container mounts one volume at a path",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}, {name: v, mountPath: /a}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}, {name: v, mountPath: /a/}]
        """),
    RuleDescription(
      "MNT-05", "a mounted volume is no block device of the same container",
      bad: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /b}]
        """,
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}, {name: w, \
        persistentVolumeClaim: {claimName: d}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        spec.containers[0].volumeDevices = [{name: w, devicePath: /b}]
        """),
    RuleDescription(
      "MNT-06", "a mount's path is no path of a device",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}, {name: w, persistentVolumeClaim: {claimName: d}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        spec.containers[0].volumeDevices = [{name: w, devicePath: /a}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}, {name: w, persistentVolumeClaim: {claimName: d}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        spec.containers[0].volumeDevices = [{name: w, devicePath: /b}]
        """),
    RuleDescription(
      "MNT-07", "a mounted part of a volume is a relative path that never goes up",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, subPath: /b}]
        """,
      """
      spec.volumes = [{name: v, emptyDir: {}}]
      spec.containers[0].volumeMounts = [{name: v, mountPath: /a, subPath: b/../c}]
      """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, subPath: b/..c}]
        """),
    RuleDescription(
      "MNT-08", "an expression for a part of a volume is a relative path that never goes up",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, subPathExpr: ../$(POD)}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, subPathExpr: $(POD)}]
        """),
    RuleDescription(
      "MNT-09", "a part of a volume is given as a path or as an expression, not as both",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, subPath: b, subPathExpr: c}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, subPath: b, subPathExpr: ''}]
        """),
  ]

  private static let options: [RuleDescription] = [
    RuleDescription(
      "MNT-10", "mount propagation is None, HostToContainer or Bidirectional",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, mountPropagation: none}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, \
        mountPropagation: HostToContainer}]
        """),
    RuleDescription(
      "MNT-11", "only privileged containers propagate mounts to the host",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, \
        mountPropagation: Bidirectional}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].securityContext = {privileged: true}
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, \
        mountPropagation: Bidirectional}]
        """),
    RuleDescription(
      "MNT-12", "recursive read-only is Disabled, IfPossible or Enabled",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, readOnly: true, \
        recursiveReadOnly: 'true'}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, recursiveReadOnly: Disabled}]
        """),
    RuleDescription(
      "MNT-13", "a recursively read-only mount is read-only",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, recursiveReadOnly: IfPossible}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, readOnly: true, \
        recursiveReadOnly: IfPossible}]
        """),
    RuleDescription(
      "MNT-14", "a recursively read-only mount has no propagation",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, readOnly: true, \
        recursiveReadOnly: Enabled, mountPropagation: HostToContainer}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a, readOnly: true, \
        recursiveReadOnly: Enabled, mountPropagation: None}]
        """),
    RuleDescription(
      "EPH-03", "an ephemeral container mounts whole volumes only",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.ephemeralContainers = [{name: d, image: b, volumeMounts: [{name: v, mountPath: /a, \
        subPath: b}]}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.ephemeralContainers = [{name: d, image: b, volumeMounts: [{name: v, mountPath: /a}]}]
        """),
  ]

  private static let devices: [RuleDescription] = [
    RuleDescription(
      "DEV-01", "a block device names its volume",
      bad: "spec.containers[0].volumeDevices = [{devicePath: /a}]",
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}]
        """),
    RuleDescription(
      "DEV-02", "a volume is one device of a container",
      bad: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}, {name: v, devicePath: /b}]
        """,
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}]
        """),
    RuleDescription(
      "DEV-03", "a device's volume is one of the pod's valid volumes",
      bad: "spec.containers[0].volumeDevices = [{name: v, devicePath: /a}]",
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}]
        """),
    RuleDescription(
      "DEV-04", "a device's volume is a claim",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}]
        """,
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}]
        """),
    RuleDescription(
      "DEV-05", "a device has a path",
      bad: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v}]
        """,
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: a}]
        """),
    RuleDescription(
      "DEV-06", "devices of a container have different paths",
      bad: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}, {name: w, \
        persistentVolumeClaim: {claimName: d}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}, {name: w, devicePath: /a}]
        """,
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}, {name: w, \
        persistentVolumeClaim: {claimName: d}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /a}, {name: w, devicePath: /b}]
        """),
    RuleDescription(
      "DEV-07", "a device's path never goes up",
      bad: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /dev/../a}]
        """,
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /dev/..a}]
        """),
    RuleDescription(
      "DEV-08", "a device's volume is not mounted by the same container",
      bad: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /b}]
        """,
      good: """
        spec.volumes = [{name: v, persistentVolumeClaim: {claimName: c}}]
        spec.containers[0].volumeDevices = [{name: v, devicePath: /b}]
        """),
    RuleDescription(
      "DEV-09", "a device's path is no path of a mount",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}, {name: w, persistentVolumeClaim: {claimName: d}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        spec.containers[0].volumeDevices = [{name: w, devicePath: /a}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}, {name: w, persistentVolumeClaim: {claimName: d}}]
        spec.containers[0].volumeMounts = [{name: v, mountPath: /a}]
        spec.containers[0].volumeDevices = [{name: w, devicePath: /b}]
        """),
  ]
}
