import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Metadata that the cluster writes and manifests had better leave out.
enum SystemMetadata: ObjectRules {
  static let title = "Metadata that belongs to the cluster"
  static let needs = ["resourceVersion", "managedFields"]

  private static let managerBytesMax = 128
  private static let subresourceBytesMax = 256

  static func check(_ object: ObjectSubject, into report: inout Report) {
    let metadata = object.metadata
    // The server looks at nothing but numbers here, and takes 0 for none.
    if !object.isUpdate, let version = metadata.resourceVersion.flatMap({ UInt64($0) }),
      version != 0
    {
      report.error(
        "META-25", .forbidden, at: object.node, "metadata.resourceVersion",
        "an object that is created cannot have a resourceVersion: it says which change of an "
          + "existing object is meant",
        help: "remove 'resourceVersion'",
        fixes: [
          FixIt(
            "remove 'resourceVersion'", safety: .safe,
            edits: [.remove(object.node.path + "metadata.resourceVersion")])
        ])
    }
    checkManagers(metadata, object, into: &report)
  }

  /// The server drops the whole list when it cannot read an entry, so others are not looked at.
  private static func checkManagers(
    _ metadata: ObjectMeta, _ object: ObjectSubject, into report: inout Report
  ) {
    let entries = metadata.managedFields
    guard entries.allSatisfy(isReadable) else { return }
    for entry in entries {
      let manager = entry.manager ?? ""
      if manager.utf8.count > managerBytesMax {
        report.error(
          "META-22", .tooLong, at: entry.node, "manager",
          "the manager's name has \(manager.utf8.count) bytes; at most \(managerBytesMax) are "
            + "allowed", help: "remove 'managedFields'; the cluster writes it")
      }
      let isPrintable = manager.unicodeScalars.allSatisfy {
        $0 == " " || !$0.properties.isWhitespace && $0.properties.generalCategory != .control
      }
      if !isPrintable {
        report.error(
          "META-22", .invalid, at: entry.node, "manager",
          "the manager's name has characters that cannot be printed",
          help: "remove 'managedFields'; the cluster writes it")
      }
      let subresource = entry.subresource ?? ""
      if subresource.utf8.count > subresourceBytesMax {
        report.error(
          "META-23", .tooLong, at: entry.node, "subresource",
          "the subresource has \(subresource.utf8.count) bytes; at most \(subresourceBytesMax) "
            + "are allowed", help: "remove 'managedFields'; the cluster writes it")
      }
    }
  }

  private static func isReadable(_ entry: ManagedFieldsEntry) -> Bool {
    ["Apply", "Update"].contains(entry.operation ?? "") && entry.fieldsType == "FieldsV1"
      && !(entry.apiVersion ?? "").isEmpty && (entry.node["fieldsV1"]?.count ?? 0) > 0
  }

  static let rules: [RuleDescription] = [
    .untestable(
      "META-20", "the operation of a managed field is Apply or Update",
      because: "the server drops entries that it cannot read before it validates"),
    .untestable(
      "META-21", "the fieldsType of a managed field is FieldsV1",
      because: "the server drops entries that it cannot read before it validates"),
    RuleDescription(
      "META-22", "the manager of a managed field has at most 128 printable bytes",
      bad: managed("manager: \(String(repeating: "m", count: 129))"),
      good: managed("manager: my manager")),
    RuleDescription(
      "META-23", "the subresource of a managed field has at most 256 bytes",
      bad: managed("manager: m, subresource: \(String(repeating: "s", count: 257))"),
      good: managed("manager: m, subresource: status")),
    RuleDescription(
      "META-25", "an object that is created has no resourceVersion",
      bad: "metadata.resourceVersion = '5'",
      good: "metadata.resourceVersion = ''", "metadata.uid = 1b2c"),
  ]

  private static func managed(_ entry: String) -> RuleExample {
    let rest = "operation: Update, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {'f:spec': {}}"
    return RuleExample(stringLiteral: "metadata.managedFields = [{\(entry), \(rest)}]")
  }
}
