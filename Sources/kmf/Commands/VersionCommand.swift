import ArgumentParser
import ManifestSchema
import ManifestSyntax

/// `kmf version`.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version",
    abstract: "Show the version of kmf and the Kubernetes versions it knows.")

  @Option(name: [.short, .long], help: "How to show it: text or json.")
  var output: TextOrJSON = .text

  func run() {
    let first = KubernetesVersion.oldest
    let last = KubernetesVersion.latest
    switch output {
    case .text:
      Answer.print("kmf \(Version.text) (Kubernetes \(first) to \(last))")
    case .json:
      Answer.print([
        "version": .string(Version.text),
        "kubernetesVersions": .list(KubernetesVersion.all.map { .string($0.description) }),
        "defaultKubernetesVersion": .string(last.description),
      ])
    }
  }
}
