import Glibc
import InputFiles
import ManifestRules

/// `kmf lint --watch`: a run whenever a file of the repository changes.
struct WatchLoop {
  let settings: LintSettings

  /// What tells that a file changed.
  private struct Stamp: Equatable {
    var path: String
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  /// Runs until somebody interrupts.
  func run() throws(CommandFailure) -> Never {
    guard !settings.common.paths.contains("-") else {
      throw CommandFailure("--watch needs files to watch, not standard input")
    }
    while true {
      let inputs = LintInputs(settings.common)
      let stamps = Self.stamps(inputs)
      do throws(CommandFailure) {
        _ = try LintRun(settings).run(inputs)
      } catch {
        // A file may be half written just now; the next change tells.
        error.complain()
      }
      Complaint.writeLine("kmf: watching \(inputs.all.count) files; end with Ctrl-C")
      while Self.stamps(LintInputs(settings.common)) == stamps { usleep(300_000) }
    }
  }

  private static func stamps(_ inputs: LintInputs) -> [Stamp] {
    inputs.all.map { input in
      var status = stat()
      guard stat(input.path, &status) == 0 else {
        return Stamp(path: input.path, size: -1, seconds: 0, nanoseconds: 0)
      }
      return Stamp(
        path: input.path, size: Int(status.st_size), seconds: Int(status.st_mtim.tv_sec),
        nanoseconds: Int(status.st_mtim.tv_nsec))
    }
  }
}
