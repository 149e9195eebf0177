import ClusterAPI
import ClusterControl
import ClusterStore
import ControlPlane
import ManifestSchema
import Synchronization

/// The clusters that this process has opened, each with its clock; their controllers act when a
/// cluster is opened and when the command is over.
enum OpenClusters {
  private struct Opened {
    var cluster: LocalCluster
    var time: ClusterTime
    var simulation: SimulationSettings
  }

  private static let opened = Mutex<[Opened]>([])

  /// The clock for the cluster in `store`.
  static func time(of store: any Store) throws(StoreError) -> ClusterTime {
    ClusterTime(SystemClock(), after: try ControlPlaneNote(store))
  }

  /// Notes an open cluster, and lets its controllers do what they missed.
  static func add(_ cluster: LocalCluster, _ time: ClusterTime, _ simulation: SimulationSettings) {
    opened.withLock {
      $0.append(Opened(cluster: cluster, time: time, simulation: simulation))
    }
    var plane = ControlPlane(cluster, time: time, simulation: simulation)
    catchUp(&plane)
  }

  /// The controllers of a cluster that was opened here.
  static func controlPlane(of cluster: LocalCluster) -> ControlPlane {
    let known = opened.withLock { $0.first { $0.cluster === cluster } }
    return ControlPlane(
      cluster, time: known?.time ?? ClusterTime(SystemClock()),
      simulation: known?.simulation ?? SimulationSettings())
  }

  /// How a cluster that was opened here simulates its nodes.
  static func simulation(of cluster: LocalCluster) -> SimulationSettings {
    opened.withLock { $0.first { $0.cluster === cluster }?.simulation } ?? SimulationSettings()
  }

  /// Whether the cluster has controllers, or only keeps what it is told.
  static func hasControllers(_ cluster: LocalCluster) throws(CommandFailure) -> Bool {
    do throws(StoreError) { return try ControlPlaneNote(cluster.store) != nil } catch {
      throw CommandFailure(error)
    }
  }

  /// The controllers of a cluster that must have some.
  ///
  /// - Parameter complaint: What follows without them: "nothing would ever be rolled out".
  static func running(
    _ cluster: LocalCluster, or complaint: String
  ) throws(CommandFailure) -> ControlPlane {
    guard try hasControllers(cluster) else {
      throw CommandFailure(
        "the cluster has no nodes and no controllers, so \(complaint)",
        help: "give it some with 'kmf node add', or make another: 'kmf cluster create --nodes 3'")
    }
    return controlPlane(of: cluster)
  }

  /// Lets the controllers of all clusters act on what the command wrote, and closes the clusters:
  /// a file that nobody has open is whole without its log.
  static func settle() {
    let all = opened.withLock { opened in
      defer { opened = [] }
      return opened
    }
    for one in all {
      var plane = ControlPlane(one.cluster, time: one.time, simulation: one.simulation)
      catchUp(&plane)
    }
  }

  /// A cluster whose controllers cannot run, such as one that may only be read, still answers.
  private static func catchUp(_ plane: inout ControlPlane) {
    do throws(StatusError) {
      _ = try plane.catchUp()
    } catch {
      Complaint.writeLine("kmf: warning: the cluster's controllers did not run: \(error.message)")
    }
  }
}
