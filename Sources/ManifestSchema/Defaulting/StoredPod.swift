import ManifestSyntax

/// What creating a Pod changes beyond the defaults.
enum StoredPod {
  static func complete(_ pod: inout Value, isReplacement: Bool = false) {
    pod.update(["spec"]) { spec in
      if let seconds = spec["terminationGracePeriodSeconds"]?.int64, seconds < 0 {
        spec["terminationGracePeriodSeconds"] = 1
      }
    }
    if isReplacement { return }
    let labels = pod["metadata"]?["labels"]
    pod.update(["spec"]) { spec in
      for affinity in ["podAffinity", "podAntiAffinity"] {
        spec.update(["affinity", affinity]) { affinity in
          affinity.updateItems("requiredDuringSchedulingIgnoredDuringExecution") {
            mergeLabelKeys(&$0, labels)
          }
          affinity.updateItems("preferredDuringSchedulingIgnoredDuringExecution") { weighted in
            weighted.update(["podAffinityTerm"]) { mergeLabelKeys(&$0, labels) }
          }
        }
      }
      spec.updateItems("topologySpreadConstraints") { mergeLabelKeys(&$0, labels) }
    }
    copyAppArmor(&pod)
  }

  /// CR-05, CR-06: keys become expressions with the pod's own values.
  private static func mergeLabelKeys(_ term: inout Value, _ labels: Value?) {
    guard term["labelSelector"] != nil else { return }
    var added: [Value] = []
    for (field, word) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
      for key in term[field]?.list ?? [] {
        guard let key = key.string, let value = labels?[key] else { continue }
        added.append(["key": .string(key), "operator": .string(word), "values": .list([value])])
      }
    }
    guard !added.isEmpty else { return }
    term.update(["labelSelector"]) { selector in
      selector["matchExpressions"] = .list((selector["matchExpressions"]?.list ?? []) + added)
    }
  }

  private static let appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/"

  /// CR-07: the old annotation fills the container's field where that is absent.
  private static func copyAppArmor(_ pod: inout Value) {
    guard let annotations = pod["metadata"]?["annotations"],
      pod["spec"]?["os"]?["name"] != "windows"
    else { return }
    let podProfile = pod["spec"]?["securityContext"]?["appArmorProfile"]
    pod.update(["spec"]) { spec in
      for list in ["initContainers", "containers", "ephemeralContainers"] {
        spec.updateItems(list) { container in
          guard container["securityContext"]?["appArmorProfile"] == nil,
            let name = container["name"]?.string,
            let profile = annotations[appArmorPrefix + name]?.string.flatMap(appArmorProfile),
            profile != podProfile
          else { return }
          var context = container["securityContext"] ?? .emptyMap
          context["appArmorProfile"] = profile
          container["securityContext"] = context
        }
      }
    }
  }

  private static func appArmorProfile(_ annotation: String) -> Value? {
    switch annotation {
    case "unconfined": return ["type": "Unconfined"]
    case "runtime/default": return ["type": "RuntimeDefault"]
    default:
      guard annotation.hasPrefix("localhost/") else { return .none }
      let profile = annotation.dropFirst("localhost/".count)
      guard !profile.isEmpty else { return .none }
      return ["type": "Localhost", "localhostProfile": .string(String(profile))]
    }
  }
}

/// What storing a Deployment changes beyond the defaults.
enum StoredDeployment {
  private static let rollback = "deprecated.deployment.rollback.to"

  /// CV-04: the revision to roll back to is kept as a number.
  static func complete(_ deployment: inout Value) {
    guard let text = deployment["metadata"]?["annotations"]?[rollback]?.string,
      let revision = Int64(text)
    else { return }
    deployment.update(["metadata", "annotations"]) { $0[rollback] = .string(String(revision)) }
  }
}
