import FleetConfig
import FleetModel
import Testing

struct ConfigurationReaderTests {
    private let manifest = "{apiVersion: v1, kind: Thing, metadata: {name: a}}"
    private let inventory =
        "management: [{name: m}]\ndefaults: {management: m}\nclusters: [{name: a}, {name: b}]"
    private let policy = "rollout: p\nwaves: [1, rest]"
    private let takeover =
        "{takeover: t, runbook: gloo, revision: 1-25, version: 1.25.3, "
        + "manifests: {controlPlane: m}}"

    @Test func `a configuration that holds together is read whole`() throws {
        #expect(complaint() == nil)
    }

    @Test func `a context with an underscore is refused with the command that renames it`() {
        let inventory = """
            management: [{name: m, context: mgmt_1}]
            clusters:
              - {name: a, management: m, context: gke_proj_a}
            """
        #expect(
            complaint(inventory: inventory) == """
                error: cluster "m" has the context "mgmt_1", and Gloo can't have an underscore \
                in the certificates that it makes of it
                  at i.yaml:1:33
                hint: run `kubectl config rename-context mgmt_1 mgmt-1`

                error: cluster "a" has the context "gke_proj_a", and Gloo can't have an \
                underscore in the certificates that it makes of it
                  at i.yaml:3:39
                hint: run `kubectl config rename-context gke_proj_a gke-proj-a`

                2 mistakes in 1 file.
                """)
    }

    @Test func `a cluster that the policy does not take may have any context`() {
        let inventory = self.inventory.replacing(
            "{name: b}", with: "{name: b, context: x_y, labels: {tier: x}}")
        let policy =
            policy + "\nclusters: {matchExpressions: [{key: tier, operator: DoesNotExist}]}"
        #expect(complaint(inventory: inventory, policy: policy) == nil)
    }

    @Test func `Gloo needs a management cluster and a name it can have`() {
        let inventory = "management: [{name: m}]\nclusters: [{name: A_1, context: a}]"
        #expect(
            complaint(inventory: inventory) == """
                error: cluster "A_1" has no management cluster, and Gloo needs one
                  at i.yaml:2:12
                hint: write `management:` in the cluster or in `defaults`

                error: cluster "A_1" is registered as "A_1", which can't be the name of a \
                KubernetesCluster
                  at i.yaml:2:12
                hint: write in `registeredName` what `kubectl get kubernetesclusters -n \
                gloo-mesh` calls it

                2 mistakes in 1 file.
                """)
    }

    @Test func `Gloo knows its manifests by their roles`() {
        let takeover = takeover.replacing("controlPlane", with: "controlPlan")
        #expect(
            complaint(takeover: takeover) == """
                error: the runbook `gloo` needs the manifest `controlPlane`
                  at t.yaml:1:74

                error: the runbook `gloo` has no manifest `controlPlan`
                  at t.yaml:1:88
                hint: did you mean `controlPlane`?

                2 mistakes in 1 file.
                """)
    }

    @Test func `a wave that names a stranger is placed at the name`() {
        let policy = """
            rollout: p
            waves: [{name: x, canary: true, clusters: [a, c]}, rest]
            phases: {retire: {waves: [{name: y, clusters: [d]}]}}
            """
        #expect(
            complaint(policy: policy) == """
                error: a wave names cluster "c", which isn't in the inventory
                  at p.yaml:2:47
                hint: the inventory has a, b

                error: a wave names cluster "d", which isn't in the inventory
                  at p.yaml:3:48
                hint: the inventory has a, b

                2 mistakes in 1 file.
                """)
    }

    @Test func `a selector that matches nothing is placed`() {
        let policy =
            "rollout: p\nwaves: [{name: x, canary: true, clusters: {matchLabels: {a: b}}}, rest]"
        #expect(
            complaint(policy: policy) == """
                error: the selector "a=b" matches no cluster of the inventory
                  at p.yaml:2:43
                hint: compare it with the `labels` of the inventory
                """)
    }

    @Test func `a window about no cluster is placed, since nobody would keep it`() {
        let policy = """
            rollout: p
            waves: [1, rest]
            windows:
              allow: [{from: 22:00, to: 04:00, zone: UTC}]
              deny:
                - {from: 2026-12-18, to: 2027-01-04, zone: UTC}
                - {from: 2026-12-18, to: 2027-01-04, zone: UTC, clusters: {matchLabels: {a: b}}}
            """
        #expect(
            complaint(policy: policy) == """
                error: the selector "a=b" matches no cluster of the inventory
                  at p.yaml:7:63
                hint: compare it with the `labels` of the inventory
                """)
    }

    @Test func `a window that can't be read puts no mistake in another's place`() {
        let policy = """
            rollout: p
            waves: [1, rest]
            windows:
              deny:
                - {from: 22:00, to: 04:00, zone: CET}
                - {from: 22:00, to: 04:00, zone: UTC, clusters: {matchLabels: {a: b}}}
            """
        #expect(
            complaint(policy: policy) == """
                error: `zone` should be a time zone by its IANA name, got: "CET"
                  at p.yaml:5:38
                hint: name a place, such as `Europe/Berlin`, or write `UTC`: nothing else says \
                when summer time begins
                """)
    }

    @Test func `the mistakes of all files come out together, by place`() {
        let complaint = complaint(
            inventory: inventory + "\nclutser: []", policy: policy + "\nmaxFailures: -1",
            takeover: "{takeover: t, runbook: gloo, revision: 1-25}")
        #expect(
            complaint == """
                error: the inventory has no key `clutser`
                  at i.yaml:4:1
                hint: did you mean `clusters`?

                error: `maxFailures` should be at least 0, got: -1
                  at p.yaml:3:14

                error: the runbook `gloo` needs the manifest `controlPlane`
                  at t.yaml:1:1

                error: the takeover needs the key `version`
                  at t.yaml:1:1

                4 mistakes in 3 files.
                """)
    }

    @Test func `a file that can't be read makes no strangers of the names in it`() {
        let policy = "rollout: p\nwaves: [{name: x, canary: true, clusters: [zzz]}]"
        let complaint = complaint(inventory: "clusters: [", policy: policy)
        #expect(complaint?.contains("zzz") == false)
    }

    @Test(arguments: [
        ("p/carefull.yaml", "did you mean `careful.yaml`?"),
        ("p/zzz.yaml", "the directory has `careful.yaml`, `swift.yaml`"),
    ])
    func `a policy that isn't there brings to mind those that are`(path: String, hint: String) {
        let files = MemoryFiles([
            "i.yaml": inventory, "p/swift.yaml": policy, "p/careful.yaml": policy,
            "p/notes.txt": "", "t.yaml": takeover, "m": manifest,
        ])
        let error = errors { () throws(ConfigurationErrors) in
            try ConfigurationReader(files: files, runbooks: [.gloo])
                .read(inventory: "i.yaml", policy: path, takeover: "t.yaml")
        }
        #expect(
            error?.description == """
                error: "\(path)" can't be read: there is no such file
                hint: \(hint)
                """)
    }

    private func complaint(
        inventory: String? = nil, policy: String? = nil, takeover: String? = nil
    ) -> String? {
        let files = MemoryFiles([
            "i.yaml": inventory ?? self.inventory, "p.yaml": policy ?? self.policy,
            "t.yaml": takeover ?? self.takeover, "m": manifest,
        ])
        return errors { () throws(ConfigurationErrors) in
            try ConfigurationReader(files: files, runbooks: [.gloo])
                .read(inventory: "i.yaml", policy: "p.yaml", takeover: "t.yaml")
        }?.description
    }
}
