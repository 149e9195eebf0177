import ArgumentParser
import Glibc

/// How kmf ends; documented, so scripts may rely on it.
enum ExitStatus: Int32, Error {
  case clean = 0
  /// Something was found that `--fail-on` counts.
  case findings = 1
  /// Wrong usage or configuration, or an input that could not be read.
  case usage = 2
  /// A bug in kmf.
  case internalError = 3
  /// Nothing was done, since it needs `--replace` or `--yes`.
  case refusedByPolicy = 5
  /// The cluster is not what it was when the plan was made.
  case stalePlan = 6
  /// What was waited for did not come: a rollout failed, or the time was over.
  case waitFailed = 7

  /// The graver of two ends.
  func combined(with other: ExitStatus) -> ExitStatus { rawValue >= other.rawValue ? self : other }
}

/// Why a command cannot do its work, for standard error; ends with ``ExitStatus/usage``.
struct CommandFailure: Error {
  /// What is wrong; lower case, no full stop.
  var message: String
  /// What to do, as an order to the reader.
  var help: String?

  init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }

  /// Says it on standard error.
  func complain() {
    Complaint.writeLine("kmf: \(message)")
    if let help { Complaint.writeLine("  help: \(help)") }
  }
}

/// Parses the arguments, runs the command and turns whatever comes out into an exit status.
enum Program {
  static func run(_ arguments: [String]) -> ExitStatus {
    defer { OpenClusters.settle() }
    do {
      var command = try KMF.parseAsRoot(JoinedOptions.parted(arguments))
      try command.run()
      return .clean
    } catch let status as ExitStatus {
      return status
    } catch let failure as CommandFailure {
      failure.complain()
      return .usage
    } catch {
      return report(error)
    }
  }

  /// What the argument parser throws: help and completions are answers, the rest is wrong usage.
  private static func report(_ error: any Error) -> ExitStatus {
    let text = KMF.fullMessage(for: error)
    switch KMF.exitCode(for: error) {
    case .success:
      let output = Output()
      if !text.isEmpty { output.writeLine(text) }
      output.flush()
      return .clean
    case .validationFailure:
      Complaint.writeLine(text)
      return .usage
    default:
      Complaint.writeLine("kmf: internal error: \(error)")
      return .internalError
    }
  }
}

/// Ends with ``ExitStatus/internalError`` and a word to the user where a bug stops the process.
enum CrashMessage {
  /// Handles the signals that a failed precondition or a bad access raises. Call once, first.
  static func install() {
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      signal(number) { _ in
        let text: StaticString = "kmf: internal error: this is a bug in kmf, please report it\n"
        // Only calls that a signal handler may make.
        _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
        _exit(3)
      }
    }
  }
}
