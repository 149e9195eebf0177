import ArgumentParser
import ClusterAPI
import ClusterStore

/// `--cluster` and `--config`, shared by the commands that work on a cluster.
struct ClusterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The cluster: file:PATH, memory:, or a name from 'clusters' in kmf.yaml. Else KMF_CLUSTER, \
      'cluster' in kmf.yaml, or the nearest .kmf/cluster.db in this folder and above.
      """, valueName: "address"))
  var cluster: String?

  @Option(
    help: ArgumentHelp("Read this instead of the nearest kmf.yaml.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var config: String?

  /// What the cluster is opened for.
  enum Purpose {
    /// It must be there.
    case existing
    /// It is made where it is missing.
    case writing
    /// It must not be there yet.
    case new
  }

  /// Where the cluster is, with names resolved.
  func place() throws(CommandFailure) -> ClusterPlace {
    try ClusterPlace.resolve(
      option: cluster, environment: Styles.environment("KMF_CLUSTER"),
      configuration: try ConfigurationFile.load(config))
  }

  /// Where a new cluster goes: the default one is made here, not in a folder above.
  func newPlace() throws(CommandFailure) -> ClusterPlace {
    let found = try place()
    guard found.origin == nil else { return found }
    var here = ClusterPlace.here
    here.simulation = found.simulation
    return here
  }

  /// The store of the cluster.
  func store(for purpose: Purpose) throws(CommandFailure) -> any Store {
    try place().open(for: purpose)
  }

  /// The cluster.
  func cluster(for purpose: Purpose) throws(CommandFailure) -> LocalCluster {
    try place().cluster(for: purpose)
  }

  /// Somebody to ask, for commands that speak to the cluster's API.
  func client(for purpose: Purpose) throws(CommandFailure) -> ClusterClient {
    try ClusterClient(cluster(for: purpose))
  }
}
