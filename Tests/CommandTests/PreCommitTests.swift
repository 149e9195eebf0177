import Foundation
import Testing

/// The hooks, run by the real `pre-commit`.
@Suite struct PreCommitTests {
  /// Installs `pre-commit` once below the build folder, unless it is in PATH.
  private static let install = """
    if command -v pre-commit; then exit; fi
    venv="$BUILD/pre-commit"
    if [ ! -x "$venv/bin/pre-commit" ]; then
      python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --timeout 20 pre-commit
    fi >&2 && echo "$venv/bin/pre-commit"
    """

  /// A repository with the hooks of the project, and one to be checked.
  private static let prepare = """
    set -e
    export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
    export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
    mkdir bin hooks checked && ln -s "$KMF" bin/kmf
    cp "$PROJECT/.pre-commit-hooks.yaml" hooks/
    git -C hooks init -q && git -C hooks add -A && git -C hooks commit -q -m hooks
    cp *.yaml checked/
    git -C checked init -q && git -C checked add -A
    """

  @Test func theSystemHooksWorkOnCommittedManifests() throws {
    let scratch = try Scratch()
    let build = Scratch.kmf.deletingLastPathComponent().path
    let found = try scratch.shell(Self.install, environment: ["BUILD": build])
    guard let program = found.out.split(separator: "\n").last, found.code == 0 else {
      print("skipped: pre-commit cannot be installed here: \(found.err)")
      return
    }
    try scratch.write(
      "good.yaml", Manifest.good.replacingOccurrences(of: "settings", with: "good"))
    try scratch.write("bad.yaml", Manifest.bad)
    try scratch.write("values.yaml", "replicas: 3\n")
    try scratch.write("crooked.yaml", "kind: ConfigMap\nmetadata:\n    name: b\napiVersion: v1\n")
    try scratch.write(
      "service.yaml",
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"
        + "spec:\n  ports:\n  - port: 80\n  selector:\n    app: none\n")
    let environment = [
      "PROJECT": Scratch.project.path, "PRE_COMMIT": String(program),
      "PRE_COMMIT_HOME": scratch.folder.appendingPathComponent("home").path,
    ]
    let prepared = try scratch.shell(Self.prepare, environment: environment)
    #expect(prepared.code == 0, "\(prepared)")
    let cases: [(hook: String, files: String, code: Int32, says: String)] = [
      ("kmf-validate", "--files good.yaml values.yaml", 0, "Passed"),
      ("kmf-validate", "--all-files", 1, "bad.yaml:6:11"),
      ("kmf-lint", "--files good.yaml values.yaml", 0, "Passed"),
      ("kmf-lint", "--files service.yaml", 1, "REF001"),
      ("kmf-lint-fix", "--files bad.yaml", 1, "files were modified by this hook"),
      ("kmf-lint-fix", "--files bad.yaml", 0, "Passed"),
      ("kmf-fmt", "--files crooked.yaml", 1, "files were modified by this hook"),
      ("kmf-fmt", "--all-files", 0, "Passed"),
    ]
    for (hook, files, code, says) in cases {
      // What a hook changed is there for the next one to see.
      let outcome = try scratch.shell(
        """
        export PATH="$PWD/bin:$PATH" && cd checked && git add -A &&
        "$PRE_COMMIT" try-repo ../hooks \(hook) \(files)
        """, environment: environment)
      #expect(outcome.code == code && outcome.out.contains(says), "\(hook) \(files): \(outcome)")
    }
    let left = try scratch.read("checked/crooked.yaml")
    #expect(left.hasPrefix("apiVersion: v1\nkind: ConfigMap\n"), "\(left)")
    #expect(try scratch.read("checked/bad.yaml").contains("colour: \"1\""))
  }

  @Test func bothFlavoursRunTheSameCheck() throws {
    let hooks = try String(
      contentsOf: Scratch.project.appendingPathComponent(".pre-commit-hooks.yaml"), encoding: .utf8)
    let lines = hooks.split(separator: "\n")
    let entries = lines.filter { $0.contains("entry:") }
    #expect(Set(entries).count == 4 && entries.count == 8)
    for flavour in ["system", "swift"] {
      #expect(lines.count { $0.hasSuffix("language: \(flavour)") } == 4)
    }
  }
}
