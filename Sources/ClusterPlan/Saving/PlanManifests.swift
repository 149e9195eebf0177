import ManifestSyntax

extension SavedPlan {
  /// What its steps apply: the configs that it holds, and the Secrets among `read`, which must be
  /// those that were approved.
  ///
  /// - Parameter read: The manifests as they are now; only Secrets of the plan are looked for.
  /// - Returns: The manifests, and what is wrong with Secrets, a line each.
  public func manifests(
    reading read: [Manifest], masker: Masker
  ) -> (manifests: [Manifest], troubles: [String]) {
    var secrets: [String: Value] = [:]
    for manifest in read where manifest.kind == "Secret" {
      let namespace = manifest.namespace ?? options.namespace
      secrets[namespace + "/" + (manifest.name ?? "")] = PreparedSet.config(
        of: manifest.value, namespace)
    }
    var manifests: [Manifest] = []
    var troubles: [String] = []
    for step in steps where step.action != .delete {
      let source = step.source ?? ManifestSource(file: "plan", line: 1)
      guard let digest = step.secretDigest else {
        if let config = step.config { manifests.append(Manifest(config, source: source)) }
        continue
      }
      let key = (step.object.namespace ?? options.namespace) + "/" + step.object.name
      guard let config = secrets[key] else {
        troubles.append(
          "\(step.object.fullLabel): its manifest is needed, since plans hold no secret values")
        continue
      }
      guard masker.digest(config) == digest else {
        troubles.append("\(step.object.fullLabel): its manifest is not the one that was approved")
        continue
      }
      manifests.append(Manifest(config, source: source))
    }
    return (manifests, troubles)
  }
}
