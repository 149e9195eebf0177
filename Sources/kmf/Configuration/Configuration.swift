import ClusterControl
import ManifestSchema

/// What `kmf.yaml` says: nil or empty for every key that it leaves out.
///
/// Paths are already joined to the folder of the file, so they mean the same from everywhere below.
struct Configuration: Equatable {
  /// The folder of the file; patterns of ``exclude`` are relative to it.
  var folder = "."
  var kubernetesVersion: VersionRange?
  var exclude: [String] = []
  var ignoreFiles: Bool?
  var crds: [String]?
  var schemaLocations: [String]?
  var unknownKinds: UnknownKindsChoice?
  var skipNonManifests: Bool?
  var placeholders: Bool?
  var substitute: [String: String] = [:]
  var substituteFiles: [String]?
  var failOn: FailOn?
  var maxDiagnostics: Int?
  var output: [OutputRequest]?
  var jobs: Int?
  /// The cluster to work on: an address or a name of ``clusters``, as it is written.
  var cluster: String?
  /// Addresses of clusters by name, as they are written.
  var clusters: [String: String] = [:]

  /// How images and nodes of simulated clusters behave.
  var simulation: SimulationSettings?

  /// What `kmf lint` is told besides.
  var lint = LintConfiguration()
  /// The file that it was read from; empty for none.
  var file = ""

  init() {}
}
