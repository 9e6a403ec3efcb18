import FleetConfig
import FleetModel
import Testing

struct InventoryReaderTests {
    @Test func `a cluster of a name alone takes everything else from it`() throws {
        let fleet = try read("clusters: [{name: edge-01}]")
        #expect(fleet.clusters == [Cluster("edge-01")])
    }

    @Test func `every key of a cluster is read`() throws {
        let fleet = try read(
            """
            management: [{name: mgmt-1}]
            bastions: [{name: ams-jump, host: ams.example.net}]
            clusters:
              - name: edge-01
                context: admin@edge-01
                kubeconfig: edge.kubeconfig
                management: mgmt-1
                registeredName: edge-one
                region: eu-west
                labels: {tier: edge, canary: "true"}
                order: 10
                hold: frozen for the audit
                waivers: {P10: CHG-7 moves the trust domain}
                bastion: ams-jump
                tools: {kubectl: bin/kubectl}
            """)
        let cluster = Cluster(
            "edge-01", context: "admin@edge-01", kubeconfig: "edge.kubeconfig",
            management: "mgmt-1", registeredName: "edge-one", bastion: "ams-jump",
            region: "eu-west",
            labels: ["tier": "edge", "canary": "true", "region": "eu-west"], order: 10,
            hold: "frozen for the audit", waivers: ["P10": "CHG-7 moves the trust domain"],
            tools: ["kubectl": "bin/kubectl"])
        #expect(fleet.clusters == [cluster])
    }

    @Test func `defaults fill gaps and never overrule a cluster`() throws {
        let fleet = try read(
            """
            defaults:
              region: eu-west
              labels: {environment: production, tier: edge}
              tools: {kubectl: /usr/bin/kubectl, helm: /usr/bin/helm}
            clusters:
              - {name: a}
              - {name: b, region: us-east, labels: {tier: core}, tools: {helm: /opt/helm}}
            """)
        let (a, b) = (fleet.clusters[0], fleet.clusters[1])
        #expect(a.labels == ["environment": "production", "tier": "edge", "region": "eu-west"])
        #expect(b.labels == ["environment": "production", "tier": "core", "region": "us-east"])
        #expect(b.tools == ["kubectl": "/usr/bin/kubectl", "helm": "/opt/helm"])
    }

    @Test(arguments: [
        ("{name: a, bastion: own}", "own"), ("{name: a}", "regional"),
        ("{name: a, region: us-east}", "usual"), ("{name: a, bastion: none}", nil),
    ])
    func `the nearest bastion counts: own, then regional, then default`(
        cluster: String, bastion: BastionName?
    ) throws {
        let fleet = try read(
            """
            defaults: {bastion: usual, region: eu-west}
            regions: {eu-west: {bastion: regional}}
            bastions:
              - {name: own, host: o}
              - {name: regional, host: r}
              - {name: usual, host: u}
            clusters: [\(cluster)]
            """)
        #expect(fleet.clusters[0].bastion == bastion)
    }

    @Test(arguments: [
        ("~/.kube/config", "/home/deploy/.kube/config"), ("/etc/kube", "/etc/kube"),
        ("edge.kubeconfig", "/work/Inventory/edge.kubeconfig"),
    ])
    func `a kubeconfig is found from home or from the file that names it`(
        written: String, resolved: String
    ) throws {
        let files = MemoryFiles([
            "Inventory/fleet.yaml": "clusters: [{name: a, kubeconfig: \(written)}]"
        ])
        let fleet = try InventoryReader(files: files).read("Inventory").value
        #expect(fleet.clusters[0].kubeconfig == resolved)
    }

    @Test(arguments: [
        ("~/.kube/config", ".kube/config"), ("edge.kubeconfig", "edge.kubeconfig"),
        ("/etc/kube", "/etc/kube"),
    ])
    func `a kubeconfig behind a bastion starts from the home there`(
        written: String, path: String
    ) throws {
        let fleet = try read(
            """
            bastions: [{name: jump, host: jump.example.net}]
            clusters:
              - {name: a, bastion: jump, kubeconfig: \(written), tools: {kubectl: ~/bin/kubectl}}
            """)
        #expect(fleet.clusters[0].kubeconfig == path)
        #expect(fleet.clusters[0].tools == ["kubectl": "bin/kubectl"])
    }

    @Test func `the files of a directory make one inventory, in the order of their names`() throws {
        let files = MemoryFiles([
            "Inventory/b.yml": "clusters: [{name: edge-02, management: mgmt-1}]",
            "Inventory/a.yaml": "clusters: [{name: edge-01}]",
            "Inventory/m.yaml": "management: [{name: mgmt-1}]",
            "Inventory/README.md": "not YAML: [",
        ])
        let fleet = try InventoryReader(files: files).read("Inventory").value
        #expect(fleet.clusters.map(\.name) == ["edge-01", "edge-02"])
    }

    @Test func `text that YAML would take for a number or a switch stays text`() throws {
        let fleet = try read("clusters: [{name: 0012, labels: {zone: 1.10, public: no}}]")
        #expect(fleet.clusters[0].name == "0012")
        #expect(fleet.clusters[0].labels == ["zone": "1.10", "public": "no"])
    }

    @Test func `each setting can be found again`() throws {
        let files = MemoryFiles(["fleet.yaml": "clusters:\n  - name: a\n    context: b"])
        let sources = try InventoryReader(files: files).read("fleet.yaml").sources
        #expect(sources["clusters", "a", "context"]?.description == "fleet.yaml:3:14")
        #expect(sources["clusters", "a", "order"]?.description == "fleet.yaml:2:5")
        #expect(sources["clusters", "b"] == nil)
    }

    private func read(_ text: String) throws -> Fleet {
        let files = MemoryFiles(["fleet.yaml": text])
        return try InventoryReader(files: files).read("fleet.yaml").value
    }
}
