extension DecodingRules {
  /// What the text must be before there are values.
  static let text: [RuleEntry] = [
    RuleEntry(
      "DEC-24", "no %YAML directive but 1.1", "The document asks for another version of YAML.",
      why: "Kubernetes reads YAML 1.1 and refuses to pretend otherwise.",
      bad: "%YAML 1.2\n---\nkind: Pod", good: "kind: Pod"),
    RuleEntry(
      "DEC-25", "keys are text", "A key is null, a list or a mapping.",
      why:
        "Manifests become JSON, where every key is a string. An unrendered "
        + "template often reads as such a key.",
      bad: "? [a, b]\n: value", good: "a: value"),
    RuleEntry(
      "DEC-26", "numbers are finite", "The value is infinity or not-a-number.",
      why: "Manifests become JSON, which has no such numbers.", bad: "weight: .inf",
      good: "weight: 100"),
    RuleEntry(
      "DEC-27", "the text is YAML or JSON",
      "The text cannot be read: wrong indentation, a tab, an open quote or "
        + "bracket, an unknown alias.",
      why: "Nothing of such a document reaches the cluster.",
      bad: "metadata:\n\tname: web", good: "metadata:\n  name: web"),
    RuleEntry(
      "DEC-28", "nothing follows '...'",
      "There is text between the end marker '...' and the next '---'.",
      why: "Readers stop at the end marker: what follows is dropped without a word.",
      bad: "kind: Pod\n...\nkind: Service", good: "kind: Pod\n---\nkind: Service"),
    RuleEntry(
      "DEC-29", "'<<' merges mappings",
      "The value of a merge key is no mapping and no list of mappings.",
      why: "Only the entries of a mapping can be merged into another.",
      bad: "labels:\n  <<: web", good: "labels:\n  <<: *common"),
    RuleEntry(
      "ENC-01", "the text is UTF-8", "Some bytes are not UTF-8.",
      why:
        "YAML and JSON are Unicode; kmf also reads UTF-16 and UTF-32 where "
        + "the file says so by its first bytes."
    ),
    RuleEntry(
      "ENC-02", "no control characters", "A character that YAML forbids stands in the text.",
      why:
        "Invisible characters come from copying out of terminals and "
        + "documents; the server's reader refuses them.",
      good: "text: \"bell: \\a\""),
    RuleEntry(
      "SRC-01", "files have a sensible size", "The file is larger than kmf reads.",
      why: "Places are kept in 32 bits. No cluster takes an object of a thousandth of that size."),
    RuleEntry(
      "SRC-02", "files hold text", "The file holds zero bytes: it is binary.",
      why: "No encoding of YAML or JSON has such bytes inside a text."),
    RuleEntry(
      "SRC-03", "files keep to their encoding", "The file breaks off or errs in UTF-16 or UTF-32.",
      why: "Its first bytes promise an encoding that the rest does not keep. Save it as UTF-8."),
    RuleEntry(
      "LIM-01", "nesting is limited", "Lists and mappings are nested deeper than kmf follows.",
      why: "No Kubernetes object needs a tenth of that depth; a generator went wrong."),
    RuleEntry(
      "LIM-02", "aliases are limited", "Aliases of aliases blow the document up beyond measure.",
      why:
        "A few lines can stand for billions of values; the server refuses "
        + "such documents to protect itself."
    ),
  ]

  /// What kmf says about its own work.
  static let operation: [RuleEntry] = [
    RuleEntry(
      "INP-01", "inputs can be read",
      "A path does not exist, or the file or folder cannot be read.",
      why: "kmf never passes over an input in silence: the exit code is 2."),
    RuleEntry(
      "KMF-01", "a placeholder was not judged",
      "A value holds '${VAR}', which something else fills later.",
      why: "The value is unknown, so it is neither right nor wrong. Said once per file.",
      bad: "replicas: ${REPLICAS}", good: "replicas: 3"),
    RuleEntry(
      "KMF-02", "the kind is unknown",
      "No table and no CustomResourceDefinition describes the kind.",
      why:
        "The document was not judged. Give its CustomResourceDefinition with "
        + "--crds, or a JSON schema "
        + "with --schema-location."),
    RuleEntry(
      "KMF-03", "an update cannot be judged as one",
      "The old object that --against gives has another apiVersion or cannot be decoded.",
      why: "The object was judged as a new one instead, which finds no immutable fields."),
    RuleEntry(
      "PATCH-01", "JSON patches are well formed",
      "An operation of a JSON patch lacks a part or is unknown.",
      why:
        "kustomize and kubectl apply the operations add, remove, replace, "
        + "move, copy and test, each with a path.",
      bad: "- op: set\n  path: /spec/replicas\n  value: 3",
      good: "- op: replace\n  path: /spec/replicas\n  value: 3"),
    RuleEntry(
      "WRN-58", "the API is going away",
      "A later Kubernetes version no longer serves this apiVersion.",
      why: "Upgrades fail at the manifest that nobody looked at.",
      bad: "apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema",
      good: "apiVersion: flowcontrol.apiserver.k8s.io/v1\nkind: FlowSchema"),
  ]
}
