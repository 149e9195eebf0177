/// What the reader of one source leaves for the next: memory that need not be asked for again for
/// each of thousands of small files. It belongs to one thread.
public final class ReadingMemory {
  private var tree: Tree?
  public init() {}

  /// The tree that was left, if one was.
  func take() -> Tree? {
    defer { tree = nil }
    return tree
  }

  /// Leaves a tree that its reader needs no more; others may still hold it. What a giant took is
  /// given back.
  func leave(_ tree: Tree) {
    if !tree.isLarge { self.tree = tree }
  }
}
