import ArgumentParser

/// `kmf manual`, for the project's own Makefile.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the manual of all commands.", shouldDisplay: false)

  /// What the manual is written in.
  enum Format: String, CaseIterable, ExpressibleByArgument { case man, markdown, schema }

  @Option(help: "man or markdown; schema for that of kmf.yaml.")
  var format: Format = .man

  func run() throws {
    if format == .schema { return Answer.print(ConfigurationSchema.value) }
    guard let tree = CommandTree() else { throw ExitStatus.internalError }
    let text = format == .man ? ManPage(tree: tree).text : MarkdownPage(tree: tree).text
    let output = Output()
    output.write(text)
    output.flush()
  }
}
