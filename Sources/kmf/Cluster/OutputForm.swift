import ManifestSyntax
import ObjectPrinting

/// How `-o` asks to show objects.
enum OutputForm {
  /// kubectl's columns.
  case table(isWide: Bool)
  case name
  case yaml
  case json
  case jsonPath(JSONPath)
  /// What the path finds, as a JSON list.
  case jsonPathAsJSON(JSONPath)
  case columns(CustomColumns)

  static let words = [
    "wide", "name", "yaml", "json", "jsonpath=…", "jsonpath-file=…", "jsonpath-as-json=…",
    "custom-columns=…", "custom-columns-file=…",
  ]

  /// Reads `yaml`, `jsonpath={.items[*].metadata.name}` and the like.
  init(checking text: String) throws(CommandFailure) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    let rest = parts.count > 1 ? String(parts[1]) : nil
    do throws(JSONPathError) {
      switch (name, rest) {
      case ("wide", nil): self = .table(isWide: true)
      case ("name", nil): self = .name
      case ("yaml", nil): self = .yaml
      case ("json", nil): self = .json
      case ("jsonpath", let template?): self = .jsonPath(try JSONPath(parsing: template))
      case ("jsonpath-as-json", let template?):
        self = .jsonPathAsJSON(try JSONPath(parsing: template))
      case ("custom-columns", let columns?):
        self = .columns(try CustomColumns(parsing: columns))
      default:
        self = try Self.fromFile(name, rest)
      }
    } catch {
      throw CommandFailure("--output: \(error.message)")
    }
  }

  private static func fromFile(_ name: String, _ path: String?) throws(JSONPathError) -> OutputForm
  {
    switch (name, path) {
    case ("jsonpath-file", let path?): .jsonPath(try JSONPath(parsing: try content(path)))
    case ("custom-columns-file", let path?):
      .columns(try CustomColumns(template: try content(path)))
    default: throw unknown(name, path)
    }
  }

  private static func content(_ path: String) throws(JSONPathError) -> String {
    do throws(CommandFailure) {
      let source = try Reading.required(path, purpose: "template")
      return source.text(Span(start: 0, end: UInt32(source.count)))
    } catch {
      throw JSONPathError(error.message)
    }
  }

  private static func unknown(_ name: String, _ rest: String?) -> JSONPathError {
    switch name {
    case "go-template", "go-template-file", "template", "templatefile":
      JSONPathError("'\(name)' is not offered; use jsonpath=… or custom-columns=…")
    case "jsonpath", "jsonpath-as-json", "custom-columns", "jsonpath-file", "custom-columns-file":
      JSONPathError("'\(name)' needs a value, as in '\(name)=…'")
    default:
      if rest != nil, ["wide", "name", "yaml", "json"].contains(name) {
        JSONPathError("'\(name)' takes no value")
      } else {
        JSONPathError(
          "unknown form '\(name)'; forms are " + words.joined(separator: ", "))
      }
    }
  }

  /// Whether it shows whole objects, which `--show-managed-fields` then is about.
  var isDocument: Bool {
    switch self {
    case .yaml, .json, .jsonPath, .jsonPathAsJSON: true
    case .table, .name, .columns: false
    }
  }

  /// The text for `value`, an object or a list of them, in a form that needs no table.
  func text(_ value: Value) throws(CommandFailure) -> String {
    do throws(JSONPathError) {
      switch self {
      case .yaml: return ObjectText.yaml(value)
      case .json: return ObjectText.json(value) + "\n"
      case .jsonPath(let path): return try path.text(of: value)
      case .jsonPathAsJSON(let path):
        return ObjectText.json(.list(try path.values(in: value))) + "\n"
      case .table, .name, .columns: preconditionFailure("a form of single objects")
      }
    } catch {
      throw CommandFailure("--output: \(error.message)")
    }
  }
}
