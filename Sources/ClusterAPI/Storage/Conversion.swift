import ManifestSchema
import ManifestSyntax

/// Brings objects from one served version of their kind to another.
enum Conversion {
  /// The object as `resource` serves it.
  static func convert(_ object: Value, to resource: ServedResource) -> Value {
    guard object["apiVersion"]?.string != resource.apiVersion else { return object }
    var result = object
    if resource.group == "autoscaling", resource.kind == "HorizontalPodAutoscaler" {
      result = AutoscalerConversion.convert(object, toV1: resource.version == "v1")
    } else if resource.kind == "Event", resource.group.isEmpty || resource.group == "events.k8s.io"
    {
      result = EventConversion.convert(object, toCore: resource.group.isEmpty)
    }
    result["apiVersion"] = .string(resource.apiVersion)
    return result
  }
}

/// Events are one kind under two groups, which call some of its fields differently.
enum EventConversion {
  private static let names: [(core: String, events: String)] = [
    ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
  ]

  static func convert(_ event: Value, toCore: Bool) -> Value {
    guard case .map(let map) = event else { return event }
    var result = ValueMap()
    for entry in map.entries {
      let pair = names.first { (toCore ? $0.events : $0.core) == entry.key }
      result[pair.map { toCore ? $0.core : $0.events } ?? entry.key] = entry.value
    }
    return .map(result)
  }
}

/// The first version of the autoscaler knows one metric; the others are kept in annotations.
enum AutoscalerConversion {
  private static let prefix = "autoscaling.alpha.kubernetes.io/"
  private static let carried: [(annotation: String, part: String, field: String)] = [
    ("metrics", "spec", "metrics"), ("behavior", "spec", "behavior"),
    ("current-metrics", "status", "currentMetrics"), ("conditions", "status", "conditions"),
  ]

  static func convert(_ object: Value, toV1: Bool) -> Value { toV1 ? down(object) : up(object) }

  private static func isCPU(_ metric: Value) -> Bool {
    metric["type"] == "Resource" && metric["resource"]?["name"] == "cpu"
  }

  private static func down(_ object: Value) -> Value {
    var result = object
    var annotations = object["metadata"]?["annotations"] ?? .emptyMap
    if var spec = object["spec"] {
      var metrics = spec["metrics"]?.list ?? []
      let place = metrics.firstIndex {
        isCPU($0) && $0["resource"]?["target"]?["averageUtilization"] != nil
      }
      if let place {
        spec["targetCPUUtilizationPercentage"] =
          metrics[place]["resource"]?["target"]?["averageUtilization"]
        metrics.remove(at: place)
      }
      spec["metrics"] = metrics.isEmpty ? Optional.none : .list(metrics)
      result["spec"] = spec
    }
    if var status = object["status"] {
      let metrics = status["currentMetrics"]?.list ?? []
      if let current = metrics.first(where: isCPU)?["resource"]?["current"],
        let share = current["averageUtilization"]
      {
        status["currentCPUUtilizationPercentage"] = share
      }
      result["status"] = status
    }
    for (annotation, part, field) in carried {
      guard var whole = result[part], let value = whole[field] else { continue }
      whole[field] = nil
      result[part] = whole
      if value != .null, value != .list([]) {
        annotations[prefix + annotation] = .string(JSONWriter.string(value))
      }
    }
    return with(annotations, in: result)
  }

  private static func up(_ object: Value) -> Value {
    var result = object
    var annotations = object["metadata"]?["annotations"] ?? .emptyMap
    for (annotation, part, field) in carried {
      guard let text = annotations[prefix + annotation]?.string,
        let value = JSONReader.read(SourceText(text)).tree?.value()
      else { continue }
      annotations[prefix + annotation] = nil
      result.change(part) { $0[field] = value }
    }
    if let share = object["spec"]?["targetCPUUtilizationPercentage"], share != .null {
      let target: Value = ["type": "Utilization", "averageUtilization": share]
      let metric: Value = ["type": "Resource", "resource": ["name": "cpu", "target": target]]
      result.change("spec") { spec in
        spec["targetCPUUtilizationPercentage"] = nil
        spec["metrics"] = .list([metric] + (spec["metrics"]?.list ?? []))
      }
    }
    if object["status"]?["currentCPUUtilizationPercentage"] != nil {
      result.change("status") { $0["currentCPUUtilizationPercentage"] = nil }
    }
    return with(annotations, in: result)
  }

  private static func with(_ annotations: Value, in object: Value) -> Value {
    var object = object
    let isEmpty = annotations.map?.isEmpty ?? true
    if isEmpty, object["metadata"]?["annotations"] == nil { return object }
    object.change("metadata") { $0["annotations"] = isEmpty ? Optional.none : annotations }
    return object
  }
}
