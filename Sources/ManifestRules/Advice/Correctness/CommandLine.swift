import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What a container runs, as far as the manifest says it.
struct CommandLine {
  /// The items of `command` and `args`, in order.
  let items: [NodeRef]
  let texts: [String]
  /// Whether `command` is written, so that the program is known.
  let hasCommand: Bool

  init(_ container: AdviceContainer) {
    let command = Array(container.node.list(.command))
    items = command + Array(container.node.list(.args))
    texts = items.map { $0.string ?? "" }
    hasCommand = !command.isEmpty
  }

  private static let shells: Set<String> = [
    "sh", "bash", "ash", "dash", "zsh", "ksh", "fish", "csh", "tcsh", "busybox", "pwsh",
    "powershell", "powershell.exe", "pwsh.exe", "cmd", "cmd.exe",
  ]

  /// Flags behind which programs of all kinds take a script.
  private static let scriptFlags: Set<String> = [
    "-c", "-e", "-ec", "-ce", "-lc", "-cl", "-xc", "-exc", "-cx", "-ex", "-euc", "-euxc", "-euo",
    "-cex", "-ceu", "-xec", "-exec", "-elc", "-lec", "-ic", "-ilc", "-uc", "-eo", "-command",
    "--eval", "--command", "--execute", "/c", "/C", "-Command",
  ]

  /// Whether a shell reads part of it.
  var runsShell: Bool {
    texts.contains { text in
      let path = text.utf8
      let name = path.lastIndex { $0 != UInt8(ascii: "/") }.map { path[...$0] } ?? path[...]
      let start = name.lastIndex(of: UInt8(ascii: "/")).map { name.index(after: $0) }
      return Self.shells.contains(String(Substring(name[(start ?? name.startIndex)...])))
    }
  }

  /// Whether a shell or another program reads part of it as a script.
  var runsScript: Bool {
    runsShell || texts.contains { Self.scriptFlags.contains($0) || $0.hasLineEnd }
  }
}
