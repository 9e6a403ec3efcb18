import FleetConfig
import FleetModel
import Testing

struct InventoryMistakeTests {
    @Test func `an unknown bastion is named, placed and answered`() {
        let complaint = Complaint.inventory(
            """
            bastions: [{name: ams-jump, host: a}, {name: fra-jump-1, host: f}]
            clusters:
              - name: edge-012
                bastion: fra-jump
            """)
        #expect(
            complaint == """
                error: cluster "edge-012" names bastion "fra-jump", which isn't in the inventory
                  at fleet.yaml:4:14
                hint: the inventory has ams-jump, fra-jump-1
                """)
    }

    @Test func `a default that leads nowhere is one mistake, not one for every cluster`() {
        let complaint = Complaint.inventory(
            """
            defaults: {management: mgmt-1}
            clusters: [{name: a}, {name: b}]
            """)
        #expect(
            complaint == """
                error: `defaults` names management cluster "mgmt-1", which isn't in the inventory
                  at fleet.yaml:1:24
                hint: add "mgmt-1" under `management:`
                """)
    }

    @Test func `a workload cluster is no management cluster`() {
        let complaint = Complaint.inventory("clusters: [{name: a}, {name: b, management: a}]")
        #expect(complaint?.contains("names management cluster \"a\", which isn't") == true)
    }

    @Test func `an unknown key is answered with the nearest known one`() {
        #expect(
            Complaint.inventory("clusters: [{name: a, contxet: b}]") == """
                error: cluster "a" has no key `contxet`
                  at fleet.yaml:1:22
                hint: did you mean `context`?
                """)
    }

    @Test func `an unknown key like no other is answered with all of them`() {
        #expect(
            Complaint.inventory("clusters: [{name: a}]\nregions: {eu: {jumphost: b}}") == """
                error: region "eu" has no key `jumphost`
                  at fleet.yaml:2:16
                hint: the keys are `bastion`
                """)
    }

    @Test func `a name given twice is placed in both files`() {
        let files = MemoryFiles([
            "Inventory/a.yaml": "clusters:\n  - name: edge-01",
            "Inventory/b.yaml": "management:\n  - name: edge-01",
        ])
        let complaint = errors { () throws(ConfigurationErrors) in
            try InventoryReader(files: files).read("Inventory")
        }
        #expect(
            complaint?.description == """
                error: cluster "edge-01" is listed twice, first at Inventory/a.yaml:2:11
                  at Inventory/b.yaml:2:11
                """)
    }

    @Test func `a key given twice is placed where it comes again`() {
        #expect(
            Complaint.inventory("clusters:\n  - name: a\n    order: 1\n    order: 2") == """
                error: the key `order` is given twice, first at fleet.yaml:3:5
                  at fleet.yaml:4:5
                hint: keep one of the two
                """)
    }

    @Test func `a free key given three times is two mistakes`() {
        let complaint = Complaint.inventory(
            "clusters: [{name: a, labels: {tier: x, 'tier': y, \"tier\": z}}]")
        #expect(complaint?.contains("1:40\n") == true)
        #expect(complaint?.contains("1:51\n") == true)
        #expect(complaint?.hasSuffix("2 mistakes in 1 file.") == true)
    }

    @Test func `keys given twice do not hide other mistakes`() {
        let complaint = Complaint.inventory(
            """
            clusters:
              - {name: a, order: 1, order: 2}
              - {name: b, nme: c}
              - {name: c, order: soon, order: later}
            """)
        #expect(complaint?.hasSuffix("4 mistakes in 1 file.") == true)
    }

    @Test(arguments: [
        ("clusters: {name: a}", "`clusters` should be a list, got: a mapping"),
        ("clusters: [a]", "`clusters` should be a mapping, got: \"a\""),
        ("clusters: [{context: a}]", "cluster needs the key `name`"),
        ("clusters: [{name: }]", "`name` should be given a value or left out, got: nothing"),
        ("clusters: [{name: a, order: \"1\"}]", "`order` should be a whole number, got: \"1\""),
        ("clusters: [{name: a, order: 010}]", "`order` should be a whole number, got: 010"),
        ("clusters: [{name: a, order: -1}]", "`order` should be at least 0, got: -1"),
        ("clusters: [{name: a, hold: true}]", "`hold` should be the reason in words, got: true"),
        (
            "clusters: [{name: a, waivers: {P07: true}}]",
            "`P07` should be the reason in words, got: true"
        ),
        (
            "clusters: [{name: a, waivers: {all: x}}]",
            "`all` is not the number of a preflight check"
        ),
        ("clusters: [{name: a, waivers: [P07]}]", "`waivers` should be a mapping, got: a list"),
        ("clusters: [{name: a, labels: [b]}]", "`labels` should be a mapping, got: a list"),
        ("clusters: [{name: a, labels: {b: [c]}}]", "`b` should be one line of text, got: a list"),
        ("clusters: [{name: a/b}]", "`name` should be at most 100 letters, digits, `.`, `_` or"),
        ("clusters: [{name: a, tools: {kubctl: b}}]", "`tools` has no key `kubctl`"),
        ("management: [{name: a, order: 1}]", "management cluster \"a\" has no key `order`"),
        ("defaults: {hold: x}\nclusters: [{name: a}]", "`defaults` has no key `hold`"),
        ("regions: {a: {bastion: b}}\nclusters: []", "region \"a\" names bastion \"b\", which"),
        ("clusters: []", "the inventory in \"fleet.yaml\" has no clusters"),
        ("[a]", "`the inventory` should be a mapping, got: a list"),
        (
            "clusters: [{name: a, region: x, labels: {region: y}}]",
            "cluster \"a\" is in region \"x\", but its label `region` says \"y\""
        ),
    ])
    func `what can't be is said in one clause`(text: String, problem: String) throws {
        #expect(try #require(Complaint.inventory(text)).contains("error: \(problem)"))
    }

    @Test func `bastions in a circle are shown with the circle`() {
        let complaint = Complaint.inventory(
            """
            clusters: [{name: x}]
            bastions:
              - {name: a, host: a, via: b}
              - {name: b, host: b, via: a}
              - {name: c, host: c, via: a}
            """)
        #expect(
            complaint == """
                error: bastion "a" is reached through itself: a → b → a
                  at fleet.yaml:3:29

                error: bastion "b" is reached through itself: b → a → b
                  at fleet.yaml:4:29

                2 mistakes in 1 file.
                """)
    }

    @Test func `two names for one context are a mistake`() {
        let complaint = Complaint.inventory(
            "clusters:\n  - {name: a, context: x}\n  - {name: b, context: x}")
        #expect(
            complaint == """
                error: clusters "a" and "b" have the same `context`, so they would be one cluster
                  at fleet.yaml:3:24
                """)
    }

    @Test func `one context name in two kubeconfigs is two clusters`() {
        let complaint = Complaint.inventory(
            "clusters: [{name: a, context: x, kubeconfig: k}, {name: b, context: x}]")
        #expect(complaint == nil)
    }

    @Test func `two clusters can't be registered under one name`() {
        let complaint = Complaint.inventory(
            """
            management: [{name: m}]
            defaults: {management: m}
            clusters: [{name: a}, {name: b, registeredName: a}]
            """)
        #expect(complaint?.contains("have the same `registeredName`") == true)
    }

    @Test func `a file that can't be read does not hide the mistakes of the others`() {
        var files = MemoryFiles(["Inventory/a.yaml": "clusters: [{nam: a}]"])
        files.files["Inventory/b.yaml"] = [0x61, 0xFF]
        let complaint = errors { () throws(ConfigurationErrors) in
            try InventoryReader(files: files).read("Inventory")
        }?.description
        #expect(
            complaint == """
                error: cluster needs the key `name`
                  at Inventory/a.yaml:1:12

                error: cluster has no key `nam`
                  at Inventory/a.yaml:1:13
                hint: did you mean `name`?

                error: the file isn't UTF-8 text
                  at Inventory/b.yaml:1:2
                hint: save it as UTF-8

                3 mistakes in 2 files.
                """)
    }

    @Test(arguments: [
        ("P99", "did you mean `P09` or `P19`?"), ("P8", "did you mean `P08` or `P18`?"),
        ("lock", "`bellwether preflight` shows the numbers; there are P08, P09, P18, P19, PG1"),
    ])
    func `a waiver for a check that nobody asks is refused`(number: String, hint: String) {
        let files = MemoryFiles(["fleet.yaml": "clusters: [{name: a, waivers: {\(number): why}}]"])
        let checks = ["P08", "P09", "P18", "P19", "PG1"]
        let complaint = errors { () throws(ConfigurationErrors) in
            try InventoryReader(files: files, checks: checks).read("fleet.yaml")
        }?.description
        #expect(
            complaint == """
                error: `\(number)` is not the number of a preflight check
                  at fleet.yaml:1:32
                hint: \(hint)
                """)
    }

    @Test func `an inventory that is not there is said so`() {
        let complaint = errors { () throws(ConfigurationErrors) in
            try InventoryReader(files: MemoryFiles([:])).read("Inventory")
        }?.description
        #expect(
            complaint == """
                error: "Inventory" can't be read: there is no such file or directory
                hint: name the directory with Inventory/ and Policies/ by `--project`
                """)
    }

    @Test func `bad configuration ends the process with 65`() {
        let error = errors { () throws(ConfigurationErrors) in
            try InventoryReader(files: MemoryFiles([:])).read("Inventory")
        }
        #expect(error?.exitCode == .badInput)
    }
}
