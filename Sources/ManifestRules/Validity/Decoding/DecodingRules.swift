/// The texts of what can go wrong before an object is judged as an object: reading the text,
/// finding the kind, fitting values to types.
public enum DecodingRules {
  /// What kind of thing the document is.
  static let mappings: [RuleEntry] = [
    RuleEntry(
      "DEC-01", "an object names its kind",
      "The document has no 'kind', or an empty one, so nobody can tell what it is.",
      why:
        "The server chooses the type to decode into by apiVersion and kind; without them kubectl "
        + "refuses the file before it sends anything.",
      bad: "apiVersion: v1\nmetadata:\n  name: settings",
      good: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings"),
    RuleEntry(
      "DEC-02", "apiVersion and kind exist in the target version",
      "The document has no 'apiVersion', or one that the chosen Kubernetes version does not serve "
        + "this kind in.",
      why:
        "APIs are renamed and removed as Kubernetes grows; a cluster knows "
        + "only those of its version.",
      bad: "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata:\n  name: web",
      good: "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web"),
    RuleEntry(
      "DEC-03", "a manifest is an object",
      "The document is a list, a plain value, or a mapping that is "
        + "something else than a Kubernetes object.",
      why: "Everything that the API stores is an object with apiVersion, kind and metadata.",
      bad: "- apiVersion: v1\n  kind: ConfigMap",
      good: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings"),
    RuleEntry(
      "DEC-04", "field names are case-sensitive",
      "A field differs from a known one only in its capitals.",
      why: "The server compares names letter by letter: 'Replicas' is as unknown as 'xyz'.",
      bad: "spec:\n  Replicas: 3", good: "spec:\n  replicas: 3"),
    RuleEntry(
      "DEC-05", "fields exist in their type",
      "The type has no field of this name in the chosen Kubernetes version.",
      why:
        "A strict server refuses unknown fields; a lenient one drops them without a word, and what "
        + "you meant does not happen.",
      bad: "spec:\n  replicsa: 3", good: "spec:\n  replicas: 3"),
    RuleEntry(
      "DEC-06", "a JSON key stands once",
      "The same key is set twice in one JSON object.",
      why: "Only one of the values can count; a strict server refuses to guess.",
      bad: #"{"data": {"a": "1", "a": "2"}}"#, good: #"{"data": {"a": "1", "b": "2"}}"#),
    RuleEntry(
      "DEC-07", "a YAML key stands once",
      "The same key is set twice in one mapping.",
      why:
        "kubectl keeps the last value silently, so a copied block can undo a setting far above it.",
      bad: "metadata:\n  name: web\n  name: api", good: "metadata:\n  name: web"),
  ]

  /// What types values have.
  static let values: [RuleEntry] = [
    RuleEntry(
      "DEC-08", "text fields hold text",
      "A number, truth value, list or mapping stands where a string is expected.",
      why:
        "YAML reads plain 8080, true or 1.10 as numbers and truth values; the "
        + "server converts nothing.",
      bad: "annotations:\n  port: 8080", good: "annotations:\n  port: \"8080\""),
    RuleEntry(
      "DEC-09", "number fields hold numbers",
      "Something else than a number stands where one is expected.",
      why: "Quotes make text of a number; the server converts nothing.",
      bad: "replicas: \"3\"", good: "replicas: 3"),
    RuleEntry(
      "DEC-10", "whole numbers have no fraction",
      "A number with a fraction stands in a whole-number field.",
      why: "Half a replica cannot exist.", bad: "replicas: 1.5", good: "replicas: 2"),
    RuleEntry(
      "DEC-11", "32-bit numbers fit", "The number is beyond -2147483648…2147483647.",
      why: "The field is stored in 32 bits.", bad: "replicas: 3000000000", good: "replicas: 3"),
    RuleEntry(
      "DEC-12", "64-bit numbers fit", "The number is beyond what 64 bits hold.",
      why: "The field is stored in 64 bits.", bad: "runAsUser: 99999999999999999999",
      good: "runAsUser: 1000"),
    RuleEntry(
      "DEC-13", "truth values are true or false",
      "Something else stands where true or false is expected; quoted words are text.",
      why:
        "The server converts nothing; an unquoted yes, no, on or off is a "
        + "truth value, a quoted one is not.",
      bad: "hostNetwork: \"true\"", good: "hostNetwork: true"),
    RuleEntry(
      "DEC-14", "list fields hold lists",
      "A single value or a mapping stands where a list is expected.",
      why: "A list of one still needs its dash.", bad: "command: sh", good: "command:\n- sh"),
    RuleEntry(
      "DEC-15", "object fields hold mappings",
      "A list or a single value stands where a mapping is expected.",
      why: "The parts of an object are found by their names.", bad: "labels:\n- app",
      good: "labels:\n  app: web"),
    RuleEntry(
      "DEC-18", "a number or a string",
      "The field takes a whole number or a string, such as a port or a "
        + "percentage, and nothing else.",
      why: "Two types share the field; a fraction or truth value is neither.",
      bad: "maxSurge: 2.5", good: "maxSurge: 25%"),
    RuleEntry(
      "DEC-19", "quantities can be read", "The amount of a resource is not a quantity.",
      why:
        "A quantity is a number with one of the suffixes n, u, m, k, M, G, T, "
        + "P, E, Ki, Mi, Gi, Ti, Pi, Ei.",
      bad: "memory: 2 GB", good: "memory: 2G"),
    RuleEntry(
      "DEC-20", "times are RFC 3339", "The text is not a time of the form 2026-01-31T12:00:00Z.",
      why: "The server keeps times to the second and with their zone.",
      bad: "deletionTimestamp: yesterday", good: "deletionTimestamp: \"2026-01-31T12:00:00Z\""),
    RuleEntry(
      "DEC-30", "bytes are base64", "The text is not base64, though the field holds bytes.",
      why: "JSON carries bytes as base64. For plain text, a Secret has 'stringData'.",
      bad: "data:\n  password: pa$$word", good: "stringData:\n  password: pa$$word"),
  ]

  /// What the tables say about fields, apart from their types.
  static let schema: [RuleEntry] = [
    RuleEntry(
      "SCH-01", "required fields are there", "The type needs a field that is not written.",
      why: "The API has no sensible default for it.",
      bad: "spec:\n  replicas: 3", good: "spec:\n  selector:\n    matchLabels:\n      app: web"),
    RuleEntry(
      "SCH-02", "values come from their list",
      "The field takes one of a few words, and this is none.",
      why: "The words are part of the API, capitals included.",
      bad: "imagePullPolicy: always", good: "imagePullPolicy: Always"),
    RuleEntry(
      "SCH-03", "numbers are within their limits",
      "The number is smaller or larger than the field takes.",
      why: "The limits are part of the API.", bad: "containerPort: 70000",
      good: "containerPort: 8080"),
  ]
}
