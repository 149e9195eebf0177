import ManifestSchema
import Testing

struct SelectorTests {
  @Test func labelSelectorsReadPrintAndMatch() throws {
    let web = ["app": "web", "tier": "front", "size": "5"]
    let cases: [(String, String, Bool)] = [
      ("", "", true), ("app=web", "app=web", true), ("app == web", "app=web", true),
      ("app!=web", "app!=web", false), ("x!=y", "x!=y", true), ("app", "app", true),
      ("!app", "!app", false), ("! x", "!x", true), ("app in (db, web)", "app in (db,web)", true),
      ("app notin (db,web)", "app notin (db,web)", false), ("x notin (a)", "x!=a", true),
      ("app=web,tier in (back),!x", "app=web,tier=back,!x", false), ("size>4", "size>4", true),
      ("size<5", "size<5", false), ("tier>1", "tier>1", false), ("x<9", "x<9", false),
      ("app=", "app=", false), ("x in ()", "x=", false), ("app in (,web)", "app in (,web)", true),
      ("example.com/a=b", "example.com/a=b", false), ("in in (in)", "in=in", false),
    ]
    for (text, printed, matches) in cases {
      let selector = try LabelSelector(parsing: text)
      #expect(selector.description == printed, "\(text)")
      #expect(selector.matches(web) == matches, "\(text)")
      let again = try LabelSelector(parsing: selector.description)
      #expect(again.description == selector.description, "\(text) read again")
    }
    let wrong = [
      ",", "a,", ",a", "a=b c", "=b", "!", "a in", "a in (", "a in b", "a in (b", "a in (b c)",
      "a>b",
      "a==b==c", "-a=b", "a=-b", "a=b!", "a/b/c=d", "a !b", "a notin", "a>", "((a)", "é=b",
    ]
    for text in wrong {
      #expect(throws: LabelSelector.ParseError.self, "\(text)") {
        try LabelSelector(parsing: text)
      }
    }
    let selector = LabelSelector(
      matchLabels: ["b": "2", "a": "1"],
      matchExpressions: [LabelSelector.Requirement("c", .exists)])
    #expect(selector.description == "a=1,b=2,c")
    #expect(selector.matches(["a": "1", "b": "2", "c": ""]))
    #expect(!selector.matches(["a": "1", "b": "2"]))
    #expect(LabelSelector().matches([:]))
  }

  @Test func fieldSelectorsReadPrintAndMatch() throws {
    let fields = ["metadata.name": "web", "status.phase": "Running", "x": "a,b=c\\"]
    let cases: [(String, String, Bool)] = [
      ("", "", true), ("metadata.name=web", "metadata.name=web", true),
      ("metadata.name==db", "metadata.name=db", false),
      ("status.phase!=Failed,metadata.name=web", "status.phase!=Failed,metadata.name=web", true),
      ("x=a\\,b\\=c\\\\", "x=a\\,b\\=c\\\\", true), ("missing=", "missing=", true),
      ("missing!=", "missing!=", false), (",a=,", "a=", true),
    ]
    for (text, printed, matches) in cases {
      let selector = try #require(FieldSelector(parsing: text), "\(text)")
      #expect(selector.description == printed, "\(text)")
      #expect(selector.matches(fields) == matches, "\(text)")
    }
    for text in ["a", "a!b", "a=b\\", "a=\\b", "a=b=c", "=b=c"] {
      #expect(FieldSelector(parsing: text) == nil, "\(text)")
    }
  }
}
