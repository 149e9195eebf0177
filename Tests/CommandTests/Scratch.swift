import Foundation
import Testing

/// A folder for one test, and the real binary to run in it.
final class Scratch {
  /// What a run came to.
  struct Outcome {
    var code: Int32
    var out: String
    var err: String
  }

  let folder: URL

  /// The binary, built beside the tests.
  static let kmf = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("kmf")

  /// The top of the project.
  static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kmf-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file, and the folders that it needs.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> URL {
    let file = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file
  }

  func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// Runs kmf in the folder, or below it. Without `input`, standard input is `/dev/null`.
  func kmf(
    _ arguments: [String], input: String? = nil, in place: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(Self.kmf, arguments, input: input, in: place, environment: environment)
  }

  /// Runs a shell script in the folder; `$KMF` is the binary.
  func shell(_ script: String, environment: [String: String] = [:]) throws -> Outcome {
    try run(
      URL(fileURLWithPath: "/bin/sh"), ["-c", script],
      environment: environment.merging(["KMF": Self.kmf.path]) { first, _ in first })
  }

  private func run(
    _ program: URL, _ arguments: [String], input: String? = nil, in place: String? = nil,
    environment: [String: String]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = place.map(folder.appendingPathComponent) ?? folder
    var all = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_ACTIONS"] { all[name] = nil }
    process.environment = all.merging(environment) { _, new in new }
    // Files instead of pipes: nobody has to read while the process writes.
    let outbox = FileManager.default.temporaryDirectory
      .appendingPathComponent("kmf-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: outbox, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: outbox) }
    let files = ["in", "out", "err"].map(outbox.appendingPathComponent)
    for file in files { try Data((file == files[0] ? input ?? "" : "").utf8).write(to: file) }
    process.standardInput =
      input == nil ? FileHandle.nullDevice : try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationReason == .exit ? process.terminationStatus : -1,
      out: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      err: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }
}

/// Manifests for tests.
enum Manifest {
  static let good = """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
    data:
      colour: blue

    """
  static let web = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "nginx:1.29"}]}

    """
  static let bad = good.replacingOccurrences(of: "blue", with: "1")
  /// The place and code of what is wrong with ``bad``.
  static let badFinding = ":6:11: error DEC-08 data.colour:"
  static let definition = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: things.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {kind: Thing, plural: things, shortNames: [th]}
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            properties:
              size: {type: integer}

    """
  static let unknown = "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: thing\n"
}
