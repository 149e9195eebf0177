/// Short options with their value in one word, as people write them for kubectl: `-lapp=web`,
/// `-o=yaml`, `-ojsonpath={.kind}`.
///
/// The argument parser takes what stands before an equals sign for the name of an option, so such
/// words are parted first, for the commands that work on clusters.
enum JoinedOptions {
  private static let commands: Set<String> = [
    "get", "create", "delete", "patch", "replace", "scale", "label", "annotate", "export", "import",
  ]
  private static let letters: Set<Character> = ["f", "l", "L", "n", "o", "p"]

  /// The arguments with an option and its value in two words.
  static func parted(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, commands.contains(command) else { return arguments }
    var result: [String] = []
    var isOver = false
    for argument in arguments {
      if argument == "--" { isOver = true }
      guard !isOver, let (option, value) = parts(argument) else {
        result.append(argument)
        continue
      }
      result += [option, value]
    }
    return result
  }

  private static func parts(_ argument: String) -> (String, String)? {
    guard argument.count > 2, argument.hasPrefix("-") else { return nil }
    let letter = argument[argument.index(after: argument.startIndex)]
    guard letters.contains(letter) else { return nil }
    var value = argument.dropFirst(2)
    if value.first == "=" { value = value.dropFirst() }
    return ("-\(letter)", String(value))
  }
}
