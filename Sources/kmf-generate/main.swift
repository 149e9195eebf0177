import FoundationEssentials
import Glibc

/// The subcommands, by name. Each takes the arguments after its name.
let commands: [(name: String, run: ([String]) throws -> Void)] = [
  ("embed", { try Embed.run($0) }),
  ("import-kubernetes", { try ImportKubernetes.run($0) }),
  ("rules", { try Rules.run($0) }),
  ("views", { try Views.run($0) }),
]

let arguments = Array(CommandLine.arguments.dropFirst())
guard let command = commands.first(where: { $0.name == arguments.first }) else {
  print("usage: kmf-generate \(commands.map(\.name).joined(separator: "|")) …")
  exit(2)
}
do {
  try command.run(Array(arguments.dropFirst()))
} catch {
  print("kmf-generate \(command.name): \(error)")
  exit(1)
}
