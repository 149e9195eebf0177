import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Names, images and the few words that every container has.
///
/// A name is taken by whoever comes first: regular containers, then init, then ephemeral ones.
enum ContainerRules: PodRules {
  static let title = "Containers"

  private static let words = KeySketch(ofKeys: ["imagePullPolicy", "terminationMessagePolicy"])

  static func check(_ pod: PodSubject, into report: inout Report) {
    for placed in pod.containers { checkFields(placed, pod, into: &report) }
    checkUniqueNames(pod, into: &report)
  }

  private static func checkFields(
    _ placed: PlacedContainer, _ pod: PodSubject, into report: inout Report
  ) {
    let container = placed.container
    if let name = container.name, !name.isEmpty {
      PodFieldChecks.format(
        "CTR-02", NameFormat.dnsLabel(name), of: name, as: "a container's name",
        at: container.node, "name", help: "write something like 'web-1'", into: &report)
    } else {
      PodFieldChecks.missing(
        "CTR-01", at: container.node, "name", "logs, updates and probes go by it", into: &report)
    }
    checkImage(placed, pod, into: &report)
    guard pod.object.keys.mayMeet(words) else { return }
    PodFieldChecks.choice(
      "CTR-08", container.imagePullPolicy, among: ["Always", "IfNotPresent", "Never"],
      absence: .isDefaulted, at: container.node, "imagePullPolicy", into: &report)
    PodFieldChecks.choice(
      "CTR-09", container.terminationMessagePolicy, among: ["File", "FallbackToLogsOnError"],
      absence: .isDefaulted, at: container.node, "terminationMessagePolicy", into: &report)
  }

  private static func checkImage(
    _ placed: PlacedContainer, _ pod: PodSubject, into report: inout Report
  ) {
    let container = placed.container
    guard let image = container.image, !image.isEmpty else {
      return PodFieldChecks.missing(
        "CTR-06", at: container.node, "image", "there is nothing to run without it",
        help: "add an image like 'nginx:1.29'", into: &report)
    }
    // A template keeps the white space; its pods are refused later.
    guard PodFieldChecks.isPadded(image), !pod.isTemplate || placed.role == .ephemeral else {
      return
    }
    let trimmed = PodFieldChecks.trimmed(image)
    let fix = FixIt(
      "remove the white space", safety: .safe,
      edits: [.set(container.node.path + "image", to: trimmed)])
    report.error(
      placed.role == .ephemeral ? "EPH-04" : "CTR-07", .invalid, at: container.node, "image",
      "the image \(PodFieldChecks.quoted(image)) has white space around it; "
        + "no image is called so",
      help: "write \(PodFieldChecks.quoted(trimmed))", fixes: trimmed.isEmpty ? [] : [fix])
  }

  private static func checkUniqueNames(_ pod: PodSubject, into report: inout Report) {
    guard pod.containers.count > 1 else { return }
    var owners: [String: PlacedContainer] = [:]
    for role in [ContainerRole.regular, .initial, .ephemeral] {
      for placed in pod.containers where placed.role == role {
        let name = placed.container.name ?? ""
        guard let owner = owners[name] else {
          // Nameless init containers do not stand in each other's way; that is the server's way.
          if role != .initial || !name.isEmpty { owners[name] = placed }
          continue
        }
        let what = name.isEmpty ? "no name" : "the name \(PodFieldChecks.quoted(name))"
        report.error(
          code(of: role), .duplicate, at: placed.container.node, "name",
          "\(owner.path) has \(what) too, and a pod's containers are told apart by their names",
          help: "give this container another name")
      }
    }
  }

  private static func code(of role: ContainerRole) -> String {
    switch role {
    case .regular: "CTR-03"
    case .initial: "CTR-04"
    case .ephemeral: "CTR-05"
    }
  }
}

extension ContainerRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "CTR-01", "every container has a name", bad: "spec.containers[0].name =",
      "spec.initContainers[0] = {image: busybox}",
      good: "spec.containers[0].name = web"),
    RuleDescription(
      "CTR-02", "a container's name is a DNS label", bad: "spec.containers[0].name = my_app",
      "spec.containers[0].name = App", "spec.containers[0].name = a.b",
      good: "spec.containers[0].name = 1-app"),
    RuleDescription(
      "CTR-03", "no two regular containers share a name",
      bad: "spec.containers[1] = {name: app, image: busybox}",
      good: "spec.containers[1] = {name: app2, image: busybox}"),
    RuleDescription(
      "CTR-04", "an init container has a name that no regular or init container has",
      bad: "spec.initContainers = [{name: app, image: busybox}]",
      "spec.initContainers = [{name: a, image: busybox}, {name: a, image: busybox}]",
      good: "spec.initContainers = [{name: setup, image: busybox}]"),
    RuleDescription(
      "CTR-05", "an ephemeral container has a name that no other container has",
      bad: "spec.ephemeralContainers = [{name: app, image: busybox}]",
      good: "spec.ephemeralContainers = [{name: debug, image: busybox}]"),
    RuleDescription(
      "CTR-06", "every container has an image", bad: "spec.containers[0].image =",
      "spec.containers[0].image = ''", good: "spec.containers[0].image = Not:a:reference"),
    RuleDescription(
      "CTR-07", "in a pod, no white space surrounds the name of an image",
      bad: "spec.containers[0].image = ' nginx'", "spec.containers[0].image = \"nginx\\n\"",
      good: "spec.containers[0].image = 'ngi nx'"),
    RuleDescription(
      "CTR-08", "the pull policy is Always, IfNotPresent or Never",
      bad: "spec.containers[0].imagePullPolicy = always",
      good: "spec.containers[0].imagePullPolicy = Never",
      "spec.containers[0].imagePullPolicy = ''"),
    RuleDescription(
      "CTR-09", "the termination message policy is File or FallbackToLogsOnError",
      bad: "spec.containers[0].terminationMessagePolicy = Logs",
      good: "spec.containers[0].terminationMessagePolicy = FallbackToLogsOnError"),
    .untestable(
      "CTR-10", "the path of the termination message is not checked",
      because: "the server takes any text"),
    .untestable(
      "CTR-11", "working directory, command, arguments and terminal are not checked",
      because: "the server takes any text"),
    RuleDescription(
      "EPH-04", "no white space surrounds the image of an ephemeral container",
      bad: "spec.ephemeralContainers = [{name: debug, image: 'busybox '}]",
      good: "spec.ephemeralContainers = [{name: debug, image: busybox}]"),
  ]
}
