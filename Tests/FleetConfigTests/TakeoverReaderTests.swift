import FleetConfig
import FleetModel
import Testing

struct TakeoverReaderTests {
    private let manifest = "apiVersion: v1\nkind: Thing\nmetadata:\n  name: a\nspec: {b: 1}"

    @Test func `every key of a takeover is read, and its manifests become canonical JSON`() throws {
        let files = MemoryFiles([
            "Takeovers/gloo.yaml": """
            takeover: istio-1-25
            runbook: gloo
            revision: 1-25
            version: 1.25.3-solo
            oldRevision: 1-24
            parameters: {probeHold: 60s, restart: {first: [a, b]}, limit: 3}
            manifests: {controlPlane: manifests/istiod.yaml}
            """,
            "Takeovers/manifests/istiod.yaml": manifest,
        ])
        let takeover = try TakeoverReader(files: files, runbooks: [.gloo]).read(
            "Takeovers/gloo.yaml"
        ).value
        let expected = Takeover(
            name: "istio-1-25", runbook: "gloo", revision: "1-25", version: "1.25.3-solo",
            oldRevision: "1-24",
            parameters: [
                "probeHold": "60s", "restart": ["first": ["a", "b"]], "limit": 3,
            ],
            manifests: [
                "controlPlane":
                    #"{"apiVersion":"v1","kind":"Thing","metadata":{"name":"a"},"spec":{"b":1}}"#
            ])
        #expect(takeover == expected)
    }

    @Test func `a runbook can place its complaint about a parameter or a manifest`() throws {
        let files = MemoryFiles([
            "gloo.yaml": heading
                + "parameters:\n  restart: {first: [a]}\nmanifests: {controlPlane: m.yaml}",
            "m.yaml": manifest,
        ])
        let sources = try TakeoverReader(files: files, runbooks: [.gloo]).read("gloo.yaml").sources
        #expect(sources["parameters", "restart", "first", "0"]?.description == "gloo.yaml:6:21")
        #expect(sources["parameters", "restart", "last"]?.description == "gloo.yaml:6:12")
        #expect(sources["content", "controlPlane", "spec", "b"]?.description == "m.yaml:5:11")
    }

    @Test func `a manifest that is not there is placed where it is named`() {
        #expect(
            Complaint.takeover(heading + "manifests: {controlPlane: nowhere.yaml}") == """
                error: "nowhere.yaml" can't be read: there is no such file
                  at gloo.yaml:5:27
                """)
    }

    @Test func `a mistake in a manifest is placed in the manifest`() {
        let complaint = Complaint.takeover(
            heading + "manifests: {controlPlane: m.yaml}",
            manifests: ["m.yaml": manifest + "\nextra: yes"])
        #expect(complaint?.contains("  at m.yaml:6:8\n") == true)
    }

    @Test func `a revision that is the old one is refused`() {
        #expect(
            Complaint.takeover(heading + "oldRevision: 1-25") == """
                error: `revision` is the old revision "1-25" again
                  at gloo.yaml:3:11
                hint: give the new control plane a revision of its own, such as `1-25`
                """)
    }

    @Test(arguments: [
        ("1.25", "`revision` should be at most 63 lower-case letters, digits or `-`"),
        ("Rev", "`revision` should be at most 63 lower-case letters, digits or `-`"),
        ("a-", "`revision` should be at most 63 lower-case letters, digits or `-`"),
        (String(repeating: "a", count: 64), "`revision` should be at most 63 lower-case"),
        ("auto", "`revision` can't be \"auto\""),
        ("default", "`revision` is the old revision \"default\" again"),
    ])
    func `a revision that can't be is refused`(revision: String, problem: String) throws {
        let text = "takeover: a\nrunbook: gloo\nrevision: \(revision)\nversion: 1.25.3"
        #expect(try #require(Complaint.takeover(text)).contains("error: \(problem)"))
    }

    @Test(arguments: [
        ("runbook: gloop", "`runbook` should be `gloo`, got: \"gloop\""),
        ("version: 1.25/3", "`version` should be an image tag"),
        ("revison: a", "the takeover has no key `revison`"),
        ("parameters: [a]", "`parameters` should be a mapping, got: a list"),
        ("parameters: {a: {b: yes}}", "\"yes\" means different things"),
        ("parameters: {a: {b: 1, b: 2}}", "the key `b` is given twice"),
        ("manifests: {a: [b]}", "`a` should be one line of text, got: a list"),
        ("takeover: a b", "`takeover` should be at most 100 letters"),
    ])
    func `a takeover that can't be is said in one clause`(line: String, problem: String) throws {
        let key = line.prefix { $0 != ":" }
        let lines = heading.split(separator: "\n").filter { !$0.hasPrefix(key) }
        let text = (lines + [Substring(line)]).joined(separator: "\n")
        #expect(try #require(Complaint.takeover(text)).contains("error: \(problem)"))
    }

    @Test func `a control plane that is changed in its place keeps its revision`() throws {
        let heading = "takeover: a\nrunbook: bigbang\nversion: 1.25.2\n"
        let files = MemoryFiles([
            "same.yaml": heading + "revision: default", "other.yaml": heading + "revision: 1-25",
        ])
        let reader = TakeoverReader(files: files, runbooks: [.bigBang])
        #expect(try reader.read("same.yaml").value.revision == "default")
        let error = #expect(throws: ConfigurationErrors.self) { try reader.read("other.yaml") }
        let words = try #require(error.map { "\($0)" })
        #expect(words.contains("the runbook changes \"default\" in its place"), "\(words)")
    }

    @Test func `a runbook that may change a control plane in its place takes both`() throws {
        let heading = "takeover: a\nrunbook: sail\nversion: 1.28.0\n"
        let files = MemoryFiles([
            "same.yaml": heading + "revision: default",
            "other.yaml": heading + "revision: default-v1-28-0",
        ])
        let reader = TakeoverReader(files: files, runbooks: [.sail])
        #expect(try reader.read("same.yaml").value.revision == "default")
        #expect(try reader.read("other.yaml").value.revision == "default-v1-28-0")
    }

    private let heading = "takeover: a\nrunbook: gloo\nrevision: 1-25\nversion: 1.25.3-solo\n"
}
