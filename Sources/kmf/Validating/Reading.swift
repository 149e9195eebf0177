import InputFiles
import ManifestSyntax

/// Reading what the run itself needs, apart from the manifests.
enum Reading {
  /// The text of a file without which the run makes no sense.
  static func required(_ path: String, purpose: String) throws(CommandFailure) -> SourceText {
    do throws(InputError) {
      return try SourceReader.read(Input(path: path))
    } catch {
      var error = error
      // Nobody has seen it a moment ago.
      if error.cause == .vanished { error.cause = .notFound }
      throw CommandFailure("\(purpose): \(error.message)", help: error.remedy)
    }
  }

  /// The texts of all files that `paths` (files, folders, patterns) mean.
  static func required(all paths: [String], purpose: String) throws(CommandFailure) -> [SourceText]
  {
    let listing = InputFinder().find(paths)
    if let error = listing.errors.first {
      throw CommandFailure("\(purpose): \(error.message)", help: error.remedy)
    }
    var sources: [SourceText] = []
    for input in listing.inputs {
      do throws(InputError) {
        sources.append(try SourceReader.read(input))
      } catch {
        throw CommandFailure("\(purpose): \(error.message)", help: error.remedy)
      }
    }
    return sources
  }
}
