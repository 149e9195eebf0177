extension ServiceUpdateRules {
  private static let fixed = "spec.clusterIP = 10.96.0.7\n---\n"
  private static let dual =
    """
    spec.ipFamilyPolicy = RequireDualStack\nspec.clusterIP = 10.96.0.7\nspec.clusterIPs = \
    [10.96.0.7, fd00::7]\nspec.ipFamilies = [IPv4, IPv6]\n---\n
    """

  private static func from(_ old: String, _ new: String) -> RuleExample {
    RuleExample(stringLiteral: old + new)
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "SVCU-01", "A service keeps its address.", on: .serviceUpdate,
      bad: from(fixed, "spec.clusterIP = 10.96.0.8"), "spec.clusterIP = None",
      good: from(fixed, "spec.clusterIP = 10.96.0.7"), from(fixed, "spec.ports[0].port = 81"),
      from(fixed, "spec.type = ExternalName\nspec.externalName = a.b")),
    .untestable(
      "SVCU-02", "A service does not give up its first address.",
      because: "the server fills in an address that is left out"),
    .untestable(
      "SVCU-03", "Giving up the second address needs the policy SingleStack.",
      because: "the allocation refuses it first (SVCU-12)"),
    .untestable(
      "SVCU-04", "The first address stays when a second one is added.",
      because: "it is the same finding as SVCU-01"),
    .untestable(
      "SVCU-05", "A service does not become headless, nor the other way round.",
      because: "it is the same finding as SVCU-01"),
    RuleDescription(
      "SVCU-06", "A service keeps its families.", on: .serviceUpdate,
      bad: from(
        dual,
        """
        spec.ipFamilyPolicy = RequireDualStack\nspec.ipFamilies = [IPv6, IPv4]\nspec.clusterIP \
        = fd00::7\nspec.clusterIPs = [fd00::7, 10.96.0.7]
        """
      ),
      good: from(dual, "spec.ipFamilyPolicy = RequireDualStack\nspec.ipFamilies = [IPv4, IPv6]")),
    RuleDescription(
      "SVCU-07", "The first family stays when the second one is given up.", on: .serviceUpdate,
      bad: from(
        dual,
        """
        spec.ipFamilyPolicy = SingleStack\nspec.ipFamilies = [IPv6]\nspec.clusterIP = \
        fd00::7\nspec.clusterIPs = [fd00::7]
        """
      ),
      good: from(
        dual,
        """
        spec.ipFamilyPolicy = SingleStack\nspec.ipFamilies = [IPv4]\nspec.clusterIP = \
        10.96.0.7\nspec.clusterIPs = [10.96.0.7]
        """
      )),
    .untestable(
      "SVCU-08", "The first family stays when a second one is added.",
      because: "the address of the first family does not fit any more (SVC-34)"),
    RuleDescription(
      "SVCU-09", "A load balancer keeps its class.", on: .serviceUpdate,
      bad:
        """
        spec.type = LoadBalancer\n---\nspec.type = LoadBalancer\nspec.loadBalancerClass = \
        example.com/x
        """,
      good: "spec.type = LoadBalancer\nspec.loadBalancerClass = example.com/x"),
    RuleDescription(
      "SVCU-10", "The port for health checks stays.", on: .serviceUpdate,
      bad:
        """
        spec.type = LoadBalancer\nspec.externalTrafficPolicy = Local\n---\nspec.type = \
        LoadBalancer\nspec.externalTrafficPolicy = Local\nspec.healthCheckNodePort = 31999
        """,
      good:
        """
        spec.type = LoadBalancer\nspec.externalTrafficPolicy = Local\n---\nspec.type = \
        LoadBalancer\nspec.externalTrafficPolicy = Local
        """
    ),
    .untestable(
      "SVCU-11", "The new service follows the rules of new ones.",
      because: "each of those rules has its own id and examples"),
    RuleDescription(
      "SVCU-12", "The second address and family are given up with the policy only.",
      on: .serviceUpdate,
      bad: from(
        dual,
        """
        spec.ipFamilyPolicy = RequireDualStack\nspec.ipFamilies = [IPv4]\nspec.clusterIP = \
        10.96.0.7\nspec.clusterIPs = [10.96.0.7]
        """
      ),
      good: from(dual, "spec.ipFamilyPolicy = SingleStack")),
    .untestable(
      "SVCU-13", "A port of the nodes is not restored for two entries without names.",
      because: "the names are missing first (SVC-10)"),
    .untestable(
      "SVCU-14", "A service that becomes a name for another host gives up its address.",
      because: "an address that is changed at the same time is refused by SVC-05"),
    RuleDescription(
      "SVA-02", "The cluster has addresses of each family that is asked for.", on: .serviceUpdate,
      bad: "spec.clusterIP = None\n---\nspec.clusterIP = None\nspec.ipFamilies = [IPv6]",
      good: "spec.clusterIP = None\n---\nspec.clusterIP = None\nspec.ipFamilies = [IPv4]"),
    RuleDescription(
      "SVA-03", "The cluster has addresses of the family of each address.", on: .serviceUpdate,
      bad: "spec.type = ExternalName\nspec.externalName = a.b\n---\nspec.clusterIP = fd00::7",
      good: "spec.type = ExternalName\nspec.externalName = a.b\n---\nspec.clusterIP = 10.96.0.7"),
    RuleDescription(
      "SVA-04", "Two families need a cluster that has both.", on: .serviceUpdate,
      bad: "spec.ipFamilyPolicy = RequireDualStack",
      good: "spec.ipFamilyPolicy = PreferDualStack"),
  ]
}
