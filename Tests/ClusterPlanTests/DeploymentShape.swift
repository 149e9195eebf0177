import ManifestSyntax

/// What a generated Deployment is like.
struct DeploymentShape {
  var name: String
  var replicas: Int
  private var image = 1
  private var surge: Value = 1
  private var unavailable: Value = 0
  private var isRecreated = false
  private var isPaused = false
  private var minReady = 0
  private var deadline: Int64 = 600
  private var history: Int64 = 10
  private var cpu: Int64 = 100
  private var graceSeconds: Int64 = 30
  private var behavior: [(String, String)] = []
  private var probe: Value?
  private var rest = ValueMap()

  init(_ name: String, _ chance: inout Chance) {
    self.name = name
    replicas = chance.happens(80) ? chance.pick(1...10) : chance.pick(0...30)
    cpu = chance.oneOf([0, 50, 100, 500, 1000, 2000])
    minReady = chance.happens(60) ? 0 : chance.pick(1...15)
    deadline = chance.oneOf([600, 600, 600, 30, 60])
    graceSeconds = chance.oneOf([30, 30, 0, 5])
    setStrategy(&chance)
    setPods(&chance)
    behave(&chance, isFirst: true)
  }

  private mutating func setStrategy(_ chance: inout Chance) {
    isRecreated = chance.happens(10)
    surge = chance.oneOf([0, 1, 2, 4, "25%", "50%", "100%", "1%"])
    let isNone = surge == 0 || surge == "1%"
    unavailable = chance.oneOf(isNone ? [1, 2, "25%", "34%"] : [0, 1, 3, "25%", "10%"])
    history = chance.oneOf([10, 10, 10, 0, 1, 2])
  }

  /// What scheduling looks at.
  private mutating func setPods(_ chance: inout Chance) {
    rest = ValueMap()
    let labels: Value = ["matchLabels": ["app": .string(name)]]
    switch chance.pick(0...19) {
    case 0:
      rest["affinity"] = [
        "podAntiAffinity": [
          "requiredDuringSchedulingIgnoredDuringExecution": [
            ["topologyKey": "kubernetes.io/hostname", "labelSelector": labels]
          ]
        ]
      ]
    case 1, 2:
      rest["topologySpreadConstraints"] = [
        [
          "maxSkew": 1, "topologyKey": "zone", "labelSelector": labels,
          "whenUnsatisfiable": chance.happens(50) ? "DoNotSchedule" : "ScheduleAnyway",
        ]
      ]
    case 3: rest["nodeSelector"] = ["zone": "z0"]
    case 4: rest["priorityClassName"] = "high"
    case 5: rest["initContainers"] = [["name": "init", "image": "shop/init:1"]]
    default: break
    }
    probe = nil
    if chance.happens(30) {
      probe = [
        "tcpSocket": ["port": 80], "periodSeconds": .int(Int64(chance.pick(1...10))),
        "initialDelaySeconds": .int(Int64(chance.pick(0...8))),
      ]
    }
  }

  /// How containers of the next image behave: most well, some not at all.
  private mutating func behave(_ chance: inout Chance, isFirst: Bool = false) {
    behavior = [("ready-after", "\(chance.pick(0...20))s")]
    if chance.happens(40) { behavior.append(("start-time", "\(chance.pick(0...9))s")) }
    if chance.happens(40) { behavior.append(("pull-time", "\(chance.pick(0...30))s")) }
    if chance.happens(30) { behavior.append(("stop-time", "\(chance.pick(0...50))s")) }
    guard !isFirst, chance.happens(25) else { return }
    switch chance.pick(0...5) {
    case 0, 1: behavior.append(("never-ready", "true"))
    case 2: behavior.append(("pull-error", "no such image"))
    case 3: behavior.append(("crash-after", "\(chance.pick(0...20))s"))
    case 4:
      behavior += [("crash-after", "\(chance.pick(1...9))s"), ("crash-times", "2")]
    default: behavior.append(("unready-after", "\(chance.pick(20...60))s"))
    }
  }

  /// Changes something, often more than one thing; says what.
  mutating func change(_ chance: inout Chance) -> String {
    var words: [String] = []
    for _ in 0..<chance.oneOf([1, 1, 2, 3]) {
      switch chance.pick(0...11) {
      case 0...4:
        image += 1
        behave(&chance)
        words.append("image \(image) \(behavior)")
      case 5, 6:
        replicas = chance.pick(0...14)
        words.append("replicas \(replicas)")
      case 7:
        // As it was before: the ReplicaSet of that version is taken up again.
        image = max(1, image - 1)
        words.append("image \(image)")
      case 8:
        isPaused.toggle()
        words.append(isPaused ? "paused" : "resumed")
      case 9:
        setStrategy(&chance)
        words.append("\(isRecreated ? "Recreate" : "\(surge)/\(unavailable)")")
      case 10:
        cpu = chance.oneOf([50, 500, 1500, 3000])
        words.append("cpu \(cpu)m")
      default:
        setPods(&chance)
        words.append("pods \(rest.entries.map(\.key)) \(probe == nil ? "" : "probe")")
      }
    }
    return words.joined(separator: " + ")
  }

  var text: String {
    "\(name) \(replicas) \(isRecreated ? "Recreate" : "\(surge)/\(unavailable)") "
      + "\(minReady)s deadline \(deadline)s cpu \(cpu)m \(rest.entries.map(\.key)) \(behavior)"
  }

  var value: Value {
    let labels: Value = ["app": .string(name)]
    var strategy: Value = ["type": "Recreate"]
    if !isRecreated {
      strategy = [
        "type": "RollingUpdate",
        "rollingUpdate": ["maxSurge": surge, "maxUnavailable": unavailable],
      ]
    }
    var spec: Value = [
      "replicas": .int(Int64(replicas)), "minReadySeconds": .int(Int64(minReady)),
      "progressDeadlineSeconds": .int(deadline), "revisionHistoryLimit": .int(history),
      "selector": ["matchLabels": labels], "strategy": strategy,
      "template": [
        "metadata": ["labels": labels, "annotations": annotations], "spec": podSpec,
      ],
    ]
    if isPaused { spec["paused"] = true }
    return [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
      "spec": spec,
    ]
  }

  private var annotations: Value {
    var map = ValueMap()
    for (name, value) in behavior { map["sim.kmf.dev/" + name + ".main"] = .string(value) }
    return .map(map)
  }

  private var podSpec: Value {
    var container: Value = ["name": "main", "image": .string("shop/\(name):\(image)")]
    if cpu > 0 { container["resources"] = ["requests": ["cpu": .string("\(cpu)m")]] }
    if let probe { container["readinessProbe"] = probe }
    var map = rest
    map["terminationGracePeriodSeconds"] = .int(graceSeconds)
    map["containers"] = [container]
    return .map(map)
  }
}
