import ArgumentParser

/// `kmf completion`.
struct Completion: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the script that makes a shell complete kmf's arguments.",
    discussion: """
      kmf completion bash > ~/.local/share/bash-completion/completions/kmf
      kmf completion zsh > ~/.zsh/completions/_kmf
      kmf completion fish > ~/.config/fish/completions/kmf.fish

      For zsh, any folder of $fpath will do.
      """)

  /// The shells that there are scripts for.
  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish
  }

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: Shell

  func run() {
    let known: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Answer.print(KMF.completionScript(for: known))
  }
}
