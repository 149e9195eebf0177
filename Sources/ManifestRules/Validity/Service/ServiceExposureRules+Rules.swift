extension ServiceExposureRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "SVC-35", "External addresses are addresses.", on: .service,
      bad: "spec.externalIPs = [192.0.2.256]", "spec.externalIPs = [example.com]",
      good: "spec.externalIPs = [192.0.2.25]"),
    RuleDescription(
      "SVC-36", "An external address is specified.", on: .service,
      bad: "spec.externalIPs = [0.0.0.0]", "spec.externalIPs = ['::']",
      good: "spec.externalIPs = [192.0.2.0]"),
    RuleDescription(
      "SVC-37", "An external address is no loopback address.", on: .service,
      bad: "spec.externalIPs = [127.0.0.1]", good: "spec.externalIPs = [128.0.0.1]"),
    RuleDescription(
      "SVC-38", "An external address is not link-local.", on: .service,
      bad: "spec.externalIPs = [169.254.0.9]", good: "spec.externalIPs = [169.253.0.9]"),
    RuleDescription(
      "SVC-39", "An external address is no link-local multicast address.", on: .service,
      bad: "spec.externalIPs = [224.0.0.9]", good: "spec.externalIPs = [224.0.1.9]"),
    RuleDescription(
      "SVC-40", "Only load balancers have source ranges.", on: .service,
      bad: "spec.loadBalancerSourceRanges = [10.0.0.0/8]",
      good: "spec.type = LoadBalancer\nspec.loadBalancerSourceRanges = [10.0.0.0/8]"),
    RuleDescription(
      "SVC-41", "Source ranges are address ranges.", on: .service,
      bad: "spec.type = LoadBalancer\nspec.loadBalancerSourceRanges = [10.0.0.1/8]",
      "spec.type = LoadBalancer\nspec.loadBalancerSourceRanges = [10.0.0.1]",
      good: "spec.type = LoadBalancer\nspec.loadBalancerSourceRanges = [' 10.0.0.0/8 ']"),
    RuleDescription(
      "SVC-42", "Source ranges in the annotation follow the rules of the field.", on: .service,
      bad:
        """
        metadata.annotations = {service.beta.kubernetes.io/load-balancer-source-ranges: \
        10.0.0.0/8}
        """,
      """
      spec.type = LoadBalancer\nmetadata.annotations = \
      {service.beta.kubernetes.io/load-balancer-source-ranges: '10.0.0.0/8,'}
      """,
      good:
        """
        spec.type = LoadBalancer\nmetadata.annotations = \
        {service.beta.kubernetes.io/load-balancer-source-ranges: '10.0.0.0/8, 192.0.2.0/24'}
        """
    ),
    RuleDescription(
      "SVC-43", "Only load balancers say whether ports of the nodes are allocated.", on: .service,
      bad: "spec.allocateLoadBalancerNodePorts = false",
      good: "spec.type = LoadBalancer\nspec.allocateLoadBalancerNodePorts = false"),
    .untestable(
      "SVC-44", "Load balancers say whether ports of the nodes are allocated.",
      because: "the field has a default"),
    RuleDescription(
      "SVC-45", "Only load balancers have a class.", on: .service,
      bad: "spec.loadBalancerClass = example.com/x",
      good: "spec.type = LoadBalancer\nspec.loadBalancerClass = example.com/x"),
    RuleDescription(
      "SVC-46", "The class of a load balancer is a name.", on: .service,
      bad: "spec.type = LoadBalancer\nspec.loadBalancerClass = ''",
      good: "spec.type = LoadBalancer\nspec.loadBalancerClass = internal"),
    RuleDescription(
      "SVC-47", "Only services that are reached from outside have an external traffic policy.",
      on: .service, bad: "spec.externalTrafficPolicy = Cluster",
      good: "spec.externalTrafficPolicy = Cluster\nspec.externalIPs = [192.0.2.1]",
      "spec.type = NodePort\nspec.externalTrafficPolicy = Local"),
    RuleDescription(
      "SVC-48", "The external traffic policy is Cluster or Local.", on: .service,
      bad: "spec.type = NodePort\nspec.externalTrafficPolicy = local",
      good: "spec.type = NodePort\nspec.externalTrafficPolicy = ''"),
    RuleDescription(
      "SVC-49", "Only load balancers with local traffic have a port for health checks.",
      on: .service, bad: "spec.healthCheckNodePort = 31000",
      "spec.type = LoadBalancer\nspec.healthCheckNodePort = 31000",
      good:
        """
        spec.type = LoadBalancer\nspec.externalTrafficPolicy = Local\nspec.healthCheckNodePort \
        = 31000
        """
    ),
    RuleDescription(
      "SVC-50", "The port for health checks lies between 1 and 65535.", on: .service,
      bad:
        """
        spec.type = LoadBalancer\nspec.externalTrafficPolicy = Local\nspec.healthCheckNodePort \
        = 70000
        """,
      good:
        "spec.type = LoadBalancer\nspec.externalTrafficPolicy = Local\nspec.healthCheckNodePort = 0"
    ),
    RuleDescription(
      "SVC-51", "The internal traffic policy is Cluster or Local.", on: .service,
      bad: "spec.internalTrafficPolicy = local", good: "spec.internalTrafficPolicy = Local"),
    .untestable(
      "SVC-52", "Services with an address have an internal traffic policy.",
      because: "the field has a default"),
    RuleDescription(
      "SVC-53", "The traffic distribution is PreferClose, PreferSameZone or PreferSameNode.",
      on: .service, bad: "spec.trafficDistribution = Any",
      good: "spec.trafficDistribution = PreferSameNode"),
    RuleDescription(
      "SVC-54", "Old and new annotation for topology agree.", on: .service,
      bad:
        """
        metadata.annotations = {service.kubernetes.io/topology-mode: Auto, \
        service.kubernetes.io/topology-aware-hints: disabled}
        """,
      good:
        """
        metadata.annotations = {service.kubernetes.io/topology-mode: Auto, \
        service.kubernetes.io/topology-aware-hints: Auto}
        """
    ),
  ]
}
