import ManifestSchema
import ManifestSyntax

/// Why a patch was not carried out.
public enum PatchRefusal: Error, Hashable, Sendable {
  /// The patch is no patch: HTTP 400.
  case malformed(String)
  /// The patch does not fit the object that it is for: HTTP 422.
  case inapplicable(String)

  /// What is wrong.
  public var message: String {
    switch self {
    case .malformed(let text), .inapplicable(let text): text
    }
  }
}

/// A change to an object, in one of the forms that the API takes.
public enum Patch: Hashable, Sendable {
  /// A list of operations: RFC 6902, `application/json-patch+json`.
  case json(Value)
  /// An object to lay over: RFC 7386, `application/merge-patch+json`.
  case merge(Value)
  /// An object to lay over, lists by the schema's merge keys:
  /// `application/strategic-merge-patch+json`.
  case strategic(Value)

  /// `object` after the patch; what it is like afterwards is for others to check.
  ///
  /// - Parameter types: The schema for strategic patches.
  public func applied(to object: Value, types: MergeTypes) throws(PatchRefusal) -> Value {
    switch self {
    case .json(let operations): return try JSONPatch(operations).applied(to: object)
    case .merge(let patch):
      guard case .map = patch else { throw .malformed("a merge patch must be an object") }
      return MergePatch.apply(patch, to: object)
    case .strategic(let patch):
      guard case .map(let patch) = patch else {
        throw .malformed("a strategic merge patch must be an object")
      }
      let type = types.root(
        apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
      return try StrategicMerge(types: types).merge(patch, into: object.map, type)
    }
  }
}

/// Merge patches: what they name takes the place of what is there, null takes it out.
enum MergePatch {
  static func apply(_ patch: Value, to target: Value?) -> Value {
    guard case .map(let patch) = patch else { return patch }
    var result = target?.map ?? ValueMap()
    for entry in patch.entries {
      if entry.value == .null {
        result[entry.key] = nil
      } else {
        result[entry.key] = apply(entry.value, to: result[entry.key])
      }
    }
    return .map(result)
  }
}
