import ArgumentParser

/// The command itself: the list of its subcommands.
struct KMF: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kmf",
    abstract:
      "Judge Kubernetes manifests as the API server would, and keep clusters of them, offline.",
    discussion: """
      Exit codes: 0 clean, 1 findings, 2 wrong usage or configuration or unreadable input, \
      3 internal error; of commands that write to clusters 5 consent is missing, 6 the plan is \
      stale; of those that wait 7 it did not come.
      """,
    version: Version.text,
    subcommands: [
      Validate.self, Lint.self, Fmt.self, Render.self, Diff.self, Plan.self, Apply.self,
      History.self,
      Restore.self, Owners.self, Describe.self, Explain.self, Kinds.self,
      Get.self,
      Create.self, Delete.self, Patch.self, Replace.self, Scale.self, Rollout.self, Label.self,
      Annotate.self,
      Import.self, Export.self,
      API.self, ClusterCommand.self, NodeCommand.self, Simulate.self, Events.self, Logs.self,
      ServiceCommand.self,
      VersionCommand.self, Completion.self, Manual.self,
    ])
}
