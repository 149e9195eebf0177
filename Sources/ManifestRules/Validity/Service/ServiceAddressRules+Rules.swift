extension ServiceAddressRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "SVC-18", "No two ports take the same port of the nodes.", on: .service,
      bad:
        """
        spec.type = NodePort\nspec.ports = [{name: a, port: 80, nodePort: 30080}, {name: b, \
        port: 81, nodePort: 30080}]
        """,
      good:
        """
        spec.type = NodePort\nspec.ports = [{name: a, port: 80, nodePort: 30080}, {name: b, \
        port: 80, protocol: UDP, nodePort: 30080}]
        """
    ),
    RuleDescription(
      "SVC-25", "clusterIP is the first of clusterIPs.", on: .service,
      bad: "spec.clusterIP = 10.96.0.7\nspec.clusterIPs = [10.96.0.8]",
      good: "spec.clusterIP = 10.96.0.7\nspec.clusterIPs = [10.96.0.7]", "spec.clusterIP = None"),
    RuleDescription(
      "SVC-26", "clusterIPs stands with clusterIP only.", on: .service,
      bad: "spec.clusterIPs = [10.96.0.8]",
      good: "spec.clusterIP = 10.96.0.8\nspec.clusterIPs = [10.96.0.8]"),
    RuleDescription(
      "SVC-27", "An address family is IPv4 or IPv6.", on: .service, bad: "spec.ipFamilies = [ipv4]",
      good: "spec.ipFamilies = [IPv6]"),
    RuleDescription(
      "SVC-28", "A family is listed once.", on: .service, bad: "spec.ipFamilies = [IPv4, IPv4]",
      good: "spec.ipFamilies = [IPv4, IPv6]\nspec.ipFamilyPolicy = PreferDualStack"),
    RuleDescription(
      "SVC-29", "The policy is SingleStack, PreferDualStack or RequireDualStack.", on: .service,
      bad: "spec.ipFamilyPolicy = DualStack", "spec.ipFamilyPolicy = ''",
      good: "spec.ipFamilyPolicy = PreferDualStack"),
    RuleDescription(
      "SVC-30", "A service without address has no other address.", on: .service,
      bad: "spec.clusterIP = None\nspec.clusterIPs = [None, 10.96.0.8]",
      good: "spec.clusterIP = None\nspec.clusterIPs = [None]"),
    RuleDescription(
      "SVC-31", "Cluster addresses are addresses, without leading zeros.", on: .service,
      bad: "spec.clusterIP = 10.96.0.256", "spec.clusterIP = 10.96.0.01", "spec.clusterIP = none",
      good: "spec.clusterIP = 10.96.0.25", "spec.clusterIP = fd00::1"),
    RuleDescription(
      "SVC-32", "There are at most two cluster addresses.", on: .service,
      bad: "spec.clusterIP = 10.96.0.1\nspec.clusterIPs = [10.96.0.1, fd00::1, 10.96.0.2]",
      good:
        """
        spec.clusterIP = 10.96.0.1\nspec.clusterIPs = [10.96.0.1, \
        fd00::1]\nspec.ipFamilyPolicy = RequireDualStack
        """
    ),
    RuleDescription(
      "SVC-33", "Two cluster addresses are of two families.", on: .service,
      bad: "spec.clusterIP = 10.96.0.1\nspec.clusterIPs = [10.96.0.1, 10.96.0.2]",
      good:
        """
        spec.clusterIP = fd00::1\nspec.clusterIPs = [fd00::1, 10.96.0.1]\nspec.ipFamilyPolicy \
        = RequireDualStack
        """
    ),
    RuleDescription(
      "SVC-34", "Addresses and families stand in the same order.", on: .service,
      bad: "spec.clusterIP = 10.96.0.1\nspec.ipFamilies = [IPv6]",
      good: "spec.clusterIP = fd00::1\nspec.ipFamilies = [IPv6]"),
    RuleDescription(
      "SVA-07", "A service of one family has one address.", on: .service,
      bad: "spec.clusterIP = 10.96.0.1\nspec.clusterIPs = [10.96.0.1, fd00::1]",
      good:
        """
        spec.clusterIP = 10.96.0.1\nspec.clusterIPs = [10.96.0.1, \
        fd00::1]\nspec.ipFamilyPolicy = PreferDualStack
        """
    ),
    RuleDescription(
      "SVA-08", "A service of one family lists one family.", on: .service,
      bad: "spec.ipFamilies = [IPv4, IPv6]",
      "spec.ipFamilies = [IPv6, IPv4]\nspec.ipFamilyPolicy = SingleStack",
      good: "spec.ipFamilies = [IPv4, IPv6]\nspec.ipFamilyPolicy = RequireDualStack"),
    .untestable(
      "SVA-01", "A cluster address lies in the cluster's range and is free.",
      because: "the cluster decides"),
    RuleDescription(
      "SVA-06", "A port for health checks lies in the node port range and is free.", on: .service,
      bad: """
        spec.type = LoadBalancer
        spec.externalTrafficPolicy = Local
        spec.healthCheckNodePort = 30000
        spec.ports[0].nodePort = 30000
        """,
      good: """
        spec.type = LoadBalancer
        spec.externalTrafficPolicy = Local
        spec.healthCheckNodePort = 30001
        spec.ports[0].nodePort = 30000
        """),
    .untestable(
      "SVA-09", "Equal ports of different protocols share one port of the nodes.",
      because: "nothing is refused"),
  ]
}
