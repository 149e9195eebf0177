import ManifestSchema
import ManifestSyntax

/// Which objects a quota is about: all that every one of its scopes takes in.
struct QuotaScopes {
  private let requirements: [(scope: String, requirement: LabelSelector.Requirement)]
  /// Whether an operator is unknown, so that nothing can match.
  private let isUnreadable: Bool

  init(_ quota: Value) {
    let spec = quota["spec"] ?? .emptyMap
    var requirements: [(String, LabelSelector.Requirement)] = []
    var isUnreadable = false
    for scope in spec.items("scopes").compactMap(\.string) {
      requirements.append((scope, LabelSelector.Requirement(scope, .exists)))
    }
    for expression in (spec["scopeSelector"] ?? .null).items("matchExpressions") {
      let scope = expression["scopeName"]?.string ?? ""
      guard
        let known = LabelSelector.Operator(rawValue: expression["operator"]?.string ?? "Exists")
      else {
        isUnreadable = true
        continue
      }
      let values = expression.items("values").compactMap(\.string)
      requirements.append((scope, LabelSelector.Requirement(scope, known, values)))
    }
    self.requirements = requirements
    self.isUnreadable = isUnreadable
  }

  /// Whether the quota is about `object`. Scopes are about pods, one about claims.
  func match(_ object: Value, _ resource: GroupResource) -> Bool {
    if isUnreadable { return false }
    return requirements.allSatisfy { scope, requirement in
      Self.matches(object["spec"] ?? .emptyMap, resource, scope, requirement)
    }
  }

  private static func matches(
    _ spec: Value, _ resource: GroupResource, _ scope: String,
    _ requirement: LabelSelector.Requirement
  ) -> Bool {
    func matchesName(_ field: String) -> Bool {
      let name = spec[field]?.string ?? ""
      return requirement.matches(name.isEmpty ? [:] : [scope: name])
    }
    if resource == .persistentVolumeClaims {
      return scope == "VolumeAttributesClass" && matchesName("volumeAttributesClassName")
    }
    guard resource == .pods else { return false }
    let isTerminating = (spec["activeDeadlineSeconds"]?.int64).map { $0 >= 0 } ?? false
    switch scope {
    case "Terminating": return isTerminating
    case "NotTerminating": return !isTerminating
    case "BestEffort": return PodDemand(spec).isBestEffort
    case "NotBestEffort": return !PodDemand(spec).isBestEffort
    case "PriorityClass": return matchesName("priorityClassName")
    case "CrossNamespacePodAffinity": return looksAbroad(spec)
    default: return false
    }
  }

  /// Whether a term of the pod's affinity looks at pods of other namespaces.
  private static func looksAbroad(_ spec: Value) -> Bool {
    ["podAffinity", "podAntiAffinity"].contains { name in
      let affinity = spec["affinity"]?[name] ?? .null
      let terms =
        affinity.items("requiredDuringSchedulingIgnoredDuringExecution")
        + affinity.items("preferredDuringSchedulingIgnoredDuringExecution").compactMap {
          $0["podAffinityTerm"]
        }
      return terms.contains { term in
        !term.items("namespaces").isEmpty || term["namespaceSelector"]?.map != nil
      }
    }
  }
}
