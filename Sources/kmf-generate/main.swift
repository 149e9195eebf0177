import FoundationEssentials
import Glibc

/// The subcommands, by name. Each takes the arguments after its name.
let commands: [(name: String, run: ([String]) throws -> Void)] = [
  ("embed", { try Embed.run($0) }),
  ("import-kubernetes", { try ImportKubernetes.run($0) }),
  ("views", { try Views.run($0) }),
]

/// What `make generate` runs: everything that is made from files of the project.
let usual = ["embed", "views"]

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.isEmpty {
  do {
    for name in usual { try commands.first { $0.name == name }?.run([]) }
  } catch {
    print("kmf-generate: \(error)")
    exit(1)
  }
  exit(0)
}
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
