import FleetConfig
import FleetModel
import Testing

struct JSONFromYAMLTests {
    @Test func `scalars become what Kubernetes makes of them`() throws {
        let json = try read(
            """
            {a: 1, b: -2, c: 1.25, d: true, e: "true", f: ~, g: , h: x, i: "1", j: 1.25.3-solo,
             k: 2026-11-21, l: 1-25, m: 10.0.0.1, n: 15021:15021}
            """)
        let expected: JSON = [
            "a": 1, "b": -2, "c": 1.25, "d": true, "e": "true", "f": nil, "g": nil, "h": "x",
            "i": "1", "j": "1.25.3-solo", "k": "2026-11-21", "l": "1-25", "m": "10.0.0.1",
            "n": "15021:15021",
        ]
        #expect(json == expected)
    }

    @Test func `text blocks keep their lines`() throws {
        #expect(try read("a: |\n  x\n  y\n")["a"] == "x\ny\n")
    }

    @Test(arguments: [
        "yes", "No", "on", "OFF", "y", "True", "FALSE", "012", "0o17", "0x1F", "0b11", "1_000",
        "+1", "1e3", "1.10", ".5", "1:30", ".inf", ".NaN", "1.0e3",
        "12345678901234567890",
    ])
    func `a word that readers of YAML disagree on must be quoted`(word: String) throws {
        let text = object("a: \(word)")
        let complaint = try #require(Complaint.manifest(text))
        #expect(
            complaint.hasPrefix(
                "error: \"\(word)\" means different things to different readers of YAML"))
        #expect(Complaint.manifest(object("a: '\(word)'")) == nil)
    }

    @Test func `each value of a manifest can be found again`() throws {
        let files = MemoryFiles(["a.yaml": object("a: [x, {b: z}]")])
        let sources = try ManifestReader(files: files).read("a.yaml").sources
        #expect(sources["spec", "a", "1", "b"]?.description == "a.yaml:4:19")
    }

    @Test(arguments: ["$REPO", "${ISTIO_IMAGE}"])
    func `a placeholder that no shell filled in is found`(placeholder: String) {
        #expect(
            Complaint.manifest(object("hub: \(placeholder.quoted)")) == """
                error: the placeholder \(placeholder.quoted) was never filled in
                  at a.yaml:4:13
                hint: write the value itself: manifests go through no shell
                """)
    }

    @Test(arguments: ["$", "$(POD_NAME)", "a$REPO", "$9", "${}"])
    func `other dollars are left alone`(text: String) {
        #expect(Complaint.manifest(object("a: \(text.quoted)")) == nil)
    }

    @Test func `what is no Kubernetes object is said by what it lacks`() {
        #expect(
            Complaint.manifest("apiVersion: v1\nkind: 1\nmetadata: {name: a}") == """
                error: the manifest is no Kubernetes object: it has no text in `kind`
                  at a.yaml:1:1
                """)
    }

    private func object(_ spec: String) -> String {
        "apiVersion: v1\nkind: Thing\nmetadata: {name: a}\nspec: {\(spec)}"
    }

    private func read(_ spec: String) throws -> JSON {
        let indented = spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let text = "apiVersion: v1\nkind: Thing\nmetadata: {name: a}\nspec:\n\(indented)\n"
        let files = MemoryFiles(["a.yaml": text])
        return try ManifestReader(files: files).read("a.yaml").value["spec"] ?? .null
    }
}
