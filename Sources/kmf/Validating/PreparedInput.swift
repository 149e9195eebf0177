import InputFiles
import ManifestRules
import ManifestSyntax

/// An input after the first look at it: one object, since there may be tens of thousands of them
/// that are handed from one step to the next.
final class PreparedInput: Sendable {
  let input: Input
  /// What the first look had in hand; nil where the text is to be read again.
  let text: Result<SourceText, InputError>?
  /// Into how many parts the text may be split for several threads.
  let parts: Int

  init(input: Input, text: Result<SourceText, InputError>? = nil, parts: Int = 1) {
    self.input = input
    self.text = text
    self.parts = parts
  }

  /// The text, read now unless it was kept.
  func read() -> Result<SourceText, InputError> {
    if let text { return text }
    do throws(InputError) {
      return .success(try SourceReader.read(input))
    } catch {
      return .failure(error)
    }
  }
}

/// The first look at all inputs: what do they say about each other?
struct InputSurvey {
  /// Together with the texts that must be kept (streams cannot be read twice), at most so many
  /// bytes wait for their turn; the rest is read again, which costs less than memory.
  private static let keptBytesMax = 16 << 20
  /// Texts from this size on are split.
  private static let splitFrom = 4 << 20

  var context: ValidationContext
  var inputs: [PreparedInput] = []
  private let threads: Int
  private var keptBytes = 0

  /// Looks at `inputs`; `context` learns what they say, in their order.
  static func survey(
    _ inputs: [Input], context: ValidationContext, threads: Int
  ) -> InputSurvey {
    let survey = InputSurvey(context: context, threads: threads)
    let isOnly = inputs.count == 1
    return OrderedWork.run(
      count: inputs.count, threads: min(threads, max(inputs.count, 1)), into: survey,
      worker: { { PreparedInput.looked(at: inputs[$0]) } },
      take: { survey, input in
        survey.take(input, isOnly: isOnly)
        return true
      })
  }

  private init(context: ValidationContext, threads: Int) {
    self.context = context
    self.threads = threads
  }

  private mutating func take(_ input: PreparedInput, isOnly: Bool) {
    guard case .success(let source)? = input.text else { return inputs.append(input) }
    context.survey(source)
    var parts = 1
    if threads > 1, source.count >= Self.splitFrom {
      parts = min(threads * 4, source.count / (Self.splitFrom / 2))
    }
    var isKept = true
    if case .file = input.input.place, !isOnly {
      isKept = keptBytes + source.count <= Self.keptBytesMax
      if isKept { keptBytes += source.count }
    }
    if isKept, parts == 1 { return inputs.append(input) }
    inputs.append(
      PreparedInput(input: input.input, text: isKept ? input.text : nil, parts: parts))
  }
}

extension PreparedInput {
  /// The input with its text.
  fileprivate static func looked(at input: Input) -> PreparedInput {
    PreparedInput(input: input, text: PreparedInput(input: input).read())
  }
}
