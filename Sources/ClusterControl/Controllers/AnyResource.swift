extension GroupResource {
  /// In a controller's `watches`: every kind that there is, custom ones as well.
  public static let any = GroupResource(group: "*", "*")
  public static let endpoints = GroupResource("endpoints")
  public static let endpointSlices = GroupResource(group: "discovery.k8s.io", "endpointslices")
  public static let leases = GroupResource(group: "coordination.k8s.io", "leases")
  public static let podDisruptionBudgets = GroupResource(
    group: "policy", "poddisruptionbudgets")
  public static let autoscalers = GroupResource(group: "autoscaling", "horizontalpodautoscalers")
  public static let statefulSets = GroupResource(group: "apps", "statefulsets")
  public static let replicationControllers = GroupResource("replicationcontrollers")
  public static let events = GroupResource("events")
}
