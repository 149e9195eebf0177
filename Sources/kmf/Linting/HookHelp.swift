import Glibc
import ManifestRules

/// `kmf lint --add-hook`: the way into a repository's commits.
enum HookHelp {
  private static let name = ".pre-commit-config.yaml"

  /// The hooks as pre-commit's configuration wants them, for a kmf in PATH.
  static let hooks = """
      - repo: local
        hooks:
          - id: kmf-lint-fix
            name: kmf lint --fix
            entry: kmf lint --fix --skip-non-manifests
            language: system
            types_or: [yaml, json]
            require_serial: true
          - id: kmf-fmt
            name: kmf fmt
            entry: kmf fmt --skip-non-manifests
            language: system
            types_or: [yaml, json]
            require_serial: true
          - id: kmf-lint
            name: kmf lint
            entry: kmf lint --skip-non-manifests
            language: system
            types_or: [yaml, json]
            require_serial: true

    """

  /// Writes the configuration of pre-commit, or says what to add to the one that there is.
  static func run() throws(CommandFailure) {
    let root = Repository.root()
    guard access(root == "." ? ".git" : root + "/.git", F_OK) == 0 else {
      throw CommandFailure("--add-hook needs a git repository", help: "run git init first")
    }
    let path = root == "." ? name : "\(root)/\(name)"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0, errno == EEXIST {
      Complaint.writeLine("kmf: '\(path)' is there already; add below its 'repos:'")
      return Answer.print(String(hooks.dropLast()))
    }
    guard descriptor >= 0 else {
      throw CommandFailure("cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
    let output = Output(descriptor: descriptor)
    output.write("repos:\n" + hooks)
    output.flush()
    close(descriptor)
    Complaint.writeLine("kmf: wrote '\(path)'; 'pre-commit install' turns it on")
  }
}
