/// What the readers refuse, so that no input can cost more time or memory than its size warrants.
public enum SyntaxLimits {
  /// Containers inside containers. The API server stops at 10,000; nobody writes a tenth of it.
  public static let depthMax = 1_000

  /// Whether `aliased` of `total` nodes (aliases followed) is more than the API server's YAML
  /// reader takes: 99 % up to 400,000 nodes, falling to 10 % at 4,000,000.
  static func isExcessive(aliased: Int, total: Int) -> Bool {
    guard aliased > 100, total > 1_000 else { return false }
    let share = Double(aliased) / Double(total)
    if total <= 400_000 { return share > 0.99 }
    if total >= 4_000_000 { return share > 0.10 }
    return share > 0.99 - 0.89 * (Double(total - 400_000) / 3_600_000)
  }
}
