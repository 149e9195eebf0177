import ManifestSyntax

/// One recorded answer of a real API server, as a line of JSON.
struct Recording {
  let tree: Tree
  let source: SourceText

  init?(line: String) {
    source = SourceText(name: "recording.json", line)
    guard let tree = JSONReader.read(source).tree else { return nil }
    self.tree = tree
  }

  func text(_ name: String) -> String { tree.value(.root, name).map(tree.string) ?? "" }

  var id: String { text("id") }
  var family: String { text("family") }

  /// The answer to compare with: without admission plugins where those made a difference.
  var answer: NodeID { tree.value(.root, "withoutAdmission") ?? .root }

  /// Why the case cannot be decided offline; nil where it can.
  var undecidable: String? {
    guard tree.value(.root, "withoutAdmission") == nil,
      let flag = tree.value(.root, "clusterDependent"), tree.bool(flag) == true
    else { return nil }
    let reason = tree.value(.root, "clusterDependentReason")
    return reason.map { node in
      tree.kind(node) == .sequence
        ? tree.items(node).map(tree.string).joined(separator: ", ") : tree.string(node)
    } ?? "the cluster"
  }

  func answerText(_ name: String) -> String { tree.value(answer, name).map(tree.string) ?? "" }

  /// The causes of a 422 as `TYPE FIELD`.
  var causes: Set<String> {
    guard let causes = tree.value(answer, "causes") else { return [] }
    return Set(
      tree.items(causes).map { cause in
        let type = tree.value(cause, "type").map(tree.string) ?? ""
        let field = tree.value(cause, "field").map(tree.string) ?? ""
        return type + " " + field
      })
  }

  /// The fields of the strict errors; doubled YAML keys have none.
  var strictFields: Set<String> {
    guard let errors = tree.value(answer, "strictErrors") else { return [] }
    return Set(
      tree.items(errors).map { error in
        let category = tree.value(error, "category").map(tree.string) ?? ""
        if category == "duplicateYamlKey" { return category }
        return category + " " + (tree.value(error, "field").map(tree.string) ?? "")
      })
  }

  /// The request body under `name`, byte for byte as it was sent.
  func body(_ name: String) -> SourceText? {
    if name == "manifest", let raw = tree.value(.root, "rawBody") {
      let isJSON = text("contentType").hasSuffix("json")
      return SourceText(name: isJSON ? "body.json" : "body.yaml", tree.string(raw))
    }
    guard let node = tree.value(.root, name) else { return nil }
    return SourceText(name: "body.json", source.text(tree.span(node)))
  }
}
