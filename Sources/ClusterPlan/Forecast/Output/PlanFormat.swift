/// A form in which forecasts are shown. What it is given holds no secret values.
public protocol PlanFormat: Sendable {
  static var name: String { get }
  static func text(_ forecast: Forecast, _ options: ChangeFormatOptions) -> String
}

/// All forms of output, by name.
public enum PlanFormats {
  public static let all: [any PlanFormat.Type] = [
    PrettyPlan.self, JSONPlan.self, MarkdownPlan.self, SVGPlan.self, HTMLPlan.self,
  ]

  public static var names: [String] { all.map { $0.name } }

  public static func format(named name: String) -> (any PlanFormat.Type)? {
    all.first { $0.name == name }
  }
}
