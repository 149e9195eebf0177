import Foundation
import InputFiles
import Testing

@Test func refusesToReplaceAFileThatChanged() throws {
  let scratch = try ScratchFolder()
  try scratch.write("a.yaml", "new: 1\n")
  let old = Array("old: 1\n".utf8)
  for known in [old, Array("new: 1".utf8), Array("new: 1\nmore: 1\n".utf8), []] {
    #expect(throws: FileReplacement.Refusal.changed(path: scratch["a.yaml"])) {
      try FileReplacement.replace(scratch["a.yaml"], holding: known, with: old)
    }
  }
  #expect(throws: FileReplacement.Refusal.self) {
    try FileReplacement.replace(scratch["nope.yaml"], holding: [], with: old)
  }
  #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["a.yaml"])
  #expect(try String(contentsOfFile: scratch["a.yaml"], encoding: .utf8) == "new: 1\n")
  try FileReplacement.replace(scratch["a.yaml"], holding: Array("new: 1\n".utf8), with: old)
  #expect(try String(contentsOfFile: scratch["a.yaml"], encoding: .utf8) == "old: 1\n")
}
