import InputFiles
import ManifestRules
import ManifestSyntax

/// The files of a run as they are known: texts, trees, and the universe that they make.
struct LintSession {
  /// One file, and what became of reading it.
  struct File: Sendable {
    var input: Input
    var text: Result<SourceText, InputError>
    var advice: AdviceFile?
    /// What helm makes of it, where it is a template of a chart.
    var rendered: RenderedTemplate?

    /// Whether it is a template of a chart.
    func isTemplate(_ context: ValidationContext) -> Bool {
      guard case .success(let source) = text else { return false }
      return context.chart(rendering: source) != nil
    }
  }

  private(set) var files: [File]
  private(set) var context: ValidationContext
  private(set) var universe: Universe
  /// What kustomizations come to.
  private(set) var renderings: [RenderedRoot] = []
  /// What charts come to.
  private(set) var charts = HelmRenderings()
  private let externals: [String]
  private let threads: Int

  /// Reads the texts of `inputs`.
  init(_ inputs: [Input], context: ValidationContext, externals: [String], threads: Int) {
    self.threads = threads
    self.externals = externals
    files = OrderedWork.run(
      count: inputs.count, threads: threads, into: [],
      worker: { { File(input: inputs[$0], text: Self.read(inputs[$0]), advice: nil) } },
      take: { files, file in
        files.append(file)
        return true
      })
    self.context = context
    universe = Universe([])
  }

  /// Puts the universe together; to be called once, before anything is judged.
  ///
  /// - Parameter renders: whether programs are run to render kustomizations.
  mutating func settle(renders: Bool) {
    for file in files {
      if case .success(let source) = file.text { context.survey(source) }
    }
    if renders {
      charts = HelmRenderings(files, context, threads: threads)
      for position in files.indices {
        files[position].rendered = charts.templates[files[position].input.path]
      }
    }
    parse(Array(files.indices))
    guard renders else { return }
    renderings = KustomizeRenderings.all(of: universe, UniverseBuilder(context), threads: threads)
  }

  private static func read(_ input: Input) -> Result<SourceText, InputError> {
    do throws(InputError) {
      return .success(try SourceReader.read(input))
    } catch {
      return .failure(error)
    }
  }

  /// Reads the trees of the files at `positions`, and joins all files anew.
  private mutating func parse(_ positions: [Int]) {
    let builder = UniverseBuilder(context)
    let sources = positions.map { files[$0] }
    let parsed: [AdviceFile?] = OrderedWork.run(
      count: positions.count, threads: threads, into: [],
      worker: {
        { (position: Int) -> AdviceFile? in
          if let rendered = sources[position].rendered {
            return builder.read(rendered.source, isRendered: true)
          }
          return (try? sources[position].text.get()).map { builder.read($0) }
        }
      },
      take: { parsed, file in
        parsed.append(file)
        return true
      })
    for (position, file) in zip(positions, parsed) { files[position].advice = file }
    let packed = charts.others.map { builder.read($0, isRendered: true) }
    universe = builder.universe(files.compactMap(\.advice) + packed, externals: externals)
  }

  /// Gives files new texts, by their positions.
  mutating func replace(_ texts: [Int: SourceText]) {
    for (position, text) in texts { files[position].text = .success(text) }
    parse(texts.keys.sorted())
  }
}
