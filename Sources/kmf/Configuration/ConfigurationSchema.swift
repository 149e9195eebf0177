import ManifestRules
import ManifestSyntax

/// `docs/kmf.schema.json`: the JSON schema of `kmf.yaml`, for editors.
enum ConfigurationSchema {
  static var value: Value {
    var schema: Value = [
      "$schema": "http://json-schema.org/draft-07/schema#", "title": "kmf.yaml",
      "description": "The configuration of kmf.",
    ]
    for entry in section(Configuration.keys).map?.entries ?? [] { schema[entry.key] = entry.value }
    schema["definitions"] = definitions
    return schema
  }

  private static func section(_ keys: [ConfigurationKey]) -> Value {
    var properties = Value.emptyMap
    for key in keys {
      // A key without a value is a key left out.
      properties[key.name] = [
        "description": .string(key.summary), "anyOf": [of(key.shape), ["type": "null"]],
      ]
    }
    return ["type": "object", "additionalProperties": false, "properties": properties]
  }

  private static func of(_ shape: ConfigurationKey.Shape) -> Value {
    switch shape {
    case .text(let pattern?): ["type": "string", "pattern": .string(pattern)]
    case .text(nil): scalar
    case .flag: ["type": "boolean"]
    case .number(let least): ["type": "integer", "minimum": .int(Int64(least))]
    case .texts: texts
    case .map(let words):
      [
        "type": "object",
        "additionalProperties": words.map { ["enum": .list($0.map(Value.string))] } ?? scalar,
      ]
    case .choice(let words): ["enum": .list(words.map(Value.string))]
    case .section(let keys): section(keys)
    case .list(let keys): ["type": "array", "items": section(keys)]
    case .parameters: parameters
    }
  }

  private static let scalar: Value = ["type": ["string", "number", "boolean"]]
  private static let texts: Value = ["anyOf": [scalar, ["type": "array", "items": scalar]]]

  private static let rules = AdviceRegistry.all.map { $0.about }
    .filter { !$0.parameters.isEmpty }.sorted { $0.code < $1.code }

  /// Rules by code or by name, each with its own parameters.
  private static var parameters: Value {
    var properties = Value.emptyMap
    for rule in rules {
      let known: Value = ["$ref": .string("#/definitions/\(rule.code)")]
      properties[rule.code] = known
      properties[rule.name] = known
    }
    return ["type": "object", "additionalProperties": false, "properties": properties]
  }

  private static var definitions: Value {
    var definitions = Value.emptyMap
    for rule in rules {
      var properties = Value.emptyMap
      for parameter in rule.parameters {
        var property = of(parameter.kind)
        property["description"] = .string(parameter.summary)
        properties[parameter.name] = property
      }
      definitions[rule.code] = [
        "description": .string(rule.summary), "type": "object", "additionalProperties": false,
        "properties": properties,
      ]
    }
    return definitions
  }

  private static func of(_ kind: AdviceParameter.Kind) -> Value {
    switch kind {
    case .integer(let standard): ["type": "integer", "default": .int(Int64(standard))]
    case .number(let standard): ["type": "number", "default": .double(standard)]
    case .text(let standard): ["type": "string", "default": .string(standard)]
    case .choice(let words, let standard):
      [
        "enum": .list(words.map(Value.string) + (kind.isSwitch ? [true, false] : [])),
        "default": .string(standard),
      ]
    case .list(let standard):
      [
        "anyOf": .list(texts["anyOf"]?.list ?? []),
        "default": .list(standard.map(Value.string)),
      ]
    }
  }
}
