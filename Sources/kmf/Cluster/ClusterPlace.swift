import ClusterAPI
import ClusterControl
import ClusterStore
import ControlPlane
import Glibc
import StoreSQLite

/// Where a cluster is, and who said so.
struct ClusterPlace: Equatable {
  enum Kind: Equatable {
    case memory
    case file(path: String)
  }

  var kind: Kind
  /// What named it, for messages: `--cluster`, `KMF_CLUSTER`, `kmf.yaml`; nil for the default.
  var origin: String?
  /// How nodes and images behave there, as kmf.yaml says it.
  var simulation = SimulationSettings()

  /// The address as `--cluster` takes it.
  var address: String {
    switch kind {
    case .memory: "memory:"
    case .file(let path): "file:\(path)"
    }
  }

  // MARK: Finding

  /// The place that the first of the option, the environment and the configuration names; without
  /// any, the nearest `.kmf/cluster.db` upwards, or else the one that would be made here.
  static func resolve(
    option: String?, environment: String?, configuration: Configuration
  ) throws(CommandFailure) -> ClusterPlace {
    var place = try find(option: option, environment: environment, configuration: configuration)
    if let simulation = configuration.simulation { place.simulation = simulation }
    return place
  }

  private static func find(
    option: String?, environment: String?, configuration: Configuration
  ) throws(CommandFailure) -> ClusterPlace {
    // A path in kmf.yaml is seen from its folder, one of the command line from the working one.
    if let option { return try named(option, "--cluster", configuration) }
    if let environment, !environment.isEmpty {
      return try named(environment, "KMF_CLUSTER", configuration)
    }
    if let text = configuration.cluster {
      return try named(text, "kmf.yaml", configuration, folder: configuration.folder)
    }
    return ClusterPlace(kind: .file(path: nearestDefault()))
  }

  private static func named(
    _ text: String, _ origin: String, _ configuration: Configuration, folder: String? = nil
  ) throws(CommandFailure) -> ClusterPlace {
    switch try parse(text, origin) {
    case .memory: return ClusterPlace(kind: .memory, origin: origin)
    case .file(let path):
      let joined = folder.map { ConfigurationFile.join($0, path) } ?? path
      return ClusterPlace(kind: .file(path: joined), origin: origin)
    case .named(let name):
      guard let address = configuration.clusters[name] else {
        throw unknown(name, among: configuration.clusters.keys.sorted())
      }
      let place = "'\(name)' in kmf.yaml"
      switch try parse(address, place) {
      case .memory: return ClusterPlace(kind: .memory, origin: place)
      case .file(let path):
        let joined = ConfigurationFile.join(configuration.folder, path)
        return ClusterPlace(kind: .file(path: joined), origin: place)
      case .named(let other):
        throw CommandFailure(
          "\(place) names the cluster '\(other)' instead of an address",
          help: "write 'file:PATH' or 'memory:' there")
      }
    }
  }

  private static func parse(_ text: String, _ origin: String) throws(CommandFailure) -> StoreAddress
  {
    do throws(StoreAddressError) {
      return try StoreAddress(parsing: text)
    } catch {
      throw CommandFailure("\(origin): \(error.message)")
    }
  }

  private static func unknown(_ name: String, among names: [String]) -> CommandFailure {
    guard !names.isEmpty else {
      return CommandFailure(
        "no cluster has the name '\(name)'",
        help: "write 'clusters: {\(name): \"file:PATH\"}' in kmf.yaml, or pass --cluster file:PATH")
    }
    let near = NearestWord.of(name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    return CommandFailure(
      "no cluster has the name '\(name)'\(near)",
      help: "kmf.yaml knows \(names.joined(separator: ", "))")
  }

  private static let defaultPath = ".kmf/cluster.db"

  /// The default cluster of this very folder.
  static let here = ClusterPlace(kind: .file(path: defaultPath))

  /// `.kmf/cluster.db` in this folder or the nearest above that has one; this folder's otherwise.
  private static func nearestDefault() -> String {
    let name = defaultPath
    guard let here = getcwd(nil, 0) else { return name }
    defer { free(here) }
    var levels = String(cString: here).split(separator: "/").count
    var prefix = ""
    while true {
      if access(prefix + name, F_OK) == 0 { return prefix + name }
      guard levels > 0 else { return name }
      levels -= 1
      prefix += "../"
    }
  }

  // MARK: Opening

  /// The store at this place.
  func open(for purpose: ClusterOptions.Purpose) throws(CommandFailure) -> any Store {
    switch kind {
    case .memory: return MemoryStore()
    case .file(let path):
      let opening: SQLiteStore.Opening =
        switch purpose {
        case .existing: .existing
        case .writing: .existingOrNew
        case .new: .new
        }
      do throws(StoreError) {
        return try SQLiteStore(path: path, opening: opening)
      } catch {
        throw failure(error)
      }
    }
  }

  /// The cluster at this place; a new one is set up with `settings`.
  func cluster(
    for purpose: ClusterOptions.Purpose, settings: ClusterSettings = ClusterSettings(),
    withoutAdmission plugins: [String] = []
  ) throws(CommandFailure) -> LocalCluster {
    let store = try open(for: purpose)
    let time: ClusterTime
    do throws(StoreError) { time = try OpenClusters.time(of: store) } catch {
      throw failure(error)
    }
    var chance = SystemRandomNumberGenerator()
    do throws(StatusError) {
      let cluster = try LocalCluster(
        store: store, clock: time, seed: chance.next(), settings: settings,
        withoutAdmission: plugins)
      var simulation = simulation
      simulation.podRange = cluster.settings.podCIDR
      simulation.serviceRanges = cluster.settings.serviceCIDRs
      OpenClusters.add(cluster, time, simulation)
      return cluster
    } catch {
      throw CommandFailure("the cluster at \(address) cannot be opened: \(error.message)")
    }
  }

  private func failure(_ error: StoreError) -> CommandFailure {
    if case .unavailable(let fault) = error, fault.cause == .notFound {
      guard let origin else {
        return CommandFailure(
          "there is no cluster in this folder or above",
          help: "run 'kmf cluster create' or 'kmf import', or name one with --cluster")
      }
      return CommandFailure(
        "there is no cluster at '\(fault.place)', which \(origin) names",
        help: "check the spelling, or run 'kmf cluster create --cluster file:\(fault.place)'")
    }
    return CommandFailure(error)
  }
}

extension CommandFailure {
  /// What a store refused, in words.
  init(_ error: StoreError) {
    switch error {
    case .unavailable(let fault): self.init(fault.message, help: fault.remedy)
    case .conflict: self.init(error.message, help: "another writer came first; repeat")
    case .exists, .absent: self.init(error.message)
    case .expired(_, let oldest):
      self.init(error.message, help: "read without a revision, or at one from \(oldest)")
    case .future: self.init(error.message)
    }
  }
}
