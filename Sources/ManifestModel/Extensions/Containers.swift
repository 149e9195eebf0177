import ManifestSyntax

/// Where a container stands in its pod.
public enum ContainerRole: Hashable, Sendable, CaseIterable {
  case initial, regular, ephemeral

  /// The pod spec's field that holds containers of this role.
  public var field: String {
    switch self {
    case .initial: "initContainers"
    case .regular: "containers"
    case .ephemeral: "ephemeralContainers"
    }
  }
}

/// A container with its place.
public struct PlacedContainer: Sendable {
  public let role: ContainerRole
  public let index: Int
  public let container: Container

  /// The way from the pod spec: `initContainers[1]`.
  public var path: FieldPath { FieldPath([.field(role.field), .index(index)]) }
}

extension PodSpec {
  /// Every container: first the init ones, then the regular, then the ephemeral ones, which have
  /// all fields of a container.
  public var allContainers: [PlacedContainer] {
    var all: [PlacedContainer] = []
    all.reserveCapacity(containers.count + 1)
    for role in ContainerRole.allCases {
      for (index, container) in containers(role).enumerated() {
        all.append(PlacedContainer(role: role, index: index, container: container))
      }
    }
    return all
  }

  /// The containers of one role.
  public func containers(_ role: ContainerRole) -> ViewList<Container> {
    switch role {
    case .initial: initContainers
    case .regular: containers
    case .ephemeral: ViewList(member: ephemeralContainers.node)
    }
  }

  /// Whether the pod runs on Windows by its own word.
  public var isWindows: Bool { os?.name == "windows" }
}

extension Container {
  /// Whether, as an init container, it keeps running beside the regular ones.
  public var isSidecar: Bool { restartPolicy == "Always" }
}

extension EphemeralContainer {
  /// The same container without the field that only ephemeral ones have.
  public var container: Container { Container(node) }
}

extension Volume {
  /// The names of the sources that are set, in the manifest's order.
  public var sources: [String] {
    node.entries.compactMap { key, value in
      guard let name = key.string, name != "name", !value.isNull else { return nil }
      return name
    }
  }
}
