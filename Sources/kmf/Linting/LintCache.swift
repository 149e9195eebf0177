import Glibc
import InputFiles
import ManifestRules
import ManifestSyntax

/// Results of earlier runs in `.kmf/cache` of the repository, by a sum of everything that they
/// depend on: all texts, the configuration, the arguments, the day, and kmf itself.
///
/// It may be deleted at any time, and a file that cannot be read or written is as good as none.
struct LintCache {
  /// How many results are kept; the oldest go.
  private static let kept = 16
  private static let magic = "kmf lint cache 1\n"

  private let folder: String
  private let path: String

  /// The place of the results of a run over `files`; nil where they are not to be kept.
  init?(_ settings: LintSettings, _ files: [LintSession.File], reported: [Int], root: String) {
    let common = settings.common
    guard settings.usesCache, common.fixing == nil, !files.isEmpty, common.crds.isEmpty,
      common.schemaLocations.isEmpty
    else { return nil }
    var hash = ContentHash()
    hash.add(Self.magic + Version.text + Self.program)
    hash.add(settings.policy.today)
    hash.add(settings.fingerprint)
    if settings.renders { hash.add(RenderingInputs.fingerprint(files)) }
    for number in reported { hash.add(String(number)) }
    for file in files {
      guard file.input.place == .file, case .success(let source) = file.text else { return nil }
      hash.add(source.name + (file.input.origin == .named ? "!" : ""))
      hash.add(source.bytes)
    }
    folder = (root == "." ? "" : root + "/") + ".kmf/cache"
    path = "\(folder)/lint-\(hash.text)"
  }

  /// What tells builds of kmf apart that have the same version.
  private static let program: String = {
    var status = stat()
    guard stat("/proc/self/exe", &status) == 0 else { return "" }
    return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
  }()

  /// The results of the same run, if they are there and whole.
  func results(_ files: [LintSession.File]) -> [FileResult]? {
    guard let bytes = Self.contents(of: path) else { return nil }
    let head = Self.magic.utf8.count + 33
    guard bytes.count >= head, bytes.starts(with: Self.magic.utf8) else { return nil }
    let body = Array(bytes[head...])
    guard bytes[..<head].elementsEqual(Self.head(of: body).utf8) else { return nil }
    var texts: [String: SourceText] = [:]
    for file in files {
      if case .success(let source) = file.text { texts[source.name] = source }
    }
    return ResultCodec.decode(body) { texts[$0] }
  }

  private static func head(of body: [UInt8]) -> String {
    var hash = ContentHash()
    body.withUnsafeBytes { hash.add($0) }
    return magic + hash.text + "\n"
  }

  /// Keeps the results, and forgets the oldest.
  func keep(_ results: [FileResult]) {
    let parent = String(folder.dropLast("/cache".count))
    mkdir(parent, 0o777)
    mkdir(folder, 0o777)
    let body = ResultCodec.encode(results)
    // A cache is nobody's source.
    Self.write(Array("*\n".utf8), to: parent + "/.gitignore", isNew: true)
    // Whoever reads meanwhile sees a whole file or none.
    let draft = "\(path).\(getpid())"
    guard Self.write(Array(Self.head(of: body).utf8) + body, to: draft, isNew: false) else {
      unlink(draft)
      return
    }
    rename(draft, path)
    forget()
  }

  @discardableResult
  private static func write(_ bytes: [UInt8], to path: String, isNew: Bool) -> Bool {
    let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : O_TRUNC)
    let descriptor = open(path, flags, 0o666)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let output = Output(descriptor: descriptor)
    output.write(bytes: bytes)
    output.flush()
    return output.failureText == nil
  }

  /// The bytes of a file, which are no text; nil where they cannot be read.
  static func contents(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let size = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got < 0, errno == EINTR { continue }
        if got <= 0 { break }
        count += got
      }
    }
  }

  private func forget() {
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    var found: [(age: Int, path: String)] = []
    while let entry = readdir(stream) {
      let bytes = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 19)
      let name = String(cString: bytes.assumingMemoryBound(to: CChar.self))
      var status = stat()
      let path = "\(folder)/\(name)"
      guard name.hasPrefix("lint-"), stat(path, &status) == 0 else { continue }
      found.append((Int(status.st_mtim.tv_sec), path))
    }
    guard found.count > Self.kept else { return }
    for old in found.sorted(by: { ($0.age, $0.path) < ($1.age, $1.path) }).dropLast(Self.kept) {
      unlink(old.path)
    }
  }
}
