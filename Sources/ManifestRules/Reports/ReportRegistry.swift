/// All output formats; a new one is a file in this folder and its line here.
public enum ReportRegistry {
  /// The formats in the order in which help lists them; the first is the default.
  public static let all: [any ReportFormat.Type] = [
    Pretty.self, Concise.self, JSONReport.self, JSONLines.self, Sarif.self, JUnit.self,
    GitHub.self, GitLab.self, Checkstyle.self, TAP.self,
  ]

  /// The format called `name`; nil for none.
  public static func format(named name: String) -> (any ReportFormat.Type)? {
    all.first { $0.name == name }
  }

  /// The names of all formats, in order.
  public static var names: [String] { all.map { $0.name } }
}
