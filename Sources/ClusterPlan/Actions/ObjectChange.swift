import ManifestMerge
import ManifestSyntax

/// What applying a manifest does to one object, or would do.
public struct ObjectChange: Sendable {
  /// What becomes of the object.
  public enum Action: String, Hashable, Sendable, CaseIterable {
    case create
    case update
    /// Deleted and created anew, since what changes cannot change.
    case replace
    case delete
    case unchanged
    /// Left alone, since others own what would change (`--on-conflict skip`).
    case skipped
    /// Refused; ``ObjectChange/error`` says why.
    case failed
  }

  public var object: ObjectIdentity
  /// The manifest that asks for it; nil for deletions.
  public var source: ManifestSource?
  public var action: Action
  /// The uid of the object as it is now; nil where there is none.
  public var uid: String?
  /// The fields that change, in the order of the object.
  public var fields: [FieldChange] = []
  /// The fields that the manifest sets otherwise than somebody else who owns them.
  public var conflicts: [FieldConflict] = []
  /// The fields that the manifest no longer sets and that stay, since others own them too.
  public var released: [ReleasedField] = []
  /// Whether nothing changes but that the manager becomes owner of what stands there already.
  public var adoptsFields = false
  public var replacement: Replacement?
  public var pods: PodEffect?
  /// The differences between manifest and object that mean nothing, where they were asked for.
  public var ignored: [IgnoredDifference] = []
  /// What else is worth knowing.
  public var notes: [String] = []
  /// What the API says in warnings.
  public var warnings: [String] = []
  public var error: ChangeError?
  /// Whether a rehearsal goes on with what it failed with, so that its rollout is seen.
  public var isRehearsed = false
  /// Why it is not done without a word of consent; nil where it is.
  public var needsConsent: String?
  /// The object as it is; nil where it is new.
  public var before: Value?
  /// The object as it will be; nil where it goes away.
  public var after: Value?
  /// What the manifest asks for.
  public var config: Value?

  public init(_ object: ObjectIdentity, _ action: Action, source: ManifestSource? = nil) {
    self.object = object
    self.action = action
    self.source = source
  }

  /// Whether applying it writes anything.
  public var isChange: Bool {
    switch action {
    case .create, .update, .replace, .delete: true
    case .unchanged, .skipped, .failed: false
    }
  }
}

/// Where a manifest stands.
public struct ManifestSource: Hashable, Sendable {
  public var file: String
  /// From 1.
  public var line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}

/// How one field changes.
public struct FieldChange: Hashable, Sendable {
  /// Why it changes.
  public enum Reason: String, Hashable, Sendable {
    /// The manifest sets it.
    case manifest
    /// The manifest set it before and no longer does.
    case abandoned
    /// The server writes it: a default or an allocation that follows from other changes.
    case server
    /// Somebody changed it since it was applied (drift).
    case drift
  }

  public var kind: ObjectDiff.Change.Kind
  /// The field, with list items by what they hold.
  public var path: [PathElement]
  /// The same with positions.
  public var fieldPath: FieldPath
  public var old: Value?
  public var new: Value?
  public var reason: Reason
  /// Who owns the field now, the applying manager left out.
  public var owners: [String] = []
  /// Whether the applying manager owned it before.
  public var isOwned: Bool
  /// Whether a change of it needs a new object.
  public var isImmutable: Bool

  public init(
    _ change: ObjectDiff.Change, reason: Reason, owners: [String] = [], isOwned: Bool = false,
    isImmutable: Bool = false
  ) {
    self.isOwned = isOwned
    kind = change.kind
    path = change.path
    fieldPath = change.fieldPath
    old = change.old
    new = change.new
    self.reason = reason
    self.owners = owners
    self.isImmutable = isImmutable
  }

  /// `spec.template.spec.containers[name=app].image`.
  public var pathText: String { PathText.of(path) }
}

/// A field that the manifest wants otherwise than somebody who owns it.
public struct FieldConflict: Hashable, Sendable {
  public var path: [PathElement]
  /// What the manifest wants.
  public var wanted: Value?
  /// What stands there.
  public var found: Value?
  /// Who owns it: `kubectl (Update)`.
  public var owners: [String]

  public init(path: [PathElement], wanted: Value?, found: Value?, owners: [String]) {
    self.path = path
    self.wanted = wanted
    self.found = found
    self.owners = owners
  }

  public var pathText: String { PathText.of(path) }
}

/// A field that the manifest no longer sets and that stays nevertheless.
public struct ReleasedField: Hashable, Sendable {
  public var path: [PathElement]
  /// Who owns it now.
  public var owners: [String]

  public init(path: [PathElement], owners: [String]) {
    self.path = path
    self.owners = owners
  }

  public var pathText: String { PathText.of(path) }
}

/// Why an object must be made anew, and what that costs.
public struct Replacement: Hashable, Sendable {
  /// A field that cannot change.
  public struct Cause: Hashable, Sendable {
    public var field: String
    public var message: String

    public init(field: String, message: String) {
      self.field = field
      self.message = message
    }
  }

  public var causes: [Cause]
  /// What the new object will not have: `cluster IP 10.96.0.7`, `3 pods, until new ones run`.
  public var losses: [String]

  public init(causes: [Cause], losses: [String]) {
    self.causes = causes
    self.losses = losses
  }
}

/// A difference in writing that is none in meaning.
public struct IgnoredDifference: Hashable, Sendable {
  /// Why it does not count.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    case spelling = "another spelling of the same value"
    case order = "another order of the same items"
    case defaulted = "a default that the manifest leaves out"
    case foreign = "set by somebody else; the manifest says nothing about it"
    case server = "written by the server"
  }

  public var path: [PathElement]
  public var reason: Reason
  /// Who set it, where that is the reason.
  public var owners: [String] = []

  public var pathText: String { PathText.of(path) }
}

/// Why a manifest cannot be applied.
public struct ChangeError: Hashable, Sendable {
  /// As a Status spells it: `Invalid`, `Conflict`, `NotFound`.
  public var reason: String
  public var message: String
  public var causes: [Replacement.Cause] = []
  /// What to do about it.
  public var help: String?

  public init(
    reason: String, message: String, causes: [Replacement.Cause] = [], help: String? = nil
  ) {
    self.reason = reason
    self.message = message
    self.causes = causes
    self.help = help
  }
}

/// An input, or a part of one, that could not be read as manifests.
public struct InputProblem: Hashable, Sendable {
  public var file: String
  /// From 1; 0 where the whole input is meant.
  public var line: Int
  public var message: String
  public var help: String?

  public init(file: String, line: Int = 0, message: String, help: String? = nil) {
    self.file = file
    self.line = line
    self.message = message
    self.help = help
  }

  /// `web.yaml:3: …`.
  public var text: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
}

/// Everything that applying a set of manifests does.
public struct ChangeSet: Sendable {
  /// In the order in which objects are written.
  public var changes: [ObjectChange]
  /// Inputs that could not be read.
  public var problems: [InputProblem] = []
  /// What there is to say about the set as a whole.
  public var notes: [String] = []

  public init(_ changes: [ObjectChange] = []) { self.changes = changes }

  /// Whether nothing would be written and nothing is wrong.
  public var isEmpty: Bool { !changes.contains { $0.isChange } }
  public var hasErrors: Bool {
    !problems.isEmpty || changes.contains { $0.action == .failed }
  }

  public func count(_ action: ObjectChange.Action) -> Int {
    changes.count { $0.action == action }
  }

  /// The pods that go away or are made anew by rollouts, replacements and deletions.
  public var rolledPods: Int {
    changes.reduce(0) { sum, change in
      guard change.action == .update, let pods = change.pods, pods.kind.restarts else { return sum }
      return sum &+ (pods.count ?? 0)
    }
  }
}
