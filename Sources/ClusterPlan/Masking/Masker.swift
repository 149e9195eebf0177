import ManifestMerge
import ManifestSchema
import ManifestSyntax

/// Takes the values of Secrets out of what is shown or saved.
///
/// A value becomes a short keyed digest: equal values look equal, within one output and in every
/// output that uses the same key, and without the key nobody can try values out.
public struct Masker: Sendable {
  private static let shownDigits = 8
  /// Where client-side apply keeps the whole manifest.
  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  private let key: [UInt8]

  /// - Parameter key: At least 16 bytes that are known to this cluster only.
  public init(key: [UInt8]) { self.key = key }

  /// What stands for a secret value: `(secret 1f0c22ab)`.
  public func mask(_ bytes: some Collection<UInt8>) -> String {
    "(secret \(digest(bytes).prefix(Self.shownDigits)))"
  }

  /// The whole digest, for comparisons that must not err.
  public func digest(_ bytes: some Collection<UInt8>) -> String {
    SHA256.hex(SHA256.keyed(key, bytes))
  }

  // MARK: - Objects

  /// `object` without secret values; objects of other kinds as they are.
  public func mask(_ object: Value) -> Value {
    Self.isSecret(object) ? maskingContents(object) : object
  }

  private func maskingContents(_ object: Value) -> Value {
    let secrets = Self.values(of: object)
    var masked = object
    masked["data"] = object["data"].map { mask(values: $0, isEncoded: true) }
    masked["stringData"] = object["stringData"].map { mask(values: $0, isEncoded: false) }
    if case .map(let annotations)? = object["metadata"]?["annotations"],
      var metadata = object["metadata"]
    {
      metadata["annotations"] = .map(
        ValueMap(
          unique: annotations.entries.map { entry in
            ValueMap.Entry(
              key: entry.key, value: mask(annotation: entry.key, entry.value, secrets))
          }))
      masked["metadata"] = metadata
    }
    return masked
  }

  /// A value at `path` of a Secret, as far as it is secret.
  public func mask(_ value: Value, at path: [PathElement], of object: Value?) -> Value {
    guard case .field(let first)? = path.first else { return value }
    switch first {
    case "data": return maskAll(value, isEncoded: true)
    case "stringData": return maskAll(value, isEncoded: false)
    case "metadata":
      let secrets = object.map(Self.values) ?? []
      guard path.count >= 2, path[1] == .field("annotations") else { return value }
      if path.count == 3, case .field(let name) = path[2] {
        return mask(annotation: name, value, secrets)
      }
      guard case .map(let map) = value else { return value }
      return .map(
        ValueMap(
          unique: map.entries.map {
            ValueMap.Entry(key: $0.key, value: mask(annotation: $0.key, $0.value, secrets))
          }))
    default: return value
    }
  }

  private func maskAll(_ value: Value, isEncoded: Bool) -> Value {
    switch value {
    case .map: mask(values: value, isEncoded: isEncoded)
    case .null: value
    default: mask(value, isEncoded: isEncoded)
    }
  }

  private func mask(values: Value, isEncoded: Bool) -> Value {
    guard case .map(let map) = values else { return mask(values, isEncoded: isEncoded) }
    return .map(
      ValueMap(
        unique: map.entries.map {
          ValueMap.Entry(key: $0.key, value: mask($0.value, isEncoded: isEncoded))
        }))
  }

  /// The same mask whether the value came as text or in base64.
  private func mask(_ value: Value, isEncoded: Bool) -> Value {
    guard case .string(let text) = value else {
      return value == .null ? value : .string(mask(JSONWriter.bytes(value)))
    }
    if isEncoded, let bytes = Base64.decode(text) { return .string(mask(bytes)) }
    return .string(mask(text.utf8))
  }

  private func mask(annotation name: String, _ value: Value, _ secrets: [String]) -> Value {
    guard case .string(let text) = value else { return value }
    if name == Self.lastApplied {
      guard let applied = JSONReader.read(SourceText(text)).tree?.value(), applied.map != nil else {
        return .string(mask(text.utf8))
      }
      return .string(JSONWriter.string(maskingContents(applied)))
    }
    // Other tools keep copies of what they applied under names of their own.
    return secrets.contains { text.contains($0) } ? .string(mask(text.utf8)) : value
  }

  // MARK: - What is secret

  /// Whether the object's data must not be shown.
  static func isSecret(_ object: Value) -> Bool {
    object["kind"]?.string == "Secret" && object["apiVersion"]?.string == "v1"
  }

  /// The secret texts of an object, as they are and as base64; short ones are left out, since they
  /// would be found in everything.
  static func values(of object: Value) -> [String] {
    var values: [String] = []
    for entry in object["data"]?.map?.entries ?? [] {
      guard case .string(let text) = entry.value else { continue }
      values.append(text)
      if let bytes = Base64.decode(text), let plain = String(validating: bytes, as: UTF8.self) {
        values.append(plain)
      }
    }
    for entry in object["stringData"]?.map?.entries ?? [] {
      guard case .string(let text) = entry.value else { continue }
      values += [text, Base64.encode(Array(text.utf8))]
    }
    return values.filter { $0.utf8.count >= 4 }
  }
}
