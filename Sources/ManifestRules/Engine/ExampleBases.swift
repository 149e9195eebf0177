import ManifestSyntax

extension RuleExampleBase {
  /// Whether examples are pairs of old and new.
  var isUpdate: Bool {
    switch self {
    case .podUpdate, .deploymentUpdate, .replicaSetUpdate, .serviceUpdate: true
    default: false
    }
  }

  /// The object that examples change: small, valid, with what most rules need.
  var object: Value {
    switch self {
    case .pod, .podUpdate:
      return ["apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web"], "spec": Self.podSpec]
    case .deployment, .deploymentUpdate: return Self.workload("apps/v1", "Deployment")
    case .replicaSet, .replicaSetUpdate: return Self.workload("apps/v1", "ReplicaSet")
    case .statefulSet:
      var object = Self.workload("apps/v1", "StatefulSet")
      object["spec"]?["serviceName"] = "web"
      return object
    case .daemonSet: return Self.workload("apps/v1", "DaemonSet")
    case .job: return Self.jobObject
    case .cronJob:
      return [
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": ["name": "web"],
        "spec": [
          "schedule": "0 3 * * *", "jobTemplate": ["spec": Self.jobObject["spec"] ?? .null],
        ],
      ]
    case .replicationController:
      var object = Self.workload("v1", "ReplicationController")
      object["spec"]?["selector"] = ["app": "web"]
      return object
    case .service, .serviceUpdate:
      return [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web"],
        "spec": ["selector": ["app": "web"], "ports": [["port": 80]]],
      ]
    }
  }

  private static let podSpec: Value = ["containers": [["name": "app", "image": "nginx:1.29"]]]

  private static let template: Value = [
    "metadata": ["labels": ["app": "web"]], "spec": podSpec,
  ]

  private static func workload(_ apiVersion: String, _ kind: String) -> Value {
    [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": ["name": "web"],
      "spec": ["selector": ["matchLabels": ["app": "web"]], "template": template],
    ]
  }

  private static var jobObject: Value {
    var template = template
    template["spec"]?["restartPolicy"] = "Never"
    return [
      "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "web"],
      "spec": ["template": template],
    ]
  }
}
