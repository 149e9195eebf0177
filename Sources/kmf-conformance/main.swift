// Measures kmf against recorded answers of a real API server: JSON lines on standard input.
//
//   zcat update.jsonl.gz | kmf-conformance update [the same options]
//   zcat create.jsonl.gz | kmf-conformance create [--family F] [--only ID] [--show N] [--list]
//   zcat ssa.jsonl.gz | kmf-conformance ssa [the same options]     through the API, as are:
//   zcat update.jsonl.gz | kmf-conformance put
//   zcat create.jsonl.gz | kmf-conformance post
//   kmf-conformance corpus --folder FOLDER < corpus-verdicts.jsonl
import ManifestRules
import ManifestSchema
import ManifestSyntax

struct Arguments {
  var mode = "create"
  var family: String?
  var only: String?
  var show = 20
  var listsUndecidable = false
  var folder: String?

  init(_ words: [String]) {
    var words = words[...]
    while let word = words.popFirst() {
      switch word {
      case "--family": family = words.popFirst()
      case "--only": only = words.popFirst()
      case "--show": show = words.popFirst().flatMap { Int($0) } ?? show
      case "--folder": folder = words.popFirst()
      case "--list": listsUndecidable = true
      default: mode = word
      }
    }
  }
}

/// The version of the server that the recordings were made from.
let recordedVersion = KubernetesVersion(minor: 36)

@MainActor
func run() {
  let arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
  if ["ssa", "put", "post"].contains(arguments.mode) { return runServer(arguments) }
  var options = ValidationOptions()
  options.versions = [recordedVersion]
  let validator = Validator(ValidationContext(options: options))
  var corpus = Corpus()
  var tally = Tally()
  var shown = 0
  while let line = readLine(strippingNewline: true) {
    guard let recording = Recording(line: line) else { continue }
    if arguments.mode == "corpus" {
      corpus.take(recording)
      continue
    }
    if let family = arguments.family, recording.family != family { continue }
    if let only = arguments.only, recording.id != only { continue }
    if let reason = recording.undecidable {
      tally.leaveOut(recording, because: reason)
      continue
    }
    guard let comparison = compare(recording, validator, arguments.mode) else { continue }
    tally.add(recording.family, isAgreed: comparison.isAgreed)
    if !comparison.isAgreed, shown < arguments.show {
      shown += 1
      print(
        "\(recording.id) [\(recording.family)] \(recording.text("kind")) \(recording.text("phase")): \(comparison.difference)"
      )
    }
  }
  if let folder = arguments.folder { return corpus.judge(folder) }
  print(tally.table())
  if arguments.listsUndecidable {
    for (id, reason) in tally.undecidable { print("- `\(id)`: \(reason)") }
  }
}

func compare(_ recording: Recording, _ validator: Validator, _ mode: String) -> Comparison? {
  if mode == "update" { return compareUpdate(recording) }
  guard let body = recording.body("manifest") else { return nil }
  let result = validator.validate(body, isExplicit: true)
  let document = result.documents.first
  let isMismatched =
    document?.kind != nil && document?.kind != recording.text("kind") || document == nil
  let found = document?.diagnostics.map(\.diagnostic) ?? []
  // An empty body stands for an empty object of the address's kind; a file without one says
  // nothing.
  if document == nil || beginsEmpty(body) {
    return recording.answerText("verdict") == "rejected" ? .agreed : nil
  }
  return Comparison(recording, found, isMismatched: isMismatched)
}

/// Whether the first document, the only one that a request's body counts for, is empty.
func beginsEmpty(_ body: SourceText) -> Bool {
  guard body.name.hasSuffix(".yaml") else { return false }
  var reader = DocumentReader(body)
  guard let first = reader.next() else { return true }
  return first.isEmpty
}

/// An update is judged against the object that was stored before.
func compareUpdate(_ recording: Recording) -> Comparison? {
  guard let old = recording.body("old"), let new = recording.body("new"),
    let oldTree = JSONReader.read(old).tree, let newTree = JSONReader.read(new).tree
  else { return nil }
  let found = UpdateValidation.diagnostics(old: oldTree, new: newTree, version: recordedVersion)
  return Comparison(recording, found, isMismatched: false)
}

/// Sends the recorded requests to a cluster of ours.
@MainActor
func runServer(_ arguments: Arguments) {
  guard let single = try? RecordedCluster(isDualStack: false, withoutPodAdmission: true),
    let dual = try? RecordedCluster(isDualStack: true, withoutPodAdmission: true)
  else { return print("the cluster cannot be set up") }
  var tally = Tally()
  var shown = 0
  while let line = readLine(strippingNewline: true) {
    guard let recording = Recording(line: line) else { continue }
    if let family = arguments.family, recording.family != family { continue }
    if let only = arguments.only, recording.id != only { continue }
    let isDual = recording.text("cluster") == "dualStack"
    let cluster = (isDual ? dual : single).fresh()
    let lines =
      switch arguments.mode {
      case "ssa": ApplyScenario(recording.tree.value(), cluster).differences()
      case "put": RecordedWrites(recording).put(cluster)
      default: RecordedWrites(recording).post(cluster)
      }
    tally.add(recording.family, isAgreed: lines.isEmpty)
    if !lines.isEmpty, shown < arguments.show {
      shown += 1
      print("\(recording.id) [\(recording.family)] \(recording.text("note")):")
      for line in lines { print("    " + line) }
    }
  }
  print(tally.table())
}

run()
