extension Schema {
  /// Whether semantic rules judge objects of this type wherever they stand, so that the table's own
  /// words (required, enumerations, limits) must keep silent.
  func isRuled(_ type: TypeID) -> Bool {
    let index = Int(type.index)
    if index < ruledTypes.count, let known = ruledTypes[index] { return known }
    let isRuled = Self.ruledNames.contains(self.type(type).qualifiedName)
    while ruledTypes.count <= index { ruledTypes.append(nil) }
    ruledTypes[index] = isRuled
    return isRuled
  }

  private static let ruledNames: Set<String> = [
    "core.v1/Pod", "core.v1/PodTemplateSpec", "core.v1/Service", "apps.v1/Deployment",
    "apps.v1/ReplicaSet", "meta.v1/ObjectMeta",
  ]
}
