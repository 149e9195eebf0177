import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Profiles of seccomp and AppArmor, and numbers of users, which pods and containers have alike.
enum ProfileChecks {
  private static let types = ["Localhost", "RuntimeDefault", "Unconfined"]
  /// The longest path of Linux without its closing zero.
  private static let appArmorLengthMax = 4095

  /// The codes of findings by where the profile stands.
  typealias Codes = (type: String, profile: String, excess: String)

  static func seccomp(_ profile: SeccompProfile?, codes: Codes, into report: inout Report) {
    guard let profile else { return }
    PodFieldChecks.choice(
      codes.type, profile.type, among: types, absence: .isRequired, at: profile.node, "type",
      into: &report)
    guard profile.type == "Localhost" else {
      if profile.localhostProfile != nil { excess(codes.excess, profile.node, into: &report) }
      return
    }
    guard let path = profile.localhostProfile else {
      return missing(codes.profile, profile.node, into: &report)
    }
    PodFieldChecks.format(
      codes.profile, FileFormat.localPath(path), of: path, as: "a profile's path",
      at: profile.node, "localhostProfile", into: &report)
  }

  static func appArmor(_ profile: AppArmorProfile?, codes: Codes, into report: inout Report) {
    guard let profile else { return }
    PodFieldChecks.choice(
      codes.type, profile.type, among: types, absence: .isRequired, at: profile.node, "type",
      into: &report)
    switch profile.type ?? "" {
    case "Localhost": checkAppArmorName(profile, codes.profile, into: &report)
    case "RuntimeDefault", "Unconfined":
      if profile.localhostProfile != nil { excess(codes.excess, profile.node, into: &report) }
    default: break
    }
  }

  private static func checkAppArmorName(
    _ profile: AppArmorProfile, _ code: String, into report: inout Report
  ) {
    guard let name = profile.localhostProfile else {
      return missing(code, profile.node, into: &report)
    }
    if PodFieldChecks.isPadded(name) {
      report.error(
        code, .invalid, at: profile.node, "localhostProfile",
        "the profile's name \(PodFieldChecks.quoted(name)) has white space around it",
        help: "write \(PodFieldChecks.quoted(PodFieldChecks.trimmed(name)))")
    } else if name.isEmpty {
      missing(code, profile.node, into: &report)
    }
    if name.utf8.count > appArmorLengthMax {
      report.error(
        code, .tooLong, at: profile.node, "localhostProfile",
        "the profile's name has \(name.utf8.count) bytes; at most \(appArmorLengthMax) are allowed",
        help: "shorten it")
    }
  }

  private static func missing(_ code: String, _ node: NodeRef, into report: inout Report) {
    PodFieldChecks.missing(
      code, at: node, "localhostProfile", "type 'Localhost' loads this profile from the node",
      into: &report)
  }

  private static func excess(_ code: String, _ node: NodeRef, into report: inout Report) {
    report.error(
      code, .invalid, at: node, "localhostProfile",
      "'localhostProfile' is used with type 'Localhost' only",
      help: "remove it, or write 'type: Localhost'")
  }

  /// Reports a number that no user or group has.
  static func identity(
    _ code: String, _ number: Int64?, at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    into report: inout Report
  ) {
    guard let number else { return }
    PodFieldChecks.format(
      code, ValueFormat.userOrGroup(number), of: String(number),
      as: "the number of a user or group",
      at: node, part(), into: &report)
  }
}
