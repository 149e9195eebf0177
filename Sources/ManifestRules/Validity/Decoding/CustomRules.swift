extension DecodingRules {
  /// What definitions and foreign schemas say about the objects of their kinds, and what is asked
  /// of definitions themselves.
  static let custom: [RuleEntry] = [
    custom(
      "CRD-01", "fields exist in the schema", "The schema of the kind has no field of this name."),
    custom(
      "CRD-02", "values have the schema's type", "The schema expects a value of another type."),
    custom("CRD-03", "required fields are there", "The schema requires a field that is missing."),
    custom(
      "CRD-04", "values come from their list", "The schema allows a few values, and this is none."),
    custom("CRD-05", "numbers are within bounds", "The number is out of bounds, or no multiple."),
    custom("CRD-06", "texts have their length", "The text has too few or too many characters."),
    custom("CRD-07", "texts match their pattern", "The field's pattern does not match the text."),
    custom("CRD-08", "texts have their format", "The text is not of the field's format."),
    custom(
      "CRD-09", "lists and maps have their size", "There are too few or too many items or fields."),
    custom("CRD-10", "items differ", "An item stands twice in a list of different ones."),
    custom("CRD-11", "alternatives are kept", "What anyOf, oneOf or not ask is not satisfied."),
    custom(
      "CRD-14", "inner objects say what they are", "An object inside has no apiVersion or kind."),
    custom(
      "CRD-15", "objects are judged whole", "The object was too involved: a part was not checked."),
    custom(
      "CRD-20", "a definition is named for its kind", "Its name is its plural, a dot and its group."
    ),
    custom(
      "CRD-21", "a version has an object's schema", "The schema is missing or not an object's."),
    custom(
      "CRD-22", "patterns can be read", "The pattern is none that RE2 reads."),
    custom(
      "CRD-23", "references stay within the file", "A $ref that leads elsewhere is not followed."),
    custom("CRD-24", "schemas are of sensible depth", "What is nested too deeply is not checked."),
    custom("CRD-25", "versions differ", "A version is defined twice."),
    custom("CRD-26", "one version is stored", "Exactly one version has 'storage: true'."),
    custom("CRD-27", "a schema file holds a schema", "The file found for the kind cannot be used."),
    custom("CRD-28", "--crds leads to definitions", "The file holds no CustomResourceDefinition."),
    custom("CRD-30", "the version is well", "The definition calls this version deprecated."),
  ]

  private static func custom(_ code: String, _ title: String, _ summary: String) -> RuleEntry {
    RuleEntry(
      code, title, summary,
      why: "The kind is described by a CustomResourceDefinition or a JSON schema, which the server "
        + "holds its objects to. See docs/crds.md.")
  }
}
