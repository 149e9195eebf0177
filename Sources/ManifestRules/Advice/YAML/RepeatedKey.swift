import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A key that a mapping has twice, and how it came to that.
enum RepeatedKey {
  /// Somebody wrote it twice.
  case written
  /// A `<<` brings in a key that is written as well, at this place.
  case merged(written: Span)
  /// Several `<<` bring it in.
  case mergedTwice
  /// The next object begins, without a line `---` before it.
  case secondObject

  /// Nil for diagnostics that are about something else.
  init?(_ diagnostic: Diagnostic, in document: AdviceDocument) {
    guard diagnostic.reason == .duplicateField, let tree = document.tree,
      case .field(let name)? = diagnostic.path.steps.last
    else { return nil }
    // Only the missing marker can be put there by itself.
    if !diagnostic.fixes.isEmpty {
      self = .secondObject
      return
    }
    guard let mapping = tree.node(at: diagnostic.path.parent) else {
      self = .written
      return
    }
    var written: Span?
    var isMerged = false
    for (key, _) in tree.entries(mapping) where tree.string(key) == name {
      if tree.isMerged(key) { isMerged = true } else { written = tree.span(key) }
    }
    guard isMerged else {
      self = .written
      return
    }
    self = written.map { .merged(written: $0) } ?? .mergedTwice
  }
}
