import ManifestSyntax

/// Who may do what, who asks for certificates, and what admits requests.
enum AccessLayouts {
  static let roleBindings: [TableColumn] = [
    .name,
    .text("Role", "What it lets its subjects do.") {
      "\($0.text(["roleRef", "kind"]))/\($0.text(["roleRef", "name"]))"
    }, .age, subjects("Users", kind: "User"), subjects("Groups", kind: "Group"),
    subjects("ServiceAccounts", kind: "ServiceAccount"),
  ]

  static let signingRequests: [TableColumn] = [
    .name, .age, .field("SignerName", ["spec", "signerName"], absent: "<none>"),
    .field("Requestor", ["spec", "username"]),
    .text("RequestedDuration", "How long the certificate is to be valid.") {
      $0.at(["spec", "expirationSeconds"])?.int64.map { HumanDuration.text(seconds: $0) }
        ?? "<none>"
    },
    .text("Condition", "What became of the request.") { subject in
      let conditions = subject.at(["status", "conditions"])
      let has = { conditions?.condition($0) != nil }
      var words = [has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending"]
      if has("Failed") { words.append("Failed") }
      if !subject.text(["status", "certificate"]).isEmpty { words.append("Issued") }
      return words.joined(separator: ",")
    },
  ]

  static let trustBundles: [TableColumn] = [
    .name, .field("SignerName", ["spec", "signerName"], absent: "<none>"),
  ]

  static let podCertificateRequests: [TableColumn] = [
    .name, .field("PodName", ["spec", "podName"]),
    .field("ServiceAccountName", ["spec", "serviceAccountName"]),
    .field("NodeName", ["spec", "nodeName"]), .field("SignerName", ["spec", "signerName"]),
    .text("State", "What became of the request.") { subject in
      let types = subject.list(["status", "conditions"]).compactMap { $0["type"]?.string }
      return types.last { ["Issued", "Denied", "Failed"].contains($0) } ?? "Pending"
    },
  ]

  static let webhookConfigurations: [TableColumn] = [
    .name, .count("Webhooks", "How many webhooks there are.", of: ["webhooks"]), .age,
  ]

  static let validatingPolicies: [TableColumn] = [
    .name, .count("Validations", "How many rules there are.", of: ["spec", "validations"]),
    .text("ParamKind", "The kind of its parameters.", parameterKind), .age,
  ]

  static let mutatingPolicies: [TableColumn] = [
    .name, .count("Mutations", "How many changes it makes.", of: ["spec", "mutations"]),
    .text("ParamKind", "The kind of its parameters.", parameterKind), .age,
  ]

  static let policyBindings: [TableColumn] = [
    .name, .field("PolicyName", ["spec", "policyName"]),
    .text("ParamRef", "Its parameters.") {
      let parameters = $0.at(["spec", "paramRef"])
      if let name = parameters?["name"]?.string, !name.isEmpty {
        let namespace = parameters?["namespace"]?.string ?? ""
        return "\(namespace.isEmpty ? "*" : namespace)/\(name)"
      }
      guard let selector = parameters?["selector"], selector != .null else { return "<unset>" }
      return LabelText.selector(selector)
    }, .age,
  ]

  static let flowSchemas: [TableColumn] = [
    .name, .field("PriorityLevel", ["spec", "priorityLevelConfiguration", "name"]),
    .number("MatchingPrecedence", ["spec", "matchingPrecedence"]),
    .field("DistinguisherMethod", ["spec", "distinguisherMethod", "type"], absent: "<none>"), .age,
    .text("MissingPL", "Whether its priority level is missing.") {
      $0.at(["status", "conditions"])?.condition("Dangling")?["status"]?.string ?? "?"
    },
  ]

  static let priorityLevels: [TableColumn] = [
    .name, .field("Type", ["spec", "type"]),
    .field(
      "NominalConcurrencyShares", ["spec", "limited", "nominalConcurrencyShares"],
      absent: "<none>"),
    .field("Queues", queuing + ["queues"], absent: "<none>"),
    .field("HandSize", queuing + ["handSize"], absent: "<none>"),
    .field("QueueLengthLimit", queuing + ["queueLengthLimit"], absent: "<none>"), .age,
  ]

  static let apiServices: [TableColumn] = [
    .name,
    .text("Service", "Who answers its requests.") {
      guard let service = $0.at(["spec", "service"]), service != .null else { return "Local" }
      return "\(service["namespace"]?.string ?? "")/\(service["name"]?.string ?? "")"
    },
    .text("Available", "Whether it can be reached.") {
      guard let available = $0.at(["status", "conditions"])?.condition("Available") else {
        return "Unknown"
      }
      let status = available["status"]?.string ?? ""
      return status == "True" ? status : "\(status) (\(available["reason"]?.string ?? ""))"
    }, .age,
  ]

  private static let queuing = ["spec", "limited", "limitResponse", "queuing"]

  private static func subjects(_ heading: String, kind: String) -> TableColumn {
    .text(heading, "Subjects of kind \(kind).", isWide: true) { binding in
      let subjects = binding.list(["subjects"]).filter { $0["kind"]?.string == kind }
      return subjects.map { subject in
        let name = subject["name"]?.string ?? ""
        guard kind == "ServiceAccount" else { return name }
        return "\(subject["namespace"]?.string ?? "")/\(name)"
      }.joined(separator: ", ")
    }
  }

  @Sendable private static func parameterKind(_ policy: TableSubject) -> String {
    guard let kind = policy.at(["spec", "paramKind"]), kind != .null else { return "<unset>" }
    return "\(kind["apiVersion"]?.string ?? "")/\(kind["kind"]?.string ?? "")"
  }
}
