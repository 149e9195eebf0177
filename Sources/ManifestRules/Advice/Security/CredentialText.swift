import ManifestSyntax

/// Tells credentials from other text by the shape of what is written and by what it is called.
enum CredentialText {
  /// Whether a value and its name are worth a closer look: most values are short and of one line,
  /// and most names promise nothing.
  static func mayTell(_ value: NodeRef, named name: NodeRef) -> Bool {
    guard let (values, valueID) = value.treeNode, let (names, nameID) = name.treeNode else {
      return true
    }
    let text = values.bytes(valueID)
    return text.count >= issuedCountMin || text.holds("://")
      || text.contains { $0 < 0x20 || $0 >= 0x80 } || mayPromise(names.bytes(nameID))
  }

  /// What a text seems to be; nil where it is nothing secret.
  ///
  /// - Parameter name: what the text is the value of; nil where nobody knows.
  static func kind(of text: String, named name: String?) -> String? {
    if let issued = issued(text) { return issued }
    if hasPasswordInAddress(text) { return "an address with a password" }
    guard let name, mayPromise(name), let word = word(in: name) else { return nil }
    let looksRight = word == .password ? isPassword(text) : isRandom(text)
    guard looksRight, !isStandIn(text) else { return nil }
    switch word {
    case .password: return "a password"
    case .token: return "a token"
    case .key: return "a key"
    case .secret: return "a secret"
    }
  }

  // MARK: - Names

  private enum Word { case password, token, key, secret }

  /// Whether a name can promise anything: most names have not even the beginning of a word that
  /// does.
  private static func mayPromise(_ name: String) -> Bool { name.withBytes(mayPromise) }

  private static func mayPromise(_ name: UnsafeRawBufferPointer) -> Bool {
    // The last three bytes, in lower case where they are letters.
    var last: UInt32 = 0
    for byte in name {
      // Others than ASCII's letters may be small or large in ways of their own.
      if byte >= 0x80 { return true }
      last = (last << 8 | UInt32(byte | 0x20)) & 0xFF_FFFF
      if last & 0xFFFF == pw || last == pas || last == tok || last == key || last == sec
        || last == cre
      {
        return true
      }
    }
    return false
  }

  // How the words begin that ``word(in:)`` knows, or parts of them do.
  private static let pw: UInt32 = 0x7077
  private static let pas: UInt32 = 0x70_6173
  private static let tok: UInt32 = 0x74_6F6B
  private static let key: UInt32 = 0x6B_6579
  private static let sec: UInt32 = 0x73_6563
  private static let cre: UInt32 = 0x63_7265

  /// What a name promises: its last words count, so that `PASSWORD_FILE` and `TOKEN_URL` do not.
  private static func word(in name: String) -> Word? {
    var words = words(of: name)
    while let last = words.last, last.allSatisfy(\.isNumber) || fillers.contains(last) {
      words.removeLast()
    }
    guard let last = words.last else { return nil }
    if let word = single[last] { return word }
    let before = words.dropLast().last ?? ""
    if last == "key", keyWords.contains(before) { return .key }
    if last == "base", words.suffix(3) == ["secret", "key", "base"] { return .key }
    if last == "pass", words.count > 1 { return .password }
    return nil
  }

  private static let fillers: Set<String> = ["value", "base64", "b64", "default", "plain", "text"]
  private static let keyWords: Set<String> = [
    "api", "access", "secret", "private", "auth", "encryption", "signing", "master", "account",
    "license", "app", "storage", "shared", "jwt",
  ]
  private static let single: [String: Word] = [
    "password": .password, "passwd": .password, "pwd": .password, "passphrase": .password,
    "passcode": .password, "pw": .password, "dbpass": .password, "userpass": .password,
    "rootpass": .password, "dbpassword": .password, "requirepass": .password,
    "token": .token, "apitoken": .token, "authtoken": .token, "accesstoken": .token,
    "apikey": .key, "accesskey": .key, "secretkey": .key, "privatekey": .key, "authkey": .key,
    "secret": .secret, "clientsecret": .secret, "appsecret": .secret, "credential": .secret,
    "credentials": .secret,
  ]

  /// The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db.password` alike.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in name {
      guard character.isLetter || character.isNumber else {
        if !word.isEmpty { words.append(word) }
        word = ""
        wasLower = false
        continue
      }
      if character.isUppercase, wasLower {
        words.append(word)
        word = ""
      }
      wasLower = character.isLowercase
      word += character.lowercased()
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  // MARK: - Values

  /// Whether it can be a password at all: people choose poor ones.
  private static func isPassword(_ text: String) -> Bool {
    text.utf8.count >= 3 && !text.contains { $0.isNewline }
  }

  /// Whether it looks as if it had been drawn by lot: long, of several kinds of characters, and not
  /// made of words like a name.
  private static func isRandom(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 8, !bytes.contains(where: { $0 <= 0x20 || $0 >= 0x7F }) else {
      return false
    }
    var kinds: Set<Int> = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): kinds.insert(0)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): kinds.insert(1)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): kinds.insert(2)
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): break
      default: kinds.insert(3)
      }
    }
    guard kinds.count >= 2, Set(bytes).count >= 6 else { return false }
    // Names of objects, and paths: words with hyphens and now and then a digit.
    let parts = text.split { "-._/".contains($0) }
    let isName =
      parts.count > 1
      && parts.allSatisfy { part in
        part.allSatisfy(\.isLetter) || part.allSatisfy(\.isNumber) || part.count <= 3
      }
    return !isName
  }

  private static let standIns: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "default", "disabled",
    "enabled", "required", "optional", "redacted", "unset", "todo", "replaceme", "replace_me",
    "replace-me", "tbd", "auto", "prompt", "always", "never",
  ]

  /// Whether it stands for something that is filled in or read elsewhere.
  private static func isStandIn(_ text: String) -> Bool {
    let lower = text.lowercased()
    if standIns.contains(lower) { return true }
    for mark in ["$(", "${", "{{", "<", "%s", "***", "xxx"] where lower.contains(mark) {
      return true
    }
    if lower.hasPrefix("$") || lower.hasPrefix("enc[") || lower.hasPrefix("arn:") { return true }
    if lower.hasPrefix("your-") || lower.hasPrefix("your_") { return true }
    if Set(lower).count == 1 { return true }
    // References of secret stores, addresses, and files.
    if lower.contains("://") || lower.hasPrefix("vault:") || lower.hasPrefix("secret:") {
      return true
    }
    for start in ["/", "./", "../", "~/"] where lower.hasPrefix(start) { return true }
    return lower.hasPrefix("projects/") || lower.hasSuffix(".pem") || lower.hasSuffix(".key")
      || lower.hasSuffix(".txt") || lower.hasSuffix(".json")
  }

  /// `scheme://user:password@host`.
  private static func hasPasswordInAddress(_ text: String) -> Bool {
    guard text.holds("://"), text.holds("@") else { return false }
    var rest = text[...]
    while let mark = rest.firstIndex(of: ":") {
      let after = rest[rest.index(after: mark)...]
      guard after.hasPrefix("//") else {
        rest = after
        continue
      }
      let place = after.dropFirst(2)
      let authority = place.prefix { !$0.isWhitespace && !"/?#\"'`".contains($0) }
      rest = place
      guard let at = authority.lastIndex(of: "@") else { continue }
      let user = authority[..<at]
      guard let colon = user.firstIndex(of: ":") else { continue }
      let password = String(user[user.index(after: colon)...])
      if password.utf8.count >= 3, !isStandIn(password) { return true }
    }
    return false
  }

  /// Whether a text of several lines can hold anything; most do not.
  private static func mayHold(_ text: String) -> Bool {
    mayPromise(text) || text.holds("://") || text.holds("-----BEGIN")
      || text.holds("hooks.slack.com")
      || text.withBytes { bytes in
        var count = 0
        for byte in bytes {
          count = isWordByte(byte) ? count + 1 : 0
          if count >= issuedCountMin { return true }
        }
        return false
      }
  }

  // MARK: - Issued ones

  /// How the credentials of well-known issuers begin, how long they go on at least, and what they
  /// are.
  private static let issuers: [(prefix: String, length: Int, title: String)] = [
    ("AKIA", 16, "an AWS access key"), ("ASIA", 16, "an AWS access key"),
    ("ghp_", 36, "a GitHub token"), ("gho_", 36, "a GitHub token"),
    ("ghu_", 36, "a GitHub token"), ("ghs_", 36, "a GitHub token"),
    ("ghr_", 36, "a GitHub token"), ("github_pat_", 22, "a GitHub token"),
    ("glpat-", 20, "a GitLab token"), ("gldt-", 20, "a GitLab token"),
    ("xoxb-", 20, "a Slack token"), ("xoxp-", 20, "a Slack token"),
    ("xoxa-", 20, "a Slack token"), ("xoxs-", 20, "a Slack token"),
    ("sk_live_", 16, "a Stripe key"), ("rk_live_", 16, "a Stripe key"),
    ("sk_test_", 16, "a Stripe key"), ("AIza", 35, "a Google API key"),
    ("ya29.", 20, "a Google token"), ("npm_", 36, "an npm token"),
    ("pypi-AgEI", 50, "a PyPI token"), ("dckr_pat_", 20, "a Docker token"),
    ("hvs.", 24, "a Vault token"), ("dop_v1_", 64, "a DigitalOcean token"),
    ("shpat_", 32, "a Shopify token"), ("SG.", 40, "a SendGrid key"),
    ("sk-ant-", 24, "an Anthropic key"), ("sk-proj-", 24, "an OpenAI key"),
  ]

  /// How long a word is that an issuer made, at least.
  private static let issuedCountMin = 20

  /// Whose credential stands anywhere in the text.
  private static func issued(_ text: String) -> String? {
    if text.utf8.count < issuedCountMin { return nil }
    if text.holds("-----BEGIN"), isPrivateKey(text) { return "a private key" }
    if isWebhook(text) { return "an address that anybody may post to" }
    return text.withBytes { bytes in
      var start = 0
      while start < bytes.count {
        var end = start
        while end < bytes.count, isWordByte(bytes[end]) { end += 1 }
        if end - start >= issuedCountMin, let title = issued(word: Array(bytes[start..<end])) {
          return title
        }
        start = end + 1
      }
      return nil
    }
  }

  /// Whether a Slack webhook is in it: who knows its address needs nothing else.
  private static func isWebhook(_ text: String) -> Bool {
    guard text.holds("hooks.slack.com") else { return false }
    return text.split { " \"'\n".contains($0) }.contains { word in
      let parts = word.split(separator: "/")
      guard let host = parts.firstIndex(of: "hooks.slack.com"), parts.count >= host + 5 else {
        return false
      }
      return parts[host + 1] == "services" && parts[host + 4].utf8.count >= 20
        && Set(parts[host + 4]).count >= 6
    }
  }

  private static func isPrivateKey(_ text: String) -> Bool {
    for kind in ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", "PGP "] {
      let block = kind == "PGP " ? " BLOCK-----" : "-----"
      if text.contains("-----BEGIN \(kind)PRIVATE KEY\(block)") { return true }
    }
    return false
  }

  private static func issued(word: [UInt8]) -> String? {
    for (prefix, length, title) in issuers where word.starts(with: prefix.utf8) {
      let rest = word.dropFirst(prefix.utf8.count)
      guard rest.count >= length else { continue }
      if prefix == "AKIA" || prefix == "ASIA" {
        let isPlain = rest.allSatisfy { isUpper($0) || isDigit($0) }
        if rest.count != length || !isPlain { continue }
      }
      if Set(rest).count >= 6 { return title }
    }
    let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isSigned =
      parts.count == 3 && parts[0].starts(with: "eyJ".utf8) && parts[1].starts(with: "eyJ".utf8)
      && parts[2].count >= 16
    return isSigned ? "a signed token" : nil
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isUpper(byte) || isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func isUpper(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension CredentialText {
  /// Looks through a text of several lines: settings, or a script.
  ///
  /// - Returns: what was found and what it is called, the first one.
  static func find(inLines text: String) -> (kind: String, name: String?)? {
    guard mayHold(text) else { return nil }
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      guard let first = line.first, !"#;!".contains(first), !line.hasPrefix("//") else { continue }
      let setting = setting(in: line)
      let name = setting?.name
      // In a file a poor password may as well be the name of a field, a template or a default.
      if let setting, let kind = kind(of: setting.value, named: name),
        isRandom(setting.value) || kind != "a password"
      {
        return (kind, name)
      }
      if let kind = kind(of: String(line), named: nil) { return (kind, nil) }
    }
    return nil
  }

  /// A line of the form `name = value` or `name: value`.
  private static func setting(in line: Substring) -> (name: String, value: String)? {
    guard let mark = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
    let trim: (Character) -> Bool = { $0.isWhitespace || "\"',;".contains($0) }
    var name = line[..<mark].drop(while: trim)
    while let last = name.last, trim(last) { name.removeLast() }
    if name.hasPrefix("export ") { name = name.dropFirst(7) }
    var value = line[line.index(after: mark)...].drop(while: trim)
    while let last = value.last, trim(last) { value.removeLast() }
    guard !name.isEmpty, !value.isEmpty, name.utf8.count <= 64,
      !name.contains(where: \.isWhitespace), !value.contains(where: \.isWhitespace)
    else { return nil }
    return (String(name), String(value))
  }
}
