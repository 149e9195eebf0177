import ArgumentParser
import ClusterAPI
import ManifestSyntax

/// What the rollout commands that write have in common.
struct RolloutChange {
  let objects: TargetOptions
  let change: ChangeOptions
  let place: ClusterOptions

  /// Does `body` for every Deployment that the words mean, and tells what it says was done.
  func run(_ words: [String], _ body: (RolloutRevisions) throws -> String) throws {
    let changes = try change.changes()
    let client = try place.client(for: .existing)
    let targets = try objects.workloads(words, in: client)
    try changes.forEach(targets) { target in
      for target in try client.expanded([target], objects.selectors) {
        let done = try body(try RolloutRevisions(target, client))
        let object = change.output == nil ? Value.emptyMap : try client.object(target)
        try changes.tell(target, done, object)
      }
    }
    try changes.end()
  }

  func patch(_ found: RolloutRevisions, _ patch: Value) throws(ClusterRefusal) {
    _ = try found.client.send(
      "PATCH", found.target.path, query: change.query("rollout"),
      contentType: "application/strategic-merge-patch+json", patch)
  }

  func refusal(_ message: String) -> ClusterRefusal {
    ClusterRefusal(code: 409, reason: "Conflict", message: message)
  }
}

extension TargetOptions {
  /// What a rollout command is about; a kind alone means all of its objects, as kubectl has it.
  func workloads(
    _ words: [String], in client: ClusterClient
  ) throws(CommandFailure) -> [Target] {
    let isKind = words.count == 1 && !words[0].contains("/") && selectors.isEmpty
    return try chosenTargets(words, all: isKind, in: client)
  }
}
