import ManifestSchema
import ManifestSyntax

/// Gives claims that name no class the default one.
struct DefaultStorageClass: AdmissionStep {
  static let name = "DefaultStorageClass"

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.persistentVolumeClaims, .create),
      object.annotation("volume.beta.kubernetes.io/storage-class") == nil,
      // An empty name asks for a volume without a class.
      object["spec"]?["storageClassName"]?.string == nil
    else { return }
    let found = DefaultClass.newest(
      of: try cluster.list(.storageClasses, namespace: nil),
      marked: [
        "storageclass.kubernetes.io/is-default-class",
        "storageclass.beta.kubernetes.io/is-default-class",
      ])
    guard let found else { return }
    object.editSpec {
      $0.set("storageClassName", to: .string(found.metadataName), in: Self.order)
    }
  }

  private static let order = [
    "accessModes", "selector", "resources", "volumeName", "storageClassName", "volumeMode",
    "dataSource", "dataSourceRef", "volumeAttributesClassName",
  ]
}

/// Which class counts when none is named.
enum DefaultClass {
  /// The newest of those that an annotation marks, by name where they are equally old.
  static func newest(of classes: [Value], marked annotations: [String]) -> Value? {
    func age(_ one: Value) -> String { one["metadata"]?["creationTimestamp"]?.string ?? "" }
    return classes.filter { one in annotations.contains { one.annotation($0) == "true" } }
      .min { left, right in
        age(left) == age(right)
          ? left.metadataName < right.metadataName : age(left) > age(right)
      }
  }
}

/// Keeps volumes and claims that are deleted until nothing uses them.
struct StorageObjectInUseProtection: AdmissionStep {
  static let name = "StorageObjectInUseProtection"

  private static let finalizers: [GroupResource: String] = [
    .persistentVolumeClaims: "kubernetes.io/pvc-protection",
    .persistentVolumes: "kubernetes.io/pv-protection",
    GroupResource(group: "storage.k8s.io", "volumeattributesclasses"):
      "kubernetes.io/vac-protection",
  ]

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.operation == .create, request.subresource == nil,
      let finalizer = Self.finalizers[request.resource]
    else { return }
    object.edit("metadata", in: FieldOrder.object) { metadata in
      if metadata.items("finalizers").contains(.string(finalizer)) { return }
      metadata.append(.string(finalizer), to: "finalizers", in: FieldOrder.metadata)
    }
  }
}

/// Lets claims grow only where their class can make volumes grow.
struct PersistentVolumeClaimResize: AdmissionStep {
  static let name = "PersistentVolumeClaimResize"

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.persistentVolumeClaims, .update), let object, let old,
      let before = Self.size(old), let after = Self.size(object), before < after
    else { return }
    guard old["status"]?["phase"] == "Bound" else {
      throw .forbidden(request, "only a claim that is bound to a volume can grow")
    }
    let name = Self.className(object)
    guard !name.isEmpty, name == Self.className(old),
      let storageClass = try cluster.object(ResourceKey(.storageClasses, name: name)),
      storageClass["allowVolumeExpansion"] == true
    else {
      throw .forbidden(
        request, "a claim can grow only if its StorageClass has allowVolumeExpansion: true")
    }
  }

  private static func size(_ claim: Value) -> Quantity? {
    ResourceAmounts(claim["spec"]?["resources"]?["requests"]).amounts["storage"]
  }

  private static func className(_ claim: Value) -> String {
    claim.annotation("volume.beta.kubernetes.io/storage-class")
      ?? claim["spec"]?["storageClassName"]?.string ?? ""
  }
}
