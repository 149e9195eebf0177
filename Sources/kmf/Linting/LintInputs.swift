import Glibc
import InputFiles
import ManifestRules

/// What a run of `kmf lint` reads: the files to report on, and all files of the repository, in
/// which references are resolved whatever is reported.
struct LintInputs {
  /// What the paths of the command line lead to.
  var listing: InputListing
  /// Every file to know, those of ``listing`` among them.
  var all: [Input]
  /// The paths of the inputs to report on.
  var reported: Set<String>
  /// The folder of the repository, with a slash at its end unless it is the working directory.
  var root: String

  /// Finds the inputs; standard input alone is a world of its own.
  init(_ settings: ValidateSettings) {
    listing = settings.finder.find(settings.paths)
    root = Repository.root()
    reported = Set(listing.inputs.map(\.path))
    all = listing.inputs
    let files = listing.inputs.filter { $0.place == .file }
    guard !files.isEmpty else { return }
    let roots = Repository.roots(of: files.map(\.path), root)
    if roots.isEmpty || Set(settings.paths) == Set(roots) { return }
    var finder = settings.finder
    finder.standardInputName = settings.standardInputName
    all = finder.find(files.map(\.path) + roots).inputs
    all += listing.inputs.filter { $0.place != .file }
    let origins = Dictionary(listing.inputs.map { ($0.path, $0) }) { first, _ in first }
    all = all.map { origins[$0.path] ?? Input(path: $0.path, origin: .found, place: $0.place) }
  }
}

extension LintInputs {
  /// Reports on the inputs among `paths`, which are absolute, and on nothing else.
  mutating func keep(_ paths: Set<String>) {
    let here = Repository.workingFolder
    reported = reported.filter {
      paths.contains(FilePaths.normalized(FilePaths.join(here, $0)))
    }
  }
}

/// The git repository around files, without asking git.
enum Repository {
  /// The root of the repository that the working directory is in, else the working directory, by a
  /// path from here: `.`, `..`, `../..`.
  static func root() -> String {
    var levels = workingFolder.split(separator: "/").count
    var prefix = ""
    while true {
      if access(prefix + ".git", F_OK) == 0 {
        return prefix.isEmpty ? "." : String(prefix.dropLast())
      }
      guard levels > 0 else { return "." }
      levels -= 1
      prefix += "../"
    }
  }

  /// The working directory, absolute.
  static var workingFolder: String {
    guard let here = getcwd(nil, 0) else { return "" }
    defer { free(here) }
    return String(cString: here)
  }

  /// The folders whose files are to be known for a report on `files`: the root that the working
  /// directory is in, and for files outside of it the repositories that they are in.
  static func roots(of files: [String], _ root: String) -> [String] {
    let here = workingFolder
    let inside = FilePaths.normalized(FilePaths.join(here, root))
    let insidePrefix = isTooWide(inside) ? nil : inside == "/" ? "/" : inside + "/"
    var roots: Set<String> = []
    var known: [String: String?] = [:]
    for file in files {
      let path = FilePaths.normalized(FilePaths.join(here, file))
      if let insidePrefix, path.hasPrefix(insidePrefix) {
        roots.insert(root)
        continue
      }
      let folder = FilePaths.folder(of: path)
      let found = known[folder] ?? repository(around: folder)
      known[folder] = .some(found)
      if let found { roots.insert(found) }
    }
    return roots.sorted()
  }

  /// Nobody keeps a repository of manifests in the root of the file system or right at home.
  private static func isTooWide(_ folder: String) -> Bool {
    if access(folder + "/.git", F_OK) == 0 { return false }
    return folder == "/" || folder == getenv("HOME").map { String(cString: $0) }
  }

  private static func repository(around folder: String) -> String? {
    var folder = folder
    while !folder.isEmpty {
      if access(folder + "/.git", F_OK) == 0 { return folder }
      folder = FilePaths.folder(of: folder)
    }
    return nil
  }
}
