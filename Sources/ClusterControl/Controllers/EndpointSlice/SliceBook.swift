import ManifestSchema
import ManifestSyntax

/// A Service's slices as the controller left them, and where in them each pod is.
///
/// It saves looking at ten thousand pods when one has changed: only pods that changed are read
/// again, and only slices that hold them are written.
struct SliceBook: Sendable {
  struct Slice: Sendable {
    var name: String
    let isIPv6: Bool
    var ports: [Value]
    var uids: [String] = []
    var endpoints: [Value] = []
    /// Whether it is in the cluster already.
    var exists = false
    var isChanged = false
  }
  private struct Place: Hashable, Sendable {
    var uid: String
    var isIPv6: Bool
  }

  static let endpointsMax = 100

  private(set) var slices: [Slice] = []
  private var places: [Place: Int] = [:]
  /// Which names were given out.
  private var namesMade: UInt64 = 0
  /// The labels that all slices have.
  var labels = ValueMap()

  var podCount: Int { places.count }

  /// Reads the slices that are there.
  init(_ objects: [ClusterObject]) {
    for object in objects {
      var slice = Slice(
        name: object.name, isIPv6: object.value["addressType"] == "IPv6",
        ports: object.value["ports"]?.list ?? [])
      slice.exists = true
      for endpoint in object.value["endpoints"]?.list ?? [] {
        let uid = endpoint["targetRef"]?["uid"]?.string ?? ""
        slice.uids.append(uid)
        slice.endpoints.append(endpoint)
        places[Place(uid: uid, isIPv6: slice.isIPv6)] = slices.count
      }
      slices.append(slice)
    }
  }

  /// The uids of all pods that are in some slice.
  var uids: [String] { slices.flatMap(\.uids) }

  /// Whether a slice holds exactly this; comparing costs nothing where it was made here.
  func holds(_ object: ClusterObject) -> Bool {
    slices.contains {
      $0.name == object.name && $0.exists && .list($0.endpoints) == object.value["endpoints"] ?? []
    }
  }

  // MARK: - Changing

  /// What is to be told of a pod.
  struct Wish {
    var uid: String
    var isIPv6: Bool
    /// nil when nothing is to be told of it any more.
    var endpoint: Value?
    var ports: [Value]
  }

  /// Brings the slices in line with the wishes, changing as few as it can.
  mutating func fulfil(_ wishes: [Wish], nameFor: (UInt64) -> String) {
    var added: [Wish] = []
    for wish in wishes {
      let key = Place(uid: wish.uid, isIPv6: wish.isIPv6)
      guard let place = places[key],
        let position = slices[place].uids.firstIndex(of: wish.uid)
      else {
        if wish.endpoint != nil { added.append(wish) }
        continue
      }
      if let endpoint = wish.endpoint, slices[place].ports == wish.ports {
        guard slices[place].endpoints[position] != endpoint else { continue }
        slices[place].endpoints[position] = endpoint
      } else {
        slices[place].uids.remove(at: position)
        slices[place].endpoints.remove(at: position)
        places[key] = nil
        if wish.endpoint != nil { added.append(wish) }
      }
      slices[place].isChanged = true
    }
    while let first = added.first {
      let group = added.filter { $0.isIPv6 == first.isIPv6 && $0.ports == first.ports }
      if group.count == added.count {
        added = []
      } else {
        added.removeAll { $0.isIPv6 == first.isIPv6 && $0.ports == first.ports }
      }
      place(group, nameFor: nameFor)
    }
  }

  /// Finds room for endpoints of the same ports.
  private mutating func place(_ group: [Wish], nameFor: (UInt64) -> String) {
    guard let first = group.first else { return }
    var rest = group[...]
    let own = slices.indices.filter {
      slices[$0].isIPv6 == first.isIPv6 && slices[$0].ports == first.ports
    }
    // Slices that are written anyhow, the fullest first.
    let changed = own.filter { slices[$0].isChanged && !slices[$0].uids.isEmpty }
      .sorted { slices[$0].uids.count > slices[$1].uids.count }
    for index in changed where !rest.isEmpty { fill(index, &rest) }
    while !rest.isEmpty {
      fill(room(for: rest.count, own, first, nameFor: nameFor), &rest)
    }
  }

  /// The slice for what is left: the one that it fills best, or a new one, or one that would go.
  private mutating func room(
    for count: Int, _ own: [Int], _ first: Wish, nameFor: (UInt64) -> String
  ) -> Int {
    if count < Self.endpointsMax {
      let fitting = own.filter {
        !slices[$0].isChanged && slices[$0].uids.count + count <= Self.endpointsMax
      }
      if let best = fitting.max(by: { slices[$0].uids.count < slices[$1].uids.count }) {
        return best
      }
    }
    if let empty = slices.indices.first(where: {
      slices[$0].uids.isEmpty && slices[$0].isIPv6 == first.isIPv6
    }) {
      slices[empty].ports = first.ports
      return empty
    }
    slices.append(Slice(name: newName(nameFor), isIPv6: first.isIPv6, ports: first.ports))
    return slices.count - 1
  }

  private mutating func newName(_ nameFor: (UInt64) -> String) -> String {
    repeat {
      namesMade += 1
      let name = nameFor(namesMade)
      if !slices.contains(where: { $0.name == name }) { return name }
    } while true
  }

  private mutating func fill(_ index: Int, _ rest: inout ArraySlice<Wish>) {
    while let wish = rest.first, slices[index].uids.count < Self.endpointsMax {
      rest.removeFirst()
      guard let endpoint = wish.endpoint else { continue }
      slices[index].uids.append(wish.uid)
      slices[index].endpoints.append(endpoint)
      slices[index].isChanged = true
      places[Place(uid: wish.uid, isIPv6: wish.isIPv6)] = index
    }
  }

  // MARK: - Writing

  /// Leaves one empty slice per family where there is nothing to tell, and none otherwise.
  mutating func keepPlaceholders(_ families: [Bool], nameFor: (UInt64) -> String) {
    for isIPv6 in families {
      let own = slices.indices.filter { slices[$0].isIPv6 == isIPv6 }
      guard own.allSatisfy({ slices[$0].uids.isEmpty }) else { continue }
      if let first = own.first {
        if !slices[first].ports.isEmpty { slices[first].isChanged = true }
        slices[first].ports = []
      } else {
        var slice = Slice(name: newName(nameFor), isIPv6: isIPv6, ports: [])
        slice.isChanged = true
        slices.append(slice)
      }
    }
  }

  /// Takes the slices that are to go out of the book.
  ///
  /// - Returns: The names of those that are in the cluster.
  mutating func dropEmpty(_ families: [Bool]) -> [String] {
    var kept: Set<Bool> = []
    var gone: [Int] = []
    let full = Set(slices.filter { !$0.uids.isEmpty }.map(\.isIPv6))
    for index in slices.indices where slices[index].uids.isEmpty {
      let isIPv6 = slices[index].isIPv6
      if families.contains(isIPv6), !full.contains(isIPv6), kept.insert(isIPv6).inserted {
        continue
      }
      gone.append(index)
    }
    guard !gone.isEmpty else { return [] }
    let names = gone.filter { slices[$0].exists }.map { slices[$0].name }
    for index in gone.reversed() { slices.remove(at: index) }
    places = [:]
    for (index, slice) in slices.enumerated() {
      for uid in slice.uids { places[Place(uid: uid, isIPv6: slice.isIPv6)] = index }
    }
    return names
  }

  mutating func markAllChanged() {
    for index in slices.indices { slices[index].isChanged = true }
  }

  /// The slices that are to be written; they count as written from now on.
  mutating func takeChanged() -> [Slice] {
    let changed = slices.filter(\.isChanged)
    for index in slices.indices where slices[index].isChanged {
      slices[index].isChanged = false
      slices[index].exists = true
    }
    return changed
  }
}
