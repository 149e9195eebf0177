import ClusterAPI
import ClusterPlan
import InputFiles
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// Reads the manifests of a run, all of them, before anything is done with one.
struct ManifestInputs {
  var settings: ValidateSettings
  var kustomizations: [String] = []
  /// What the cluster knows besides the built-in kinds.
  var definitions: [Value] = []

  /// What was read.
  struct Contents: Sendable {
    var manifests: [Manifest] = []
    var problems: [InputProblem] = []
    /// What was left out, for standard error.
    var remarks: [String] = []
  }

  func read() throws(CommandFailure) -> Contents {
    let listing = settings.paths.isEmpty ? InputListing() : settings.finder.find(settings.paths)
    var contents = Contents()
    for error in listing.errors {
      contents.problems.append(
        InputProblem(file: error.path, message: error.message, help: error.remedy))
    }
    var context = try RunContext.make(settings)
    for definition in definitions {
      context.addDefinitions(
        SourceText(name: "<cluster>", bytes: JSONWriter.bytes(definition)))
    }
    NeighbouringKustomizations.survey(listing.inputs, into: &context)
    let threads = settings.jobs ?? Workers.suitableCount
    var survey = InputSurvey.survey(listing.inputs, context: context, threads: threads)
    for folder in kustomizations {
      let source = try Kustomize.render(folder)
      survey.context.survey(source)
      var input = PreparedInput(input: Input(path: folder))
      input.text = .success(source)
      survey.inputs.append(input)
    }
    return Self.read(survey, into: contents, threads: threads)
  }

  private static func read(
    _ survey: InputSurvey, into contents: Contents, threads: Int
  ) -> Contents {
    let inputs = survey.inputs
    let context = survey.context
    return OrderedWork.run(
      count: inputs.count, threads: threads, into: contents,
      worker: {
        let validator = Validator(context)
        return { position in
          let input = inputs[position]
          switch input.read() {
          case .failure(let error): return ManifestReading(report: FileResult(error))
          case .success(let source):
            return validator.read(source, isExplicit: input.input.origin == .named)
          }
        }
      },
      take: { contents, reading in
        contents.take(reading)
        return true
      })
  }
}

extension ManifestInputs.Contents {
  mutating func take(_ reading: ManifestReading) {
    let file = reading.report.file
    if let failure = reading.report.failure {
      problems.append(InputProblem(file: file, message: failure.message, help: failure.help))
    }
    for what in reading.passedOver { remarks.append("'\(file)' is left out: it is \(what)") }
    var places: Set<Int> = []
    for object in reading.objects {
      places.insert(object.document)
      let documents = reading.report.documents
      let result = documents.indices.contains(object.document) ? documents[object.document] : nil
      let isSecret = object.value["kind"]?.string == "Secret"
      manifests.append(
        Manifest(
          object.value, source: ManifestSource(file: file, line: object.line),
          problem: result.flatMap { Self.problem($0, isSecret: isSecret) }))
    }
    // What is no object at all: broken syntax, or something that is no manifest.
    for (position, document) in reading.report.documents.enumerated()
    where !places.contains(position) && document.status == .invalid {
      for located in document.diagnostics where located.diagnostic.severity == .error {
        problems.append(
          InputProblem(
            file: file, line: located.start.line, message: located.diagnostic.message,
            help: located.diagnostic.help))
      }
    }
  }

  /// What is wrong with an object; no word of a Secret's data is repeated.
  private static func problem(_ document: DocumentResult, isSecret: Bool) -> ChangeError? {
    let errors = document.diagnostics.filter { $0.diagnostic.severity == .error }
    guard let first = errors.first else { return nil }
    func message(_ located: LocatedDiagnostic) -> String {
      let steps = located.diagnostic.path.steps
      let isData = steps.first.map { $0 != .field("metadata") } ?? false
      return isSecret && isData ? "the value is not of the right form" : located.diagnostic.message
    }
    return ChangeError(
      reason: "Invalid",
      message: errors.count == 1
        ? "\(first.diagnostic.path): \(message(first))" : "\(errors.count) mistakes",
      causes: errors.map {
        Replacement.Cause(
          field: $0.diagnostic.path.description, message: "\(message($0)) (line \($0.start.line))")
      },
      help: errors.count == 1 && !isSecret ? first.diagnostic.help : nil)
  }
}
