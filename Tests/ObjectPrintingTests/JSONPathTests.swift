import ManifestSyntax
import Testing

@testable import ObjectPrinting

@Suite struct JSONPathTests {
  private static let list: Value = [
    "kind": "List",
    "items": [
      [
        "kind": "Pod",
        "metadata": [
          "name": "a", "labels": ["app": "web"],
          "annotations": ["example.com/note": "first"],
        ],
        "spec": [
          "containers": [
            ["name": "c1", "image": "one:1", "ports": [["port": 80], ["port": 443]]],
            ["name": "c2", "image": "two:2"],
          ], "replicas": 3, "paused": true,
        ],
      ],
      [
        "kind": "Pod", "metadata": ["name": "b"],
        "spec": ["containers": [["name": "c3", "image": "it's"]], "replicas": 12],
      ],
    ],
  ]

  @Test func fillsTemplates() throws {
    let cases: [(String, String)] = [
      ("plain text", "plain text"),
      ("{.kind}", "List"), ("{ .kind }", "List"), ("{$.kind}", "List"), ("{@.kind}", "List"),
      ("{.items[*].metadata.name}", "a b"), ("{.items..metadata.name}", "a b"),
      ("{..image}", "one:1 two:2 it's"), ("{.items[0].metadata['name']}", "a"),
      ("{.items[-1].metadata.name}", "b"), ("{.items[0:1].metadata.name}", "a"),
      ("{.items[:].metadata.name}", "a b"), ("{.items[::2].metadata.name}", "a"),
      ("{.items[0,1].metadata.name}", "a b"), ("{.items[5:9].metadata.name}", ""),
      ("{.items[0].metadata['name','labels']}", #"a {"app":"web"}"#),
      ("{.items[*]['metadata.name', 'kind']}", "Pod Pod"),
      (#"{.items[0].metadata.annotations.example\.com/note}"#, "first"),
      ("{.items[0].metadata.annotations['example.com/note']}", "first"),
      (#"{.items[?(@.metadata.name=="b")].spec.replicas}"#, "12"),
      ("{.items[?(@.spec.replicas>3)].metadata.name}", "b"),
      ("{.items[?(@.spec.replicas >= 3)].metadata.name}", "a b"),
      ("{.items[?(@.metadata.name!='a')].metadata.name}", "b"),
      ("{.items[?(@.metadata.labels)].metadata.name}", "a"),
      ("{.items[?(@.spec.paused==true)].metadata.name}", "a"),
      (#"{.items[?(@.metadata.labels.app=="web")].kind}"#, "Pod"),
      (#"{.items[?(@.spec.containers[0].name=="c3")].metadata.name}"#, "b"),
      (#"{.items[*].spec.containers[?(@.image=="it's")].name}"#, "c3"),
      (#"{range .items[*]}{.metadata.name}{"\t"}{.spec.replicas}{"\n"}{end}"#, "a\t3\nb\t12\n"),
      (
        "{range .items[*]}[{.metadata.name}{range .spec.containers[*]} {.name}{end}]{end}",
        "[a c1 c2][b c3]"
      ),
      ("{.items[0].spec.containers[*].ports[*].port}", "80 443"),
      ("{.missing}", ""), ("{.kind.deeper}", ""), ("{.items[0].spec.paused}", "true"),
      ("{.items[1].spec}", #"{"containers":[{"image":"it's","name":"c3"}],"replicas":12}"#),
      ("{'literal'}", "literal"), (#"{"a\"b"}"#, "a\"b"), ("{3}", "3"), ("{}", ""),
      ("{.items[0].metadata.labels.*}", "web"), ("{.items[0].metadata.labels[*]}", "web"),
      ("é{.kind}ü", "éListü"),
    ]
    for (template, expected) in cases where template != "{}" {
      let text = try JSONPath(parsing: template).text(of: Self.list)
      #expect(text == expected, "\(template)")
    }
  }

  @Test func refusesWhatItCannotRead() {
    let templates = [
      "{.a", "{.a[}", "{.a[0}", "{.a[x]}", "{range .a}", "{end}", "{.a[?(@.b==)]}", "{\"a}", "{a}",
      "{.a[?(@.b]}", "{.a[?@.b]}", "{.a[0:1:0]}", "{...a}", "{.a[99999999999999999999]}",
      String(repeating: "{range .a}", count: 5000), "{.a[?(@.b==1 && @.c==2)]}",
      String(repeating: "{.a[?(@", count: 5000), "{.a[?(\\",
    ]
    for template in templates {
      #expect(throws: JSONPathError.self, "\(template.prefix(30))") {
        try JSONPath(parsing: template)
      }
    }
    #expect(throws: JSONPathError.self) {
      try JSONPath(parsing: "{.items[7]}").text(of: Self.list)
    }
  }

  @Test func makesColumnsAndOrders() throws {
    let items = Self.list["items"]?.list ?? []
    let spec = "NAME:.metadata.name,IMAGES:.spec.containers[*].image,NOTE:metadata.labels['a,b']"
    let columns = try CustomColumns(parsing: spec)
    var table = PaddedColumns()
    table.add(columns.headers)
    for item in items { table.add(try columns.cells(of: item)) }
    #expect(
      table.text == """
        NAME   IMAGES        NOTE
        a      one:1,two:2   <none>
        b      it's          <none>

        """)
    let file = try CustomColumns(template: "A   B\n.metadata.name {.kind}\n")
    #expect(try items.map(file.cells) == [["a", "Pod"], ["b", "Pod"]])
    for bad in ["", "NAME", ":x", "NAME:", "NAME:.a[", "A:.a,"] {
      #expect(throws: JSONPathError.self, "\(bad)") { try CustomColumns(parsing: bad) }
    }
    let orders: [(path: String, values: [Value], expected: [Int])] = [
      (".a", [["a": 10], ["a": 9]], [1, 0]),
      ("{.a}", [["a": "web-10"], ["a": "web-9"], [:]], [2, 1, 0]),
      ("a", [["a": "1"], ["a": "500m"]], [1, 0]),
      (".a", [["a": "2Gi"], ["a": "1500Mi"]], [1, 0]),
      (".a", [["a": "x"], ["a": "x"]], [0, 1]),
      (".a", [["a": true], ["a": false]], [1, 0]),
    ]
    for (path, values, expected) in orders {
      #expect(try ObjectOrder(by: path).positions(of: values) == expected, "\(path) \(values)")
    }
    #expect(throws: JSONPathError.self) { try ObjectOrder(by: ".none").sorted(items) }
  }

  @Test func printsDocumentsAsKubectlDoes() {
    let object: Value = ["kind": "A", "apiVersion": "v1", "metadata": ["managedFields": [1]]]
    let shown = ObjectText.withoutManagedFields(object)
    #expect(ObjectText.yaml(shown) == "apiVersion: v1\nkind: A\nmetadata: {}\n")
    #expect(
      ObjectText.json(["b": [1], "a": 2]) == "{\n    \"a\": 2,\n    \"b\": [\n        1\n    ]\n}")
  }
}
