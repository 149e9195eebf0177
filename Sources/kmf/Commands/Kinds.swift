import ArgumentParser
import ManifestSchema
import ManifestSyntax

/// `kmf kinds`.
struct Kinds: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the kinds of objects that kmf knows.",
    discussion: "For a range of versions, every kind that one of them has is listed.")

  @OptionGroup var target: VersionOption
  @OptionGroup var definitions: DefinitionsOption

  @Option(name: [.short, .long], help: "How to show them: text or json.")
  var output: TextOrJSON = .text

  func run() throws {
    let range = target.range
    let kinds = try definitions.schema(range.last).allKinds().filter { kind in
      !kind.plural.isEmpty && range.versions.contains { kind.availability.contains($0) }
    }
    switch output {
    case .text: Answer.print(table(kinds))
    case .json: Answer.print(.list(kinds.map(Self.value)))
    }
  }

  private func table(_ kinds: [Kind]) -> String {
    var table = TextTable(header: [
      "KIND", "APIVERSION", "NAME", "SHORT", "NAMESPACED", "VERSIONS",
    ])
    for kind in kinds {
      table.add([
        kind.gvk.kind, kind.gvk.apiVersion, kind.plural,
        kind.shortNames.isEmpty ? "-" : kind.shortNames.joined(separator: ","),
        kind.isNamespaced ? "yes" : "no", kind.availability.words,
      ])
    }
    return table.text()
  }

  private static func value(_ kind: Kind) -> Value {
    [
      "kind": .string(kind.gvk.kind),
      "apiVersion": .string(kind.gvk.apiVersion),
      "plural": .string(kind.plural),
      "singular": .string(kind.singular),
      "shortNames": .list(kind.shortNames.map(Value.string)),
      "namespaced": .bool(kind.isNamespaced),
      "categories": .list(kind.categories.map(Value.string)),
      "subresources": .list(kind.subresources.map(Value.string)),
      "since": kind.availability.since.map { .string($0.description) } ?? .null,
      "until": kind.availability.until.map { .string($0.description) } ?? .null,
    ]
  }
}
