import FleetModel
import Testing

@testable import Takeovers

/// What every runbook asks of a cluster, at the start of the Gloo scenario.
@Suite struct PreflightChecksTests {
    private func found(
        _ check: String, in situation: Situation = .gloo(), stage: String = "00",
        _ change: (inout World) throws -> Void = { _ in }
    ) throws -> [Finding] {
        var world = try World(stage)
        try change(&world)
        return world.findings(of: check, in: situation)
    }

    // MARK: - The API server

    @Test func `what we may not do blocks, whoever is asked for it`() throws {
        let words = { (right: String) in Finding("P01", .block, "we may not \(right)") }
        for right in ["patch deployments", "create pods", "list customresourcedefinitions"] {
            #expect(try found("P01") { $0.forbidden = [right] }.contains(words(right)), "\(right)")
        }
        #expect(try found("P01").isEmpty)
    }

    @Test func `where no pod may be made, that is said once and nobody's policy is blamed`() throws
    {
        var world = try World("00")
        world.forbidden = ["create pods"]
        world.denials["bookinfo"] = { _ in "pods is forbidden: User \"me\" cannot create" }
        let findings = world.findings()
        #expect(findings.contains(Finding("P01", .block, "we may not create pods")))
        #expect(!findings.contains { $0.check == "P18" })
    }

    @Test func `nobody who tells our rights is a note and no more`() throws {
        let told = try found("P01") { $0.isSilent = true }
        #expect(told.map(\.severity) == [.note])
        #expect(told.allSatisfy { $0.words.hasPrefix("nobody says whether we may ") })
    }

    @Test func `an OpenShift is told one way, and its absence blocks the other`() throws {
        let openShift = Situation.gloo(
            .gloo(parameters: ["gateways": "none", "platform": "openshift"]))
        let absent = "the API server knows no security.openshift.io: this is no OpenShift"
        let silent = #"this is an OpenShift, and the parameter "platform" does not say so"#
        #expect(try found("PO1", in: openShift) == [Finding("PO1", .block, absent)])
        #expect(try found("PO1") { $0.isOpenShift = true } == [Finding("PO1", .warn, silent)])
        #expect(try found("PO1").isEmpty)
    }

    // MARK: - Selections

    @Test func `namespaces with both labels and those on their way out are told`() throws {
        let told = try found("P05") {
            $0.cluster.append([
                "kind": "Namespace",
                "metadata": [
                    "name": "both",
                    "labels": ["istio-injection": "disabled", "istio.io/rev": "nobody"],
                ],
            ])
            $0.cluster.append([
                "kind": "Namespace",
                "metadata": ["name": "going", "labels": ["istio.io/rev": "nobody"]],
                "status": ["phase": "Terminating"],
            ])
        }
        #expect(
            told == [
                Finding("P05", .warn, "both injection labels on both"),
                Finding("P05", .warn, "namespaces on their way out: going"),
            ])
    }

    @Test func `labels that nobody answers to are told, and those without labels are not`() throws {
        let told = try found("P05") {
            for name in ["zoo", "lost"] {
                $0.cluster.append([
                    "kind": "Namespace",
                    "metadata": ["name": .string(name), "labels": ["istio.io/rev": "nobody"]],
                ])
            }
        }
        #expect(told == [Finding("P05", .warn, "no injector answers to lost, zoo")])
    }

    /// The old revision has a name, by which a namespace may ask for it.
    @Test func `namespaces that name the old revision stay on it, unless another label leads them`()
        throws
    {
        var takeover = Takeover.gloo()
        takeover.oldRevision = "1-14"
        let told = try found("P05", in: .gloo(takeover)) {
            for (name, labels) in [
                ("pinned", ["istio.io/rev": "1-14"]), ("other", ["istio.io/rev": "1-13"]),
                ("led", ["istio.io/rev": "1-14", "istio-injection": "enabled"]),
            ] as [(String, JSON)] {
                $0.cluster.append([
                    "kind": "Namespace", "metadata": ["name": .string(name), "labels": labels],
                ])
            }
        }
        #expect(
            told.filter { $0.severity == .block } == [
                Finding("P05", .block, "named for 1-14: pinned")
            ])
        let unnamed = try found("P05") {
            $0.cluster.append([
                "kind": "Namespace",
                "metadata": ["name": "pinned", "labels": ["istio.io/rev": "default"]],
            ])
        }
        #expect(unnamed.isEmpty, "whoever names the default goes along")
    }

    @Test func `a namespace on its way out follows no tag any more`() throws {
        var world = try World("00")
        var tag = try Fixture.sample("mwc-istio-revision-tag-prod-stable-to-1-15", in: "webhooks")
        tag[path: ["metadata", "labels", "istio.io/rev"]] = "default"
        world.cluster.append(tag)
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio.io/rev": "prod-stable"]
        }
        #expect(world.findings(of: "P05").contains { $0.severity == .block })
        world.edit("Namespace", "bookinfo") { $0[path: ["status", "phase"]] = "Terminating" }
        #expect(!world.findings(of: "P05").contains { $0.words.contains("bookinfo (prod") })
    }

    // MARK: - Control planes

    /// The takeover is over, and somebody asks once more.
    @Test func `an old revision that is gone is a note where the new one is the default`() throws {
        let gone: (inout World) throws -> Void = {
            $0.remove("Deployment", "istiod", in: "istio-system")
        }
        let note = Finding("P03", .note, "revision default is gone already")
        #expect(try found("P03", stage: "50", gone) == [note])
        let block = Finding("P03", .block, "there is no istiod of revision default")
        #expect(try found("P03", stage: "20", gone) == [block])
        #expect(
            try found("P03", stage: "50") {
                try gone(&$0)
                $0.remove("Deployment", "istiod-1-15", in: "istio-system")
            } == [block])
    }

    @Test(arguments: ["default", "other"])
    func `an old istiod outside istio-system blocks, and somebody else's does not`(
        revision: String
    ) throws {
        let told = try found("P03") { world in
            guard var istiod = world.object("Deployment", "istiod", in: "istio-system") else {
                return
            }
            istiod[path: ["metadata", "namespace"]] = "mesh"
            istiod[path: ["metadata", "labels", "istio.io/rev"]] = .string(revision)
            world.cluster.append(istiod)
        }
        let words = "the old istiod is outside istio-system: mesh/istiod"
        #expect(told == (revision == "default" ? [Finding("P03", .block, words)] : []))
    }

    // MARK: - Trust

    private static func given(_ domain: String?) -> Situation {
        var parameters: [String: JSON] = ["gateways": "none"]
        parameters["trustDomain"] = domain.map(JSON.string)
        return .gloo(.gloo(parameters: parameters))
    }

    /// There is no ConfigMap in the scenario.
    @Test func `without a configuration the proxies tell the trust domain`() throws {
        let block = Finding("P10", .block, "the trust domain is old.example, not cluster.local")
        let other: (inout World) -> Void = { $0.rename(trustDomain: "old.example") }
        #expect(
            try found("P10", in: Self.given("cluster.local"), other).contains(block))
        #expect(
            try !found("P10", in: Self.given("old.example"), other)
                .contains { $0.severity == .block })
        #expect(try !found("P10", in: Self.given(nil), other).contains { $0.severity == .block })
    }

    @Test func `a trust domain that nothing tells has to be given`() throws {
        let words =
            "nothing tells the trust domain of default: there is no ConfigMap istio-system/istio, "
            + "and no proxy that was told one"
        let silence: (inout World) -> Void = { $0.rename(trustDomain: "") }
        let untold = try found("P10", in: Self.given(nil), silence)
        #expect(untold.contains(Finding("P10", .block, words)))
        let told = try found("P10", in: Self.given("edge"), silence)
        #expect(told.contains(Finding("P10", .warn, words + "; the new one is edge")))
        #expect(!told.contains { $0.severity == .block })
    }

    @Test func `proxies that do not agree tell no trust domain`() throws {
        let told = try found("P10", in: Self.given(nil)) { world in
            world.rename(trustDomain: "other", of: { $0.name.hasPrefix("ratings") })
        }
        let words =
            "there is no ConfigMap istio-system/istio, and proxies of default have different trust "
            + "domains: cluster.local, other"
        #expect(told.contains(Finding("P10", .block, words)))
    }

    @Test func `a configuration that says nothing of it means what Istio does`() throws {
        let told = try found("P10", in: Self.given("old.example")) { world in
            world.rename(trustDomain: "old.example")
            world.cluster.append([
                "kind": "ConfigMap", "metadata": ["name": "istio", "namespace": "istio-system"],
                "data": ["mesh": "rootNamespace: istio-system\n"],
            ])
        }
        let words = "the trust domain is cluster.local, not old.example"
        #expect(told.contains(Finding("P10", .block, words)))
    }

    @Test func `trust domains that Gloo's new mesh would not take for its own are told`() throws {
        let told = try found("P10") { world in
            world.cluster.append([
                "kind": "ConfigMap", "metadata": ["name": "istio", "namespace": "istio-system"],
                "data": ["mesh": "trustDomainAliases: [old.example]\n"],
            ])
        }
        let words = "trustDomainAliases has old.example, which the new settings do not say"
        #expect(told.contains(Finding("P10", .warn, words)))
    }

    // MARK: - Workloads

    @Test func `who lacks a sidecar that an injector would give is told`() throws {
        let pods = try World("00").cluster.filter {
            $0["kind"] == "Pod" && $0.name.hasPrefix("ratings-v1")
        }
        let told = try found("P07") { world in
            for pod in pods {
                world.edit("Pod", pod.name, in: "bookinfo") { $0 = $0.withoutProxy ?? $0 }
            }
        }
        let words =
            "pods lack the sidecar that an injector would give them, and get it whenever they "
            + "start anew: Deployment bookinfo/ratings-v1"
        #expect(told == [Finding("P07", .warn, words)])
    }

    @Test func `what belongs to another controller may have its restart taken back`() throws {
        let told = try found("P07") {
            $0.edit("Deployment", "ratings-v1", in: "bookinfo") {
                $0[path: ["metadata", "ownerReferences"]] = [
                    ["kind": "Shop", "name": "ratings", "controller": true]
                ]
            }
        }
        let words = "Deployment bookinfo/ratings-v1 belongs to Shop bookinfo/ratings, which may "
        #expect(told == [Finding("P07", .note, words + "take a restart back")])
    }

    @Test func `a lone replica that may be missing has a remedy, and Recreate has none`() throws {
        let words = "Deployment bookinfo/ratings-v1 is down while it restarts "
        let remedy = "; with maxUnavailable 0 and maxSurge 1 it would not be"
        for (strategy, end) in [
            (["rollingUpdate": ["maxSurge": 0]], "(one replica, which may be missing)" + remedy),
            (["type": "Recreate"], "(Recreate, one replica)"),
        ] as [(JSON, String)] {
            let told = try found("P07") {
                $0.edit("Deployment", "ratings-v1", in: "bookinfo") {
                    $0[path: ["spec", "strategy"]] = strategy
                    $0[path: ["spec", "replicas"]] = 1
                }
            }
            #expect(told == [Finding("P07", .warn, words + end)])
        }
    }

    @Test func `who is waived is told, by its pods' names or its own, and is not restarted`()
        throws
    {
        let pods = try World("00").cluster.filter {
            $0["kind"] == "Pod" && $0.name.hasPrefix("ratings-v1")
        }
        let note = Finding("P07", .note, "waived: Deployment bookinfo/ratings-v1")
        for names in [pods.map(\.qualifiedName), ["bookinfo/ratings-v1"]] {
            let parameters: [String: JSON] = [
                "gateways": "none", "waived": .array(names.map(JSON.string)),
            ]
            #expect(try found("P07", in: .gloo(.gloo(parameters: parameters))) == [note])
        }
        #expect(try found("P07").isEmpty)
    }

    // MARK: - Operators

    private static func resource(
        _ name: String, in space: String = "istio-system", _ status: JSON = [:],
        notes: JSON = [:]
    ) -> JSON {
        [
            "kind": "IstioOperator",
            "metadata": ["name": .string(name), "namespace": .string(space), "annotations": notes],
            "status": status,
        ]
    }

    @Test func `resources that are not well are told by their names, and others' are left out`()
        throws
    {
        let told = try found("P12") {
            $0.cluster.removeAll { $0["kind"] == "IstioOperator" }
            $0.cluster += [
                Self.resource("b", ["status": "ERROR"]), Self.resource("a"),
                Self.resource("well", ["status": "HEALTHY"]),
                Self.resource("gloo", in: "gm-iop-1-15", ["status": "ERROR"]),
                Self.resource("c", notes: ["install.istio.io/ignoreReconcile": "true"]),
            ]
        }
        #expect(
            told == [
                Finding("P12", .warn, "IstioOperator istio-system/a is not looked at yet"),
                Finding("P12", .warn, "IstioOperator istio-system/b is ERROR"),
            ])
    }

    // MARK: - The step

    @Test func `the step says what it saw, and how long the restarts take`() throws {
        let step = try GlooRunbook.step("preflight", of: "prepare")
        let world = try World("00")
        let words = "\(world.observe(step))"
        let restarts = try #require(world.bookinfoDeployments)
        #expect(words.contains("workloads in the mesh, \(restarts) to restart, about "))
        #expect(words.contains("trust domain cluster.local"))
        var idle = world
        idle.cluster.removeAll { $0["kind"] == "Pod" && $0.namespace == "bookinfo" }
        #expect("\(idle.observe(step))".contains("0 workloads in the mesh, 0 to restart; trust"))
    }

    @Test func `what the step reads is told beforehand, probes and questions too`() throws {
        let url = "https://shop.example.com/"
        let situation = Situation.gloo(
            .gloo(parameters: ["gateways": "none", "probes": [.string(url)]]))
        let preview = try GlooRunbook.step("preflight", of: "prepare", in: situation).preview
        let lines = preview.reads.map { "\($0)" }
        #expect(lines.contains { $0.contains(url) })
        #expect(lines.contains { $0.contains("<namespace>") })
        #expect(lines.contains { $0.contains("workloadgroups") })
        #expect(preview.proof.hasPrefix("no blocking finding of the checks P01, P02, P03"))
    }
}

extension World {
    /// How many Deployments have sidecars.
    fileprivate var bookinfoDeployments: Int? {
        let owners = cluster.filter { $0["kind"] == "Deployment" && $0.namespace == "bookinfo" }
        return owners.isEmpty ? nil : owners.count
    }
}
