import ManifestSchema
import ManifestSyntax

/// Objects of one kind as rows with cells: what `kubectl get` prints.
public struct Table: Sendable {
  /// One object.
  public struct Row: Sendable {
    /// One for each column.
    public var cells: [Value]
    /// `Completed` for pods that are through.
    public var conditions: [Value]
    public var object: Value
  }

  /// What comes with each row besides its cells.
  public enum IncludedObject: String, Sendable {
    case none = "None"
    case metadata = "Metadata"
    case object = "Object"
  }

  public var columns: [TableColumn]
  public var rows: [Row]

  /// The table of `objects`, with ages as of `now`.
  ///
  /// - Parameter definition: the CustomResourceDefinition of a custom kind, which may name columns.
  public init(
    of objects: [Value], kind: GroupVersionKind, definition: Value? = nil, now: Time
  ) {
    let columns = Self.columns(of: kind, definition: definition)
    self.columns = columns
    rows = objects.map { object in
      let subject = TableSubject(object: object, now: now)
      return Row(
        cells: columns.map { $0.cell(subject) },
        conditions: Self.conditions(of: object, kind), object: object)
    }
  }

  /// The columns that objects of `kind` have.
  public static func columns(
    of kind: GroupVersionKind, definition: Value? = nil
  ) -> [TableColumn] {
    if let definition { return CustomColumns.columns(of: definition, version: kind.version) }
    return TableLayouts.columns(group: kind.group, kind: kind.kind)
  }

  private static func conditions(of object: Value, _ kind: GroupVersionKind) -> [Value] {
    guard kind.kind == "Pod", kind.group.isEmpty,
      let phase = object["status"]?["phase"]?.string, ["Succeeded", "Failed"].contains(phase)
    else { return [] }
    let message = phase == "Failed" ? "The pod ended in failure." : "The pod ended well."
    return [
      [
        "type": "Completed", "status": "True", "reason": .string(phase),
        "message": .string(message),
      ]
    ]
  }

  /// The table as the API answers it.
  ///
  /// - Parameters:
  ///   - metadata: the list's: resourceVersion, continue, remainingItemCount.
  ///   - withColumns: false for the second and further events of a watch, which leave them out.
  public func value(
    metadata: Value = .emptyMap, including included: IncludedObject = .metadata,
    withColumns: Bool = true
  ) -> Value {
    [
      "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
      "columnDefinitions": withColumns ? .list(columns.map(\.value)) : .null,
      "rows": .list(rows.map { $0.value(including: included) }),
    ]
  }
}

extension Table.Row {
  fileprivate func value(including included: Table.IncludedObject) -> Value {
    var row: Value = ["cells": .list(cells)]
    if !conditions.isEmpty { row["conditions"] = .list(conditions) }
    switch included {
    case .none: break
    case .metadata: row["object"] = PartialObject.of(object)
    case .object: row["object"] = object
    }
    return row
  }
}

/// Objects of which only the metadata is told.
public enum PartialObject {
  /// The object's name, labels and the like, whatever its kind.
  public static func of(_ object: Value) -> Value {
    [
      "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
      "metadata": object["metadata"] ?? .emptyMap,
    ]
  }

  /// A list of them, with the list's own metadata.
  public static func list(_ objects: [Value], metadata: Value) -> Value {
    [
      "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
      "items": .list(objects.map(of)),
    ]
  }
}
