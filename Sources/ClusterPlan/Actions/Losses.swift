import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What is lost when an object is deleted and made anew.
enum Losses {
  static func of(_ gvk: GroupVersionKind, old: Value, new: Value?) -> [String] {
    var losses: [String] = []
    switch (gvk.group, gvk.kind) {
    case ("", "Service"): losses = service(old, new)
    case ("", "PersistentVolumeClaim"):
      let volume = old["spec"]?["volumeName"]?.string ?? ""
      losses.append(
        volume.isEmpty
          ? "the claim"
          : "the binding to volume '\(volume)', and its data if the volume is not retained")
    case ("", "PersistentVolume"): losses.append("the binding to its claim")
    case ("", "Namespace"): losses.append("everything in the namespace")
    case ("", "ServiceAccount"): losses.append("the tokens that were issued for it")
    case ("apiextensions.k8s.io", "CustomResourceDefinition"):
      losses.append("every object of the kind")
    case ("batch", "Job"): losses.append("its pods, their logs and how far it came")
    case ("", "Pod"): losses.append("the pod with its logs, restarts and emptyDir volumes")
    default: break
    }
    if let kind = WorkloadView.WorkloadKind(gvk), ![.pod, .podTemplate, .job].contains(kind),
      let effect = PodEffect.ofDeletion(gvk, old), effect.count != 0
    {
      losses.append("\(PodEffect.pods(effect.count)), until new ones are ready")
    }
    losses.append("its uid, so owners that refer to it, and its status")
    return losses
  }

  private static func service(_ old: Value, _ new: Value?) -> [String] {
    var losses: [String] = []
    let address = old["spec"]?["clusterIP"]?.string ?? ""
    if !address.isEmpty, address != "None", new?["spec"]?["clusterIP"]?.string != address {
      losses.append("cluster IP \(address)")
    }
    let wanted = Set((new?["spec"]?["ports"]?.list ?? []).compactMap { $0["nodePort"]?.int64 })
    for port in old["spec"]?["ports"]?.list ?? [] {
      guard let number = port["nodePort"]?.int64, !wanted.contains(number) else { continue }
      losses.append("node port \(number)")
    }
    for entry in old["status"]?["loadBalancer"]?["ingress"]?.list ?? [] {
      if let address = entry["ip"]?.string ?? entry["hostname"]?.string {
        losses.append("load balancer address \(address)")
      }
    }
    return losses
  }
}
