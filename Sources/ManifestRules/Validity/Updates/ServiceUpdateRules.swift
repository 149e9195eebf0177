import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Updates of Services: addresses, families and what a load balancer was built with stay.
enum ServiceUpdateRules: UpdateRules {
  static let title = "Updates of Services"
  static let kinds = ServiceRules.kinds

  static func check(_ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report) {
    guard let before = old.node[.spec].flatMap(ServiceSpec.read),
      let after = new.node[.spec].flatMap(ServiceSpec.read)
    else { return }
    if before.type != "ExternalName", after.type != "ExternalName" {
      let (known, wanted) = (ServiceAddresses(before), ServiceAddresses(after))
      checkAddresses(known, wanted, into: &report)
      checkFamilies(known, wanted, into: &report)
    }
    if before.type == "LoadBalancer", after.type == "LoadBalancer",
      before.loadBalancerClass != after.loadBalancerClass
    {
      report.error(
        "SVCU-09", .invalid, at: after.node, "loadBalancerClass",
        "the class of a load balancer is fixed once it is set up",
        help: "keep it, or make the type another one first")
    }
    if ServiceExposureRules.needsHealthCheckPort(before),
      ServiceExposureRules.needsHealthCheckPort(after),
      before.healthCheckNodePort != after.healthCheckNodePort
    {
      report.error(
        "SVCU-10", .forbidden, at: after.node, "healthCheckNodePort",
        "the port for health checks is fixed while the load balancer asks it",
        help: "remove 'healthCheckNodePort'; the cluster keeps the one it gave out")
    }
  }

  private static func checkAddresses(
    _ old: ServiceAddresses, _ new: ServiceAddresses, into report: inout Report
  ) {
    if old.isHeadless, new.isHeadless { return }
    let (before, after) = (old.clusterIPs, new.clusterIPs)
    func refuseChange(_ index: Int, _ report: inout Report) {
      report.error(
        "SVCU-01", .invalid, at: new.spec.node, new.path(of: index),
        "the address is '\(after[index])'; a service keeps the address that it was given",
        help: "leave clusterIP out, or delete the service and create it anew",
        server: FieldPath("clusterIPs").index(index))
    }
    if before.count == after.count {
      for index in before.indices where before[index] != after[index] {
        refuseChange(index, &report)
      }
      return
    }
    if after.isEmpty {
      report.error(
        "SVCU-02", .invalid, at: new.spec.node, "clusterIP",
        "a service does not give up its first address", help: "leave clusterIP out",
        server: "clusterIPs[0]")
      return
    }
    if let first = before.first, first != after[0] { refuseChange(0, &report) }
    if before.count > after.count, after.count == 1, new.policy != "SingleStack" {
      refuseRelease("SVCU-03", "address", new, into: &report)
    }
  }

  private static func checkFamilies(
    _ old: ServiceAddresses, _ new: ServiceAddresses, into report: inout Report
  ) {
    guard !old.isHeadless, !new.isHeadless else { return }
    let (before, after) = (old.families, new.families)
    let isSameCount = before.count == after.count
    let isChanged =
      isSameCount ? before != after : !before.isEmpty && !after.isEmpty && before[0] != after[0]
    if isChanged {
      report.error(
        isSameCount ? "SVCU-06" : before.count > after.count ? "SVCU-07" : "SVCU-08", .invalid,
        at: new.spec.node, "ipFamilies[0]",
        "the families are '\(after.joined(separator: ", "))'; a service keeps its first family",
        help: "leave 'ipFamilies' to the cluster")
    }
    if before.count > after.count, after.count == 1, new.policy != "SingleStack" {
      refuseRelease("SVCU-07", "family", new, into: &report)
    }
  }

  private static func refuseRelease(
    _ code: String, _ what: String, _ new: ServiceAddresses, into report: inout Report
  ) {
    report.error(
      code, .invalid, at: new.spec.node, "ipFamilyPolicy",
      "the second \(what) can only be given up together with the policy",
      help: "write 'ipFamilyPolicy: SingleStack'")
  }
}
