import ArgumentParser

/// `--against`.
struct UpdatingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Judge the manifests as updates of the objects in this file or folder, or '-' for standard \
      input, paired by kind, namespace and name; what has no counterpart is judged as new.
      """, valueName: "old"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var against: String?

  func apply(to settings: inout ValidateSettings) throws(CommandFailure) {
    guard let against else { return }
    if against == "-", settings.paths.contains("-") {
      throw CommandFailure(
        "standard input cannot be both the old objects and the new ones",
        help: "write one of them to a file")
    }
    settings.against = against
  }
}
