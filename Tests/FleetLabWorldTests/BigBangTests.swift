import FleetModel
import Testing

@testable import FleetLab

/// Big Bang led by hand from the operator to the Helm packages, against the checkpoints of
/// the recorded scenarios `bigbang-254` and `bigbang-250`.
@Suite struct BigBangTests {
    @Test(arguments: ["2.50.0", "2.54.0"])
    func `a fresh cluster is the first checkpoint`(version: String) async throws {
        let lab = try await BigBang(version)
        #expect(lab.releases == ["bigbang", "istio", "istio-operator"])
        #expect(lab.releases.allSatisfy(lab.isReady))
        #expect(lab.summary.istiods == ["istiod"])
        #expect(Array(lab.summary.proxies.keys) == ["default 1.23.6"])
        #expect(lab.summary.addressed == ["istio-system/public-ingressgateway"])
        #expect(try lab.summary.probe("shop") == "default")
    }

    @Test func `from 3 on there is nothing to move from`() async throws {
        let lab = try await BigBang("3.0.0")
        #expect(lab.releases == ["bigbang", "istio-crds", "istiod", "public-ingressgateway"])
        #expect(lab.releases.allSatisfy(lab.isReady))
        #expect(lab.summary.addressed == ["istio-gateway/public-ingressgateway"])
    }

    @Test func `two commits lead from the operator to the Helm packages`() async throws {
        let lab = try await BigBang()
        let before = lab.summary.proxies["default 1.23.6"] ?? 0
        try lab.commit(BigBang.firstStep, token: "1")
        // 10: the old release is on its way out, and its resource with it.
        #expect(
            lab.rehearsal.run { lab.edge.get(BigBang.istioOperator)?.isTerminating == true })
        #expect(lab.edge.get(BigBang.release("istio"))?.isTerminating == true)
        // 20: nobody injects.
        #expect(lab.rehearsal.run { lab.summary.injectors(ofNamespace: "shop") == [] })
        #expect(lab.summary.addressed == [])
        // 30: the new control plane is up, and no gateway.
        #expect(
            lab.rehearsal.run {
                lab.isReady("istiod") && lab.edge.get(BigBang.release("istio")) == nil
            })
        lab.rehearsal.run(seconds: 10)
        #expect(lab.releases == ["bigbang", "istio-crds", "istio-operator", "istiod"])
        #expect(lab.summary.dangling == [])
        #expect(lab.summary.proxies["default 1.23.6"] == before - 1)
        #expect(try lab.summary.probe("shop") == "default")

        try lab.commit(BigBang.secondStep, token: "2")
        // 40, 50: the operator's namespace is gone, and gateways have an address elsewhere.
        #expect(lab.rehearsal.run { lab.isReady("public-ingressgateway") })
        #expect(!lab.summary.namespaces.contains("istio-operator"))
        #expect(lab.summary.addressed == ["istio-gateway/public-ingressgateway"])
        #expect(lab.summary.proxies["default 1.25.2"] == 1)
        #expect(lab.releases == ["bigbang", "istio-crds", "istiod", "public-ingressgateway"])
    }

    /// Nothing makes the one package of 2.50 wait, so that it comes before the prune.
    @Test func `in 2_50 Helm adopts first, and the prune takes the account along`() async throws {
        let lab = try await BigBang("2.50.0")
        try lab.commit(
            BigBang.values(on: ["istioOperator", "istioCore"], off: ["istio", "istioGateway"]),
            token: "1")
        #expect(
            lab.rehearsal.run {
                lab.isReady("istio-core") && lab.edge.get(BigBang.release("istio")) == nil
            })
        lab.rehearsal.run(seconds: 10)
        #expect(lab.releases == ["bigbang", "istio-core", "istio-operator"])
        let account = ObjectKey("serviceaccounts", namespace: "istio-system", name: "istiod")
        #expect(lab.edge.get(account) == nil)
        #expect(lab.summary.istiods == ["istiod"])
    }

    @Test func `an operator that prunes late takes the new istiod's rights along`() async throws {
        let lab = try await BigBang()
        lab.rehearsal.startFault(.pruningLate)
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(
            lab.rehearsal.run {
                lab.edge.get(BigBang.release("istio")) == nil && lab.isReady("istiod")
            })
        lab.rehearsal.run(seconds: 30)
        let account = ObjectKey("serviceaccounts", namespace: "istio-system", name: "istiod")
        let role = ObjectKey(
            "clusterroles.rbac.authorization.k8s.io", name: "istiod-clusterrole-istio-system")
        #expect(lab.isReady("istiod"), "Flux doesn't look for drift")
        #expect(lab.edge.get(account) == nil)
        #expect(lab.edge.get(role) == nil)
        #expect(lab.summary.istiods == ["istiod"])
        try lab.reconcile(BigBang.release("istiod"), token: "2")
        lab.rehearsal.run(seconds: 30)
        #expect(lab.edge.get(account) == nil, "asking alone changes nothing")
        try lab.reconcile(BigBang.release("istiod"), token: "3", forced: true)
        #expect(lab.rehearsal.run { lab.edge.get(account) != nil && lab.isReady("istiod") })
        #expect(lab.edge.get(role) != nil)
    }

    @Test func `without the operator the old release can't go`() async throws {
        let lab = try await BigBang()
        lab.rehearsal.startFault(.operatorGone)
        lab.rehearsal.run(seconds: 5)
        try lab.commit(BigBang.firstStep, token: "1")
        lab.rehearsal.run(seconds: 700)
        #expect(lab.edge.get(BigBang.istioOperator)?.isTerminating == true)
        #expect(lab.condition("Ready", of: "istio")?["reason"] == "UninstallFailed")
        lab.rehearsal.mend()
        #expect(lab.rehearsal.run { lab.edge.get(BigBang.release("istio")) == nil })
    }

    @Test func `what is patched in comes out again, unless the Kustomization is suspended`()
        async throws
    {
        let lab = try await BigBang()
        func count() -> Int {
            lab.edge.get(BigBang.release("bigbang"))?[path: ["spec", "valuesFrom"]]?.array?.count
                ?? 0
        }
        let before = count()
        func patch() throws {
            try lab.edge.update(BigBang.release("bigbang")) { parent in
                let sources = parent[path: ["spec", "valuesFrom"]]?.array ?? []
                parent[path: ["spec", "valuesFrom"]] = .array(
                    sources + [["kind": "ConfigMap", "name": "mine", "optional": true]])
            }
        }
        try patch()
        lab.rehearsal.run(seconds: 700)
        #expect(count() == before)
        try lab.edge.update(BigBang.environment) { $0[path: ["spec", "suspend"]] = true }
        try patch()
        lab.rehearsal.run(seconds: 1400)
        #expect(count() == before + 1)
    }

    @Test func `a request that comes in the middle of an upgrade doesn't lose it`() async throws {
        let lab = try await BigBang()
        try lab.edge.update(BigBang.environment) { $0[path: ["spec", "suspend"]] = true }
        try lab.edge.update(BigBang.release("bigbang")) { release in
            for (package, isOn) in [("istio", false), ("istioCRDs", true), ("istiod", true)] {
                release[path: ["spec", "values", package, "enabled"]] = .bool(isOn)
            }
        }
        // It has been begun by now, and needs a while yet.
        lab.rehearsal.run(seconds: 1)
        #expect(lab.condition("Reconciling", of: "bigbang")?["status"] == "True")
        try lab.reconcile(BigBang.release("bigbang"), token: "once-more")
        #expect(lab.rehearsal.run { lab.releases.contains("istiod") })
        #expect(lab.rehearsal.run { lab.isReady("bigbang") })
    }

    @Test func `a release that fails is installed again and again`() async throws {
        let lab = try await BigBang()
        lab.rehearsal.startFault(.releaseFails(release: "istiod"))
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(
            lab.rehearsal.run { lab.condition("Ready", of: "istiod")?["reason"] == "InstallFailed" }
        )
        #expect(lab.condition("Reconciling", of: "istiod")?["reason"] == "ProgressingWithRetry")
        lab.rehearsal.mend()
        #expect(lab.rehearsal.run { lab.isReady("istiod") })
    }

    @Test func `an upgrade that fails too often is not tried again, until it is reset`()
        async throws
    {
        let lab = try await BigBang()
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(lab.rehearsal.run { lab.isReady("istiod") })
        lab.rehearsal.startFault(.releaseFails(release: "istiod"))
        try lab.reconcile(BigBang.release("istiod"), token: "2", forced: true)
        lab.rehearsal.run(seconds: 120)
        #expect(lab.condition("Stalled", of: "istiod")?["reason"] == "RetriesExceeded")
        lab.rehearsal.mend()
        lab.rehearsal.run(seconds: 60)
        #expect(!lab.isReady("istiod"))
        try lab.reconcile(BigBang.release("istiod"), token: "3", forced: true)
        #expect(lab.rehearsal.run { lab.isReady("istiod") })
    }

    @Test func `what stalls for good goes on once it is reset`() async throws {
        let lab = try await BigBang()
        lab.rehearsal.startFault(.releaseStalls(release: "bigbang"))
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(
            lab.rehearsal.run { lab.condition("Stalled", of: "bigbang")?["status"] == "True" })
        try lab.reconcile(BigBang.release("bigbang"), token: "2", forced: true)
        #expect(lab.rehearsal.run { lab.isReady("bigbang") })
    }

    @Test func `where Helm takes nothing over, what the operator leaves is in its way`()
        async throws
    {
        let lab = try await BigBang()
        lab.rehearsal.startFault(.ownershipRefused)
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(
            lab.rehearsal.run {
                let words = lab.condition("Ready", of: "istio-crds")?["message"]?.string ?? ""
                return words.contains("invalid ownership metadata")
            })
        lab.rehearsal.mend()
        #expect(lab.rehearsal.run { lab.isReady("istiod") })
    }

    @Test func `a node agent goes with the operator's resource, and new pods wait for it`()
        async throws
    {
        let lab = try await BigBang()
        let agent = ObjectKey("daemonsets.apps", namespace: "kube-system", name: "istio-cni-node")
        lab.rehearsal.startFault(.networkPruned)
        #expect(lab.rehearsal.run { lab.edge.get(agent) != nil })
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(lab.rehearsal.run { lab.edge.get(agent) == nil })
        #expect(
            lab.rehearsal.run {
                lab.edge.list("pods").contains { $0.description.contains("failed to find plugin") }
            })
    }

    @Test func `a gateway waits for its address`() async throws {
        let lab = try await BigBang()
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(
            lab.rehearsal.run {
                lab.isReady("istiod") && lab.edge.get(BigBang.release("istio")) == nil
            })
        lab.rehearsal.startFault(.addressNeverComes)
        try lab.commit(BigBang.secondStep, token: "2")
        lab.rehearsal.run(seconds: 60)
        let gateway = "public-ingressgateway"
        #expect(lab.condition("Ready", of: gateway)?["reason"] == "Progressing")
        let events = lab.edge.list("events").filter { $0["reason"] == "AllocationFailed" }
        #expect(events.map { $0["involvedObject"]?["name"] } == [.string(gateway)])
        lab.rehearsal.run(seconds: 500)
        #expect(
            lab.rehearsal.run { lab.condition("Ready", of: gateway)?["reason"] == "InstallFailed" })
    }

    @Test func `orphans and another root are left behind when they are asked for`() async throws {
        let lab = try await BigBang()
        let root = MeshRoot.read(from: lab.edge)
        lab.rehearsal.startFault(.orphanedAddress)
        lab.rehearsal.startFault(.rootChanged)
        try lab.commit(BigBang.firstStep, token: "1")
        #expect(
            lab.rehearsal.run {
                lab.isReady("istiod") && lab.edge.get(BigBang.release("istio")) == nil
            })
        lab.rehearsal.run(seconds: 10)
        #expect(lab.summary.addressed == ["istio-system/public-ingressgateway"])
        #expect(MeshRoot.read(from: lab.edge) != root)
    }
}
