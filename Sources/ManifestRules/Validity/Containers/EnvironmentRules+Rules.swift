extension EnvironmentRules {
  static let rules: [RuleDescription] = single + references + files + bulk

  private static let single: [RuleDescription] = [
    RuleDescription(
      "ENV-01", "a variable has a name", bad: "spec.containers[0].env = [{value: a}]",
      good: "spec.containers[0].env = [{name: A}]"),
    RuleDescription(
      "ENV-02", "a variable's name is printable ASCII without '='; until 1.31, a word of a shell",
      bad: "spec.containers[0].env = [{name: 'A=B'}]", "spec.containers[0].env = [{name: Ä}]",
      good: "spec.containers[0].env = [{name: '1 a:b'}]"),
    RuleDescription(
      "ENV-03", "a variable's 'valueFrom' names a source",
      bad: "spec.containers[0].env = [{name: A, valueFrom: {}}]",
      good:
        "spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),
    RuleDescription(
      "ENV-04", "a variable with 'valueFrom' has no value of its own",
      bad:
        """
        spec.containers[0].env = [{name: A, value: b, \
        valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
        """,
      good:
        """
        spec.containers[0].env = [{name: A, value: '', \
        valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
        """
    ),
    RuleDescription(
      "ENV-05", "a variable's 'valueFrom' names one source only",
      bad:
        """
        spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}, \
        secretKeyRef: {name: s, key: k}}}]
        """,
      good: "spec.containers[0].env = [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]"),
    .untestable(
      "ENV-21", "a variable may be set twice; the last one counts",
      because: "the server warns only, which WRN-30 says"),
  ]

  private static let references: [RuleDescription] = [
    RuleDescription(
      "ENV-06", "a field is named in the terms of API version v1",
      bad:
        """
        spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {apiVersion: v2, \
        fieldPath: metadata.name}}}]
        """,
      good:
        """
        spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {apiVersion: v1, \
        fieldPath: metadata.name}}}]
        """
    ),
    RuleDescription(
      "ENV-07", "a reference to a field names the field",
      bad: "spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {}}}]",
      good:
        "spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]"),
    RuleDescription(
      "ENV-08",
      "a variable can hold the pod's name, namespace, UID, node, account, addresses, "
        + "one label or one annotation.",
      bad:
        "spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}]",
      "spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {fieldPath: spec.containers}}}]",
      good:
        """
        spec.containers[0].env = [{name: A, \
        valueFrom: {fieldRef: {fieldPath: "metadata.labels['a']"}}}]
        """,
      "spec.containers[0].env = [{name: A, valueFrom: {fieldRef: {fieldPath: status.podIPs}}}]"),
    RuleDescription(
      "ENV-09", "the label or annotation that a variable holds is named by a valid key",
      bad:
        """
        spec.containers[0].env = [{name: A, \
        valueFrom: {fieldRef: {fieldPath: "metadata.labels['a b']"}}}]
        """,
      good:
        """
        spec.containers[0].env = [{name: A, \
        valueFrom: {fieldRef: {fieldPath: "metadata.annotations['EXAMPLE.com/a']"}}}]
        """
    ),
    RuleDescription(
      "ENV-10", "a variable can hold a container's limits and requests",
      bad: "spec.containers[0].env = [{name: A, valueFrom: {resourceFieldRef: {resource: cpu}}}]",
      "spec.containers[0].env = [{name: A, valueFrom: {resourceFieldRef: {}}}]",
      good:
        """
        spec.containers[0].env = [{name: A, \
        valueFrom: {resourceFieldRef: {resource: limits.hugepages-2Mi}}}]
        """
    ),
    RuleDescription(
      "ENV-11", "an amount is divided by 1 or 1m (CPU), or by 1 with a suffix (bytes)",
      bad:
        """
        spec.containers[0].env = [{name: A, \
        valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 10m}}}]
        """,
      good:
        """
        spec.containers[0].env = [{name: A, \
        valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}]
        """
    ),
    RuleDescription(
      "ENV-12", "a ConfigMap is referred to by a DNS name",
      bad:
        "spec.containers[0].env = [{name: A, valueFrom: {configMapKeyRef: {name: a_b, key: k}}}]",
      "spec.containers[0].env = [{name: A, valueFrom: {configMapKeyRef: {key: k}}}]",
      good:
        "spec.containers[0].env = [{name: A, valueFrom: {configMapKeyRef: {name: a.b, key: k}}}]"),
    RuleDescription(
      "ENV-13", "a reference to a ConfigMap names one of its keys",
      bad: "spec.containers[0].env = [{name: A, valueFrom: {configMapKeyRef: {name: a}}}]",
      "spec.containers[0].env = [{name: A, valueFrom: {configMapKeyRef: {name: a, key: a/b}}}]",
      good:
        """
        spec.containers[0].env = [{name: A, valueFrom: {configMapKeyRef: {name: a, key: A_b.c}}}]
        """),
    RuleDescription(
      "ENV-14", "a Secret is referred to by a DNS name",
      bad:
        "spec.containers[0].env = [{name: A, valueFrom: {secretKeyRef: {name: aws_sdk, key: k}}}]",
      good:
        "spec.containers[0].env = [{name: A, valueFrom: {secretKeyRef: {name: aws-sdk, key: k}}}]"),
    RuleDescription(
      "ENV-15", "a reference to a Secret names one of its keys",
      bad: "spec.containers[0].env = [{name: A, valueFrom: {secretKeyRef: {name: a}}}]",
      "spec.containers[0].env = [{name: A, valueFrom: {secretKeyRef: {name: a, key: ..}}}]",
      good: "spec.containers[0].env = [{name: A, valueFrom: {secretKeyRef: {name: a, key: .k}}}]"),
  ]

  private static let files: [RuleDescription] = [
    RuleDescription(
      "ENV-16", "a reference to a file names a variable of it",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: f}}}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: f, \
        key: K}}}]
        """),
    RuleDescription(
      "ENV-17", "a reference to a file names a volume",
      bad: "spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {path: f, key: K}}}]",
      """
      spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: a_b, path: f, \
      key: K}}}]
      """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: f, \
        key: K}}}]
        """),
    RuleDescription(
      "ENV-18", "a reference to a file names its path within the volume",
      bad: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: ../f, \
        key: K}}}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: d/f, \
        key: K}}}]
        """),
    RuleDescription(
      "ENV-19", "the volume of a referred file is one of the pod's",
      bad:
        """
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: f, \
        key: K}}}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: f, \
        key: K}}}]
        """),
    RuleDescription(
      "ENV-20", "the volume of a referred file is an emptyDir",
      bad: """
        spec.volumes = [{name: v, configMap: {name: c}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: f, \
        key: K}}}]
        """,
      good: """
        spec.volumes = [{name: v, emptyDir: {}}]
        spec.containers[0].env = [{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: f, \
        key: K}}}]
        """),
  ]

  private static let bulk: [RuleDescription] = [
    RuleDescription(
      "ENF-01", "a prefix of variables could begin a variable's name",
      bad: "spec.containers[0].envFrom = [{prefix: 'a=', configMapRef: {name: a}}]",
      good: "spec.containers[0].envFrom = [{prefix: A_, configMapRef: {name: a}}]"),
    RuleDescription(
      "ENF-02", "variables are taken from either a ConfigMap or a Secret",
      bad: "spec.containers[0].envFrom = [{}]",
      "spec.containers[0].envFrom = [{configMapRef: {name: a}, secretRef: {name: a}}]",
      good: "spec.containers[0].envFrom = [{secretRef: {name: a}}]"),
    RuleDescription(
      "ENF-03", "the ConfigMap that variables are taken from is named",
      bad: "spec.containers[0].envFrom = [{configMapRef: {}}]",
      "spec.containers[0].envFrom = [{configMapRef: {name: A}}]",
      good: "spec.containers[0].envFrom = [{configMapRef: {name: a}}]"),
    RuleDescription(
      "ENF-04", "the Secret that variables are taken from is named",
      bad: "spec.containers[0].envFrom = [{secretRef: {}}]",
      "spec.containers[0].envFrom = [{secretRef: {name: a_b}}]",
      good: "spec.containers[0].envFrom = [{secretRef: {name: a}}]"),
  ]
}
