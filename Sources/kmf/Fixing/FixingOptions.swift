import ArgumentParser
import Glibc

/// What to do with the fixes of findings.
enum FixingMode {
  /// Write them into the files.
  case write
  /// Show them and change nothing.
  case show
}

/// `--fix`, `--diff` and `--unsafe-fixes`.
struct FixingOptions: ParsableArguments {
  @Flag(
    help: """
      Write the fixes that are safe into the files, then report what is left. Fixed standard \
      input goes to standard output, the report to standard error.
      """)
  var fix = false

  @Flag(
    help: """
      Show what --fix would change as a unified diff and change nothing; the exit code is 1 where \
      there is a difference.
      """)
  var diff = false

  @Flag(help: "With --fix or --diff: also fixes that can alter what the cluster does.")
  var unsafeFixes = false

  func validate() throws {
    if unsafeFixes, !fix, !diff {
      throw ValidationError("--unsafe-fixes goes with --fix or --diff")
    }
  }

  /// - Parameter hasOutput: whether the command line asks for a report.
  func apply(to settings: inout ValidateSettings, hasOutput: Bool) throws(CommandFailure) {
    if diff, hasOutput {
      throw CommandFailure("--diff prints differences, no report", help: "leave out --output")
    }
    settings.fixing = diff ? .show : fix ? .write : nil
    settings.fixesUnsafe = unsafeFixes
    // Fixed standard input takes standard output for itself.
    if settings.fixing == .write,
      settings.paths.contains(where: { $0 == "-" || $0 == "/dev/stdin" })
    {
      settings.reportDescriptor = STDERR_FILENO
    }
  }
}
