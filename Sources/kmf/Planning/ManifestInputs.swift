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
  /// The digests of texts that were applied before.
  var known: Set<[UInt8]> = []
  /// What decides on the meaning of a text besides itself.
  var salt: [UInt8] = []

  /// What was read.
  struct Contents: Sendable {
    var manifests: [Manifest] = []
    var problems: [InputProblem] = []
    /// What was left out, for standard error.
    var remarks: [String] = []
  }

  /// - Parameter everything: Also the values of texts that were applied before.
  func reading(everything: Bool) throws(CommandFailure) -> Contents {
    var inputs = self
    if everything { inputs.known = [] }
    return try inputs.read()
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
      survey.inputs.append(PreparedInput(input: Input(path: folder), text: .success(source)))
    }
    return read(survey, into: contents, threads: threads)
  }

  private func read(
    _ survey: InputSurvey, into contents: Contents, threads: Int
  ) -> Contents {
    let inputs = survey.inputs
    let context = survey.context
    let known = known
    let salt = salt
    return OrderedWork.run(
      count: inputs.count, threads: threads, into: contents,
      worker: {
        let validator = Validator(context)
        return { position in
          let input = inputs[position]
          switch input.read() {
          case .failure(let error): return ReadFile(ManifestReading(report: FileResult(error)))
          case .success(let source):
            return ReadFile(source, input, validator, known: known, salt: salt)
          }
        }
      },
      take: { contents, file in
        contents.take(file, context)
        return true
      })
  }

  /// One file and the digests of its manifests.
  fileprivate struct ReadFile: Sendable {
    var reading: ManifestReading
    /// As many as there are objects.
    var digests: [[UInt8]?] = []

    init(_ reading: ManifestReading) { self.reading = reading }

    init(
      _ source: SourceText, _ input: PreparedInput, _ validator: Validator, known: Set<[UInt8]>,
      salt: [UInt8]
    ) {
      var computed: [[UInt8]] = []
      reading = validator.read(source, isExplicit: input.input.origin == .named) { text in
        let digest = AppliedTexts.digest(text, salt: salt)
        computed.append(digest)
        return known.contains(digest)
      }
      // Every text was asked for once, in order.
      var rest = computed[...]
      digests = reading.objects.map { $0.text == nil ? nil : rest.popFirst() }
    }
  }
}

extension ManifestInputs.Contents {
  fileprivate mutating func take(_ read: ManifestInputs.ReadFile, _ context: ValidationContext) {
    let reading = read.reading
    let file = reading.report.file
    if let failure = reading.report.failure {
      problems.append(InputProblem(file: file, message: failure.message, help: failure.help))
    }
    for what in reading.passedOver { remarks.append("'\(file)' is left out: it is \(what)") }
    var places: Set<Int> = []
    for (position, object) in reading.objects.enumerated() {
      places.insert(object.document)
      let documents = reading.report.documents
      let result = documents.indices.contains(object.document) ? documents[object.document] : nil
      let problem = result.flatMap { Self.problem($0, isSecret: object.kind == "Secret") }
      let source = ManifestSource(file: file, line: object.line)
      let digest = read.digests.indices.contains(position) ? read.digests[position] : nil
      if let value = object.value {
        manifests.append(Manifest(value, source: source, problem: problem, digest: digest))
        continue
      }
      let text = reading.source
      let range = object.text
      manifests.append(
        Manifest(
          apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace,
          name: object.name, source: source, problem: problem, digest: digest
        ) {
          text.flatMap {
            Validator(context).read($0, range: range, isExplicit: true).objects.first?.value
          }
        })
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

  /// Whether a field is not applied anyway: what the server writes stands in every export.
  private static func isLeftOut(_ path: FieldPath) -> Bool {
    let steps = path.steps
    guard steps.count >= 2, steps[0] == .field("metadata"), case .field(let name) = steps[1] else {
      return false
    }
    return Manifest.serverFields.contains(name)
  }

  /// What is wrong with an object; no word of a Secret's data is repeated.
  private static func problem(_ document: DocumentResult, isSecret: Bool) -> ChangeError? {
    let errors = document.diagnostics.filter {
      $0.diagnostic.severity == .error && !isLeftOut($0.diagnostic.path)
    }
    guard let first = errors.first else { return nil }
    func message(_ located: LocatedDiagnostic) -> String {
      let steps = located.diagnostic.path.steps
      let isData = steps.first.map { $0 != .field("metadata") } ?? false
      return isSecret && isData ? "the value is not of the right form" : located.diagnostic.message
    }
    return ChangeError(
      reason: "Invalid",
      message: errors.count == 1
        ? "\(first.diagnostic.path): \(message(first)) (line \(first.start.line))"
        : "\(errors.count) mistakes",
      causes: errors.count == 1
        ? []
        : errors.map {
          Replacement.Cause(
            field: $0.diagnostic.path.description, message: "\(message($0)) (line \($0.start.line))"
          )
        },
      help: errors.count == 1 && !isSecret ? first.diagnostic.help : nil)
  }
}
