import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A kind as objects name it, and what follows from the name alone: worked out once for all the
/// objects of a kind, since most files are full of objects of a few kinds.
final class NamedKind {
  let gvk: GroupVersionKind
  let apiVersion: String
  /// What a file with such an object is, where no API server ever sees it.
  let clientSideFormat: String?
  /// Whether the objects describe kinds of their own.
  let isDefinition: Bool
  /// How the objects make pods, if they do.
  let workload: WorkloadView.WorkloadKind?
  /// The bytes of both names, to compare.
  private let bytes: [UInt8]
  /// What each judge has looked up about the kind.
  var known: [KnownKind?] = []

  var kind: String { gvk.kind }
  /// Whether both names are there; an empty one is as good as none.
  var isWhole: Bool { !apiVersion.isEmpty && !kind.isEmpty }

  init(apiVersion: String, kind: String) {
    self.apiVersion = apiVersion
    bytes = Array(apiVersion.utf8) + Array(kind.utf8)
    gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
    clientSideFormat = ManifestShape.clientSideFormat(apiVersion: apiVersion, kind: kind)
    isDefinition = CustomKinds.isDefinition(gvk)
    workload = WorkloadView.WorkloadKind(gvk)
  }
}

extension NamedKind {
  /// Whether these are the kind's names.
  fileprivate func isCalled(
    _ apiVersion: UnsafeRawBufferPointer, _ kind: UnsafeRawBufferPointer
  ) -> Bool {
    bytes.withUnsafeBytes { bytes in
      bytes.count == apiVersion.count + kind.count
        && UnsafeRawBufferPointer(rebasing: bytes[..<apiVersion.count]).isSame(as: apiVersion)
        && UnsafeRawBufferPointer(rebasing: bytes[apiVersion.count...]).isSame(as: kind)
    }
  }
}

/// What a judge has looked up about a kind.
final class KnownKind {
  let kind: Kind
  /// What became of it in newer versions.
  let removal: Removal?
  /// What judges it, if it is a custom one.
  let custom: CustomChecker?
  /// The rules about it.
  let rules: RuleRunner.Selection
  /// How many foreign schemas the judge had taken in.
  let generation: Int

  init(_ kind: Kind, _ schema: Schema, generation: Int) {
    self.kind = kind
    self.generation = generation
    removal = schema.removal(of: kind.gvk)
    custom = schema.customChecker(for: kind.gvk)
    rules = RuleRegistry.selection(for: kind.gvk)
  }
}

/// The kinds that objects have named so far. Like a judge, it belongs to one thread.
final class KindNames {
  /// What readers of documents leave for the next one on the same thread.
  let reading = ReadingMemory()
  /// By the bytes of both names; those with the same hash side by side.
  private var byHash: [UInt64: [NamedKind]] = [:]
  private var count = 0
  /// A file of thousands of made-up kinds must not grow the memory without end, nor make look-ups
  /// long by names of one hash.
  private static let countMax = 4096

  /// The kind that the object at `node` names; nil where it does not say both of it in strings.
  func named(_ tree: Tree, _ node: NodeID) -> NamedKind? {
    guard let apiVersion = tree.text(node, .apiVersion), let kind = tree.text(node, .kind) else {
      return nil
    }
    return named(apiVersion, kind)
  }

  /// The kind of these names.
  func named(_ apiVersion: String, _ kind: String) -> NamedKind {
    var (apiVersion, kind) = (apiVersion, kind)
    return apiVersion.withUTF8 { apiVersion in
      kind.withUTF8 { kind in
        named(UnsafeRawBufferPointer(apiVersion), UnsafeRawBufferPointer(kind))
      }
    }
  }

  private func named(
    _ apiVersion: UnsafeRawBufferPointer, _ kind: UnsafeRawBufferPointer
  ) -> NamedKind {
    let hash = UInt64(KeyHash.of(apiVersion)) << 32 | UInt64(KeyHash.of(kind))
    if let met = byHash[hash] {
      for named in met where named.isCalled(apiVersion, kind) { return named }
    }
    return note(
      NamedKind(
        apiVersion: String(decoding: apiVersion, as: UTF8.self),
        kind: String(decoding: kind, as: UTF8.self)), hash)
  }

  private func note(_ named: NamedKind, _ hash: UInt64) -> NamedKind {
    if count >= Self.countMax {
      byHash.removeAll()
      count = 0
    }
    byHash[hash, default: []].append(named)
    count += 1
    return named
  }
}
