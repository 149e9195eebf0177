import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What is checked of limits and requests, be they a container's, a pod's or its overhead.
struct ResourceChecks {
  /// Whose amounts they are: a pod's may be of fewer resources.
  enum Owner {
    case container, pod
  }

  /// The codes of findings, which differ by where the amounts stand.
  struct Codes {
    var key = "RES-01"
    var standard = "RES-02"
    var extended = "RES-03"
    var negative = "RES-04"
    var whole = "RES-05"
    var overLimit = "RES-06"
    var unequal = "RES-07"
    var missingLimit = "RES-08"
    var pageSize = "RES-09"
    var pagesAlone = "RES-10"

    init() {}

    /// One code for whatever is wrong.
    init(all code: String) {
      key = code
      standard = code
      extended = code
      negative = code
      whole = code
      overLimit = code
      unequal = code
      missingLimit = code
      pageSize = code
      pagesAlone = code
    }
  }

  let owner: Owner
  let limits: ViewMap<Quantity>
  let requests: ViewMap<Quantity>
  /// What the paths begin at.
  let node: NodeRef
  var codes = Codes()
  /// Where the amounts stand, and where the server says that they stand.
  var limitsPath: FieldPath = "resources.limits"
  var requestsPath: FieldPath = "resources.requests"
  var wholePath: FieldPath = "resources"
  var limitsServerPath: FieldPath?

  /// The resources of a container or a pod, which stand in its field `resources`.
  init(_ resources: ResourceRequirements, of owner: Owner, at node: NodeRef) {
    self.owner = owner
    limits = resources.limits
    requests = resources.requests
    self.node = node
  }

  /// Amounts that are checked as limits: the overhead of a pod.
  init(overhead: ViewMap<Quantity>, at node: NodeRef, code: String) {
    owner = .container
    limits = overhead
    requests = .absent
    self.node = node
    codes = Codes(all: code)
    limitsPath = "overhead"
    wholePath = "overhead"
    limitsServerPath = "overhead.limits"
  }

  func check(into report: inout Report) {
    guard !limits.isEmpty || !requests.isEmpty, !PlainResources.areFine(self) else { return }
    var found = Found()
    var amounts: [String: Quantity] = [:]
    for (name, amount) in limits {
      let place = Place(name: name, amount: amount, isLimit: true)
      checkAmount(place, &found, into: &report)
      if !requests.isEmpty { amounts[name] = amount.roundedUp(to: .milli) }
    }
    for (name, amount) in requests {
      let place = Place(name: name, amount: amount, isLimit: false)
      checkAmount(place, &found, into: &report)
      checkBalance(place, limit: amounts[name], into: &report)
    }
    if found.hugePages, !found.computing {
      report.error(
        codes.pagesAlone, .forbidden, at: node, wholePath,
        "huge pages are asked for, but neither CPU nor memory; pages alone run nothing",
        help: "add a limit or request of 'cpu' or 'memory'")
    }
  }

  /// What occurs among the amounts.
  private struct Found {
    var hugePages = false
    var computing = false
  }

  private struct Place {
    var name: String
    var amount: Quantity
    var isLimit: Bool
  }

  private func path(_ place: Place) -> FieldPath {
    (place.isLimit ? limitsPath : requestsPath).key(place.name)
  }

  private func server(_ place: Place) -> FieldPath? {
    place.isLimit ? limitsServerPath?.key(place.name) : nil
  }

  private func report(
    _ code: String, _ place: Place, _ message: String, help: String?,
    reason: Diagnostic.Reason = .invalid, into report: inout Report
  ) {
    let path = path(place)
    // The reader finds no such request in the manifest.
    let isCopy = !place.isLimit && node[path]?.isSynthetic ?? false
    report.error(
      code, reason, at: node, path, message, help: help,
      notes: isCopy ? ["a request that is not written is the same as the limit"] : [],
      server: server(place))
  }

  private func checkAmount(_ place: Place, _ found: inout Found, into report: inout Report) {
    checkName(place, into: &report)
    if place.amount.sign < 0 {
      self.report(
        codes.negative, place, "'\(place.amount)' is below zero, and nobody has less than nothing",
        help: "write 0 or more", into: &report)
    }
    if ResourceName.isOfComputing(place.name) {
      found.computing = true
      return
    }
    if ResourceName.isCounted(place.name), place.amount.serverMilliValue % 1000 != 0 {
      self.report(
        codes.whole, place,
        "'\(place.amount)' of \(PodFieldChecks.quoted(place.name)) is no whole number",
        help: "write a whole number", into: &report)
    }
    if ResourceName.isHugePages(place.name) {
      found.hugePages = true
      checkPages(place, into: &report)
    }
  }

  private func checkPages(_ place: Place, into report: inout Report) {
    guard !ResourceName.isMultiple(place.amount, ofPagesNamed: place.name) else { return }
    let size = place.name.dropFirst("hugepages-".count)
    self.report(
      codes.pageSize, place,
      Quantity(size) == nil
        ? "\(PodFieldChecks.quoted(place.name)) names no size of pages"
        : "'\(place.amount)' is no multiple of the page size '\(size)'",
      help: Quantity(size) == nil
        ? "write something like 'hugepages-2Mi'" : "write a multiple of \(size)", into: &report)
  }

  private func checkName(_ place: Place, into report: inout Report) {
    let name = place.name
    if ResourceName.isOfComputing(name) { return }
    let problems = LabelFormat.key(name)
    for problem in problems {
      self.report(
        codes.key, place,
        "\(PodFieldChecks.quoted(name)) cannot be the name of a resource: \(problem)",
        help: nil, into: &report)
    }
    if owner == .pod { return checkPodName(place, hasProblems: !problems.isEmpty, into: &report) }
    if !name.utf8.contains(UInt8(ascii: "/")) {
      guard !ResourceName.isStandard(name) else { return }
      self.report(
        codes.standard, place, "\(PodFieldChecks.quoted(name)) is no resource that containers use",
        help:
          """
          write \(PodFieldChecks.list(ResourceName.ofContainers)), \
          or a name like 'example.com/gpu'
          """,
        into: &report)
    } else if !ResourceName.isNative(name), !ResourceName.isExtended(name) {
      self.report(
        codes.extended, place,
        "\(PodFieldChecks.quoted(name)) cannot be an extended resource: "
          + "with 'requests.' in front it must still be a valid name",
        help: "shorten it, and write its domain in lower case",
        into: &report)
    }
  }

  private func checkPodName(_ place: Place, hasProblems: Bool, into report: inout Report) {
    let name = place.name
    if hasProblems || ResourceName.isOfComputing(name) || ResourceName.isHugePages(name) {
      return
    }
    let isUnknown =
      !name.utf8.contains(UInt8(ascii: "/")) && !ResourceName.isAnywhereStandard(name)
    self.report(
      "PRES-03", place, "\(PodFieldChecks.quoted(name)) is no resource that a pod has as a whole",
      help: "give it to a container; a pod has 'cpu', 'memory' and huge pages",
      reason: isUnknown ? .invalid : .notSupported, into: &report)
  }

  private func checkBalance(_ place: Place, limit: Quantity?, into report: inout Report) {
    let name = place.name
    guard let limit else {
      guard !ResourceName.canBeOvercommitted(name) else { return }
      return report.error(
        codes.missingLimit, .required, at: node, limitsPath,
        "\(PodFieldChecks.quoted(name)) is requested without a limit; "
          + "it cannot be shared, so both must be there",
        help: "add the limit '\(name): \(place.amount)'")
    }
    let request = place.amount.roundedUp(to: .milli)
    if request != limit, !ResourceName.canBeOvercommitted(name) {
      report.error(
        codes.unequal, .invalid, at: node, path(place),
        "'\(place.amount)' of \(PodFieldChecks.quoted(name)) is requested, but the "
          + "limit is '\(limit)'; it cannot be shared, so they must be equal",
        help: "make them equal", server: requestsPath)
    } else if request > limit {
      report.error(
        codes.overLimit, .invalid, at: node, path(place),
        "'\(place.amount)' of '\(name)' is requested, but the limit is '\(limit)'",
        help: "raise the limit, or request at most '\(limit)'", server: requestsPath)
    }
  }
}

/// The names of resources, and what follows from them.
enum ResourceName {
  /// What a container or a pod computes with.
  static func isOfComputing(_ name: String) -> Bool { name == "cpu" || name == "memory" }
  static let ofContainers = ["cpu", "memory", "ephemeral-storage", "hugepages-SIZE"]

  /// Names without a domain that mean something somewhere, if not in containers.
  private static let standard: Set<String> = [
    "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory",
    "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
    "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
    "persistentvolumeclaims", "storage", "requests.storage", "services.nodeports",
    "services.loadbalancers",
  ]
  private static let counted: Set<String> = [
    "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps",
    "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
  ]

  static func isHugePages(_ name: String) -> Bool { name.hasPrefix("hugepages-") }

  /// Whether a container may have it without a domain in the name.
  static func isStandard(_ name: String) -> Bool {
    isOfComputing(name) || name == "ephemeral-storage" || isHugePages(name)
  }

  static func isAnywhereStandard(_ name: String) -> Bool {
    standard.contains(name) || isHugePages(name) || name.hasPrefix("requests.hugepages-")
  }

  /// Whether it is Kubernetes' own.
  static func isNative(_ name: String) -> Bool {
    !name.utf8.contains(UInt8(ascii: "/")) || contains(name, "kubernetes.io/")
  }

  /// Whether it is a well-named resource of a device plugin.
  static func isExtended(_ name: String) -> Bool {
    !isNative(name) && !name.hasPrefix("requests.")
      && LabelFormat.key("requests." + name).isEmpty
  }

  static func isCounted(_ name: String) -> Bool { counted.contains(name) || isExtended(name) }

  /// Whether more of it may be promised than there is.
  static func canBeOvercommitted(_ name: String) -> Bool { isNative(name) && !isHugePages(name) }

  /// Whether `amount` consists of whole pages of the size in the name.
  static func isMultiple(_ amount: Quantity, ofPagesNamed name: String) -> Bool {
    guard let size = Quantity(name.dropFirst("hugepages-".count)), size.sign > 0,
      size.serverMilliValue % 1000 == 0, let page = size.value, page != 0
    else { return false }
    return (amount.value ?? 0) % page == 0
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    var rest = text.utf8[...]
    while rest.count >= part.utf8.count {
      if rest.starts(with: part.utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
