import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Checks of maps of labels and annotations, wherever they stand.
///
/// The server names the map, not the entry; the finding names the entry and carries the server's
/// path beside it.
enum LabelChecks {
  /// The bytes that the keys and values of an object's annotations may have together.
  static let annotationBytesMax = 256 * 1024

  /// Checks keys and values of labels, which are a part of `owner`.
  ///
  /// - Parameters:
  ///   - codes: The rules for keys and for values.
  ///   - server: The path of the map as the server prints it, where it is another one.
  static func labels(
    _ labels: ViewMap<String>, at owner: NodeRef, _ part: FieldPath,
    codes: (key: String, value: String), server: FieldPath? = nil, into report: inout Report
  ) {
    if areFine(labels) { return }
    for (key, value) in labels {
      refuse(
        codes.key, LabelFormat.key(key), of: key, as: "a label's key", at: owner, part.key(key),
        server: server ?? part, into: &report)
      refuse(
        codes.value, LabelFormat.value(value), of: value, as: "a label's value", at: owner,
        part.key(key), server: server ?? part, into: &report)
    }
  }

  /// Whether there is nothing to say about labels of a file: nearly always, so it is told from the
  /// bytes that are there.
  static func areFine(_ labels: ViewMap<String>) -> Bool {
    guard let (tree, node) = labels.node?.treeNode else { return false }
    for (key, value) in tree.entries(node) {
      guard tree.kind(value) == .string, LabelFormat.isKey(tree.bytes(key)),
        LabelFormat.isValue(tree.bytes(value))
      else { return false }
    }
    return true
  }

  /// The same of annotations.
  private static func areFine(annotations: ViewMap<String>) -> Bool {
    guard let (tree, node) = annotations.node?.treeNode else { return false }
    var bytes = 0
    for (key, value) in tree.entries(node) {
      guard tree.kind(value) == .string, LabelFormat.isKey(tree.bytes(key)) else { return false }
      bytes += tree.bytes(key).count + tree.bytes(value).count
    }
    return bytes <= annotationBytesMax
  }

  /// Checks keys of annotations and the size of all of them.
  ///
  /// - Parameter codes: The rules for keys and for the size.
  static func annotations(
    _ annotations: ViewMap<String>, at owner: NodeRef, _ part: FieldPath,
    codes: (key: String, size: String), server: FieldPath? = nil, into report: inout Report
  ) {
    if areFine(annotations: annotations) { return }
    var bytes = 0
    for (key, value) in annotations {
      bytes += key.utf8.count + value.utf8.count
      refuse(
        codes.key, LabelFormat.annotationKey(key), of: key, as: "an annotation's key", at: owner,
        part.key(key), server: server ?? part, into: &report)
    }
    guard bytes > annotationBytesMax else { return }
    report.error(
      codes.size, .tooLong, at: owner, part,
      "the annotations have \(bytes) bytes; the cluster takes at most \(annotationBytesMax)",
      help: "keep large texts in a ConfigMap", server: server)
  }

  /// Reports a text that cannot be `what`; `problems` are what a format says about it.
  static func refuse(
    _ code: String, _ problems: [String], of text: String, as what: @autoclosure () -> String,
    at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    help: @autoclosure () -> String? = nil, server: @autoclosure () -> FieldPath? = nil,
    into report: inout Report
  ) {
    guard !problems.isEmpty else { return }
    report.error(
      code, .invalid, at: node, part(),
      "\(PodFieldChecks.quoted(text)) cannot be \(what()): \(problems.joined(separator: ", and "))",
      help: help(), server: server())
  }
}
