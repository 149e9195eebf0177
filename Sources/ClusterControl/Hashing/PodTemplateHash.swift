import ManifestSchema
import ManifestSyntax

/// The hash by which a Deployment names the ReplicaSet of a pod template.
///
/// For Kubernetes 1.36 it is the very hash of the Deployment controller, so a plan can name the
/// ReplicaSet that a real cluster will make. The real hash covers the names of all fields that a
/// version has, set or not, and therefore differs between versions; for all others this is a
/// stable hash of kmf's own, over what the template says. Controllers never compare hashes, only
/// templates, so either kind serves them.
public enum PodTemplateHash {
  /// The label, and the key in selectors, that carries it.
  public static let label = "pod-template-hash"

  /// Whether the hash for `version` is the one that Kubernetes computes.
  public static func isExact(for version: KubernetesVersion) -> Bool { version.minor == 36 }

  /// The hash of `template`, a PodTemplateSpec as the server stores it.
  ///
  /// - Parameter collisionCount: The Deployment's; nil and 0 give different hashes.
  public static func of(
    _ template: Value, collisionCount: Int32?, version: KubernetesVersion
  ) -> String {
    encoded(number(of: template, collisionCount: collisionCount, version: version))
  }

  /// The hash before it is spelt.
  static func number(
    of template: Value, collisionCount: Int32?, version: KubernetesVersion
  ) -> UInt32 {
    var hash = FNV32()
    if isExact(for: version) {
      var printer = GoPrinter(structs: .kubernetes136)
      printer.write(template, struct: GoStructs.podTemplate, typeName: "v1.PodTemplateSpec")
      hash.combine(printer.text)
    } else {
      hash.combine(canonical: template)
    }
    if let collisionCount {
      var count = UInt64(UInt32(bitPattern: collisionCount))
      for _ in 0..<8 {
        hash.combine(UInt8(truncatingIfNeeded: count))
        count >>= 8
      }
    }
    return hash.value
  }

  /// Letters and digits that spell no words.
  static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)

  static func encoded(_ number: UInt32) -> String {
    let letters = String(number).utf8.map { alphabet[Int($0) % alphabet.count] }
    return String(decoding: letters, as: UTF8.self)
  }
}

/// FNV-1a with 32 bits.
private struct FNV32 {
  private(set) var value: UInt32 = 2_166_136_261

  mutating func combine(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 16_777_619 }

  mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { combine(byte) }
  }

  /// The value with sorted keys and without anything empty, every part with a mark before it.
  mutating func combine(canonical value: Value) {
    switch value {
    case .null: combine(0)
    case .bool(let truth): combine(truth ? 2 : 1)
    case .int(let number):
      combine(3)
      combine(String(number).utf8)
    case .uint(let number):
      combine(3)
      combine(String(number).utf8)
    case .double(let number):
      combine(4)
      combine(String(number).utf8)
    case .string(let text):
      combine(5)
      combine(text.utf8)
    case .list(let items):
      combine(6)
      for item in items { combine(canonical: item) }
    case .map(let map):
      combine(7)
      let entries = map.entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for entry in entries where entry.value != .null {
        combine(5)
        combine(entry.key.utf8)
        combine(canonical: entry.value)
      }
      combine(8)
    }
  }
}
