import FleetConfig
import FleetModel
import Testing

/// The form of a file is the same whatever is in it; manifests, whose keys are free, show
/// it best.
struct YAMLFormTests {
    @Test func `a syntax error is placed`() {
        #expect(
            Complaint.manifest("a: [1, 2\nb: 3") == """
                error: this isn't YAML: did not find expected ',' or ']'
                  at a.yaml:2:2
                """)
    }

    @Test func `a tab in the indentation is called one`() {
        #expect(
            Complaint.manifest("a:\n\t- b") == """
                error: a tab can't indent YAML
                  at a.yaml:2:1
                hint: indent with spaces
                """)
    }

    @Test(arguments: ["", "\n", "# nothing\n", "---\n", "~", "null\n", "\u{FEFF}"])
    func `an empty file is said to be empty`(text: String) {
        #expect(
            Complaint.manifest(text) == """
                error: the file is empty
                  at a.yaml:1:1
                hint: fill it, or remove it
                """)
    }

    @Test func `a second document is placed`() {
        #expect(
            Complaint.manifest("a: 1\n---\nb: 2\n") == """
                error: the file has more than one YAML document
                  at a.yaml:3:1
                hint: put what follows `---` into a file of its own
                """)
    }

    @Test func `bytes that are not UTF-8 are placed after the last good character`() {
        #expect(
            Complaint.manifest(bytes: Array("a: 1\nb: é".utf8) + [0xC3, 0x28]) == """
                error: the file isn't UTF-8 text
                  at a.yaml:2:5
                hint: save it as UTF-8
                """)
    }

    @Test func `a control character is named and placed`() {
        #expect(
            Complaint.manifest("a: 1\nb: x\u{7}") == """
                error: the control character U+0007 can't be used in YAML
                  at a.yaml:2:5
                hint: remove it
                """)
    }

    @Test func `a byte order mark before UTF-8 is nothing to complain of`() throws {
        let files = MemoryFiles(["a.yaml": "\u{FEFF}clusters: [{name: a}]"])
        #expect(try InventoryReader(files: files).read("a.yaml").value.clusters.count == 1)
    }

    @Test func `an anchor is refused where it is set`() {
        #expect(
            Complaint.inventory("clusters: [{name: a, labels: &base {tier: edge}}]") == """
                error: the YAML anchor "&base" can't be used
                  at fleet.yaml:1:30
                hint: write the value out in each place that needs it
                """)
    }

    @Test func `an alias of nothing is refused`() {
        #expect(Complaint.manifest("a: *b")?.hasPrefix("error: YAML aliases such as") == true)
    }

    @Test func `a merge key is refused`() {
        #expect(
            Complaint.inventory("clusters: [{name: a, <<: {order: 1}}]") == """
                error: the YAML merge key `<<` can't be used
                  at fleet.yaml:1:22
                hint: write the merged keys out
                """)
    }

    @Test func `a tag is refused`() {
        #expect(
            Complaint.inventory("clusters: [{name: a, order: !!int \"1\"}]") == """
                error: the YAML tag "tag:yaml.org,2002:int" can't be used
                  at fleet.yaml:1:29
                hint: remove it
                """)
    }

    @Test func `a key given twice in disguise is found too`() {
        #expect(
            Complaint.manifest("\"\\x61\": 1\na: 2") == """
                error: the key `a` is given twice
                  at a.yaml:1:1
                hint: keep one of the two
                """)
    }

    @Test func `a file full of keys given twice is refused after a few`() {
        let text = (0..<200).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        #expect(Complaint.manifest(text)?.contains("is given twice") == true)
    }

    @Test func `a list as a key is refused`() {
        #expect(Complaint.manifest("[a]: 1")?.contains("a key should be text") == true)
    }

    /// Each level holds the one before it nine times: 9^9 values in 300 bytes.
    private var bomb: String {
        let levels = (1...9).map { level in
            let before = Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ",")
            return "l\(level): &l\(level) [\(before)]"
        }
        return (["l0: &l0 x"] + levels).joined(separator: "\n")
    }

    @Test func `a bomb of aliases is refused unread`() {
        #expect(Complaint.manifest(bomb)?.contains("YAML aliases such as `*name` can't") == true)
    }

    /// Yams hashes keys, and a hash follows aliases.
    @Test func `a bomb of aliases in a key is refused unread`() {
        let complaint = Complaint.manifest(bomb + "\n? [*l9, *l9]\n: x")
        #expect(complaint?.contains("YAML aliases such as `*name` can't") == true)
    }

    @Test func `a bomb of few aliases is refused at its first anchor`() {
        let text = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]"
        #expect(Complaint.manifest(text)?.contains("the YAML anchor \"&a\" can't") == true)
    }

    @Test(arguments: ["[", "- ", "? ", "{a: ", "[? "])
    func `nesting without end is refused`(opening: String) {
        let complaint = Complaint.manifest(String(repeating: opening, count: 100_000))
        #expect(complaint?.contains("this is nested deeper than the 64 levels") == true)
    }

    @Test func `nesting that YAML still takes is refused by our own limit`() {
        let text = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(Complaint.manifest(text)?.contains("deeper than the 64 levels") == true)
    }

    @Test func `a file that is too large is refused unread`() {
        let complaint = Complaint.manifest(bytes: Array(repeating: 0x20, count: 9 << 20))
        #expect(complaint?.contains("more than the 8388608 that are read") == true)
    }

    @Test func `text that only looks like an alias is text`() {
        let text = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            data: {host: "*.example.com", schedule: "*/5 * * * *"}
            """
        #expect(Complaint.manifest(text) == nil)
    }

    @Test func `a mistake shows no more of a text than helps`() {
        let complaint = Complaint.inventory(
            "clusters: [{name: a, order: \"\(String(repeating: "x", count: 500))\\e[31m\"}]")
        #expect(complaint?.contains(String(repeating: "x", count: 61)) == false)
        #expect(complaint?.unicodeScalars.contains("\u{1B}") == false)
    }
}
