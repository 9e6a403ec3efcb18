import FleetModel
import Takeovers
import Testing

@testable import FleetLab

/// What goes into a rehearsal's lab comes out of it again, when it is surveyed.
@Suite struct SurveyedSetupTests {
    /// A survey of a lab's cluster, played by another lab and surveyed there.
    private func replay(
        of survey: ClusterSurvey, kind: LabKind = .gloo, management: Bool = true
    ) async throws -> ClusterSurvey {
        var configuration = LabConfiguration()
        configuration.kind = kind
        let boss = LabCluster(playing: Cluster("boss"), survey: nil)
        let edge = Cluster(
            "Real_1.x", management: management ? "boss" : nil, registeredName: "real-1",
            region: "EU (West)")
        configuration.played = [boss, LabCluster(playing: edge, survey: survey)]
        let clock = ManualClock()
        let fleet = try await LabFleet(configuration, clock: clock)
        fleet.advance(to: clock.now)
        return try fleet.survey(of: "Real_1.x")
    }

    /// What a rehearsal has to get right: not who the cluster is, nor its addresses and roots.
    private func mesh(_ survey: ClusterSurvey) -> [String] {
        let topics: Set<SurveyFact.Topic> = [
            .controlPlane, .proxies, .injector, .namespace, .owner, .trustDomain, .budget,
            .trouble, .nodeAgent,
        ]
        let facts = survey.facts.filter { topics.contains($0.topic) }
            .map { "\($0.topic.rawValue) \($0.subject): \($0.value)" }
        let gateways = survey.gateways.map {
            "gateway \($0.service): \($0.type), \($0.readyEndpoints) ready, \($0.proxies)"
        }
        let operators = survey.operators.map { "\($0.name) \($0.state) \($0.installs ?? [])" }
        return facts + gateways + operators + (survey.operatorPods ?? []).map(\.deployment)
    }

    /// What is said of one of the two alone.
    private func differences(_ played: ClusterSurvey, _ real: ClusterSurvey) -> [String] {
        let (played, real) = (mesh(played), mesh(real))
        return played.filter { !real.contains($0) }.map { "too many: \($0)" }
            + real.filter { !played.contains($0) }.map { "missing: \($0)" }
    }

    @Test(arguments: LabKind.allCases, [UInt64(3), 11])
    func `a cluster of the lab is played as it was`(kind: LabKind, seed: UInt64) async throws {
        let real = try await Rehearsal(seed: seed, kind: kind).fleet.survey(of: "edge-01")
        let played = try await replay(of: real, kind: kind == .revision ? .revision : .gloo)
        #expect(differences(played, real) == [])
        #expect(played.sail == real.sail)
    }

    @Test func `a cluster between two versions of the sail operator is played as far as it is`()
        async throws
    {
        let lab = try await Rehearsal(kind: .sail)
        let store = try lab.edge
        try store.update(ObjectKey(SailKinds.istios, name: "default")) { istio in
            istio[path: ["spec", "version"]] = .string("v\(SailSetup.newVersion)")
        }
        lab.run(seconds: 60)
        let tag = ObjectKey(SailKinds.tags, name: SailSetup.tag)
        try store.update(tag) {
            $0[path: ["spec", "targetRef", "name"]] = .string(
                SailSetup.revision(SailSetup.newVersion))
        }
        try store.update(ObjectKey("deployments.apps", namespace: "shop", name: "cart")) {
            $0[path: ["spec", "template", "metadata", "annotations", "again"]] = "yes"
        }
        lab.run(seconds: 300)
        let half = try lab.fleet.survey(of: "edge-01")
        #expect(half.sail?.revisions.map(\.revision) == ["default-v1-27-3", "default-v1-28-0"])
        // Nothing but pods keeps the old revision, and it stays.
        #expect(half.namespaces.allSatisfy { $0.gets != "default-v1-27-3" })
        #expect(half.owners.contains { $0.proxies == ["default-v1-27-3 1.27.3"] })
        let played = try await replay(of: half)
        #expect(differences(played, half) == [])
        #expect(played.sail == half.sail)
        var elsewhere = half
        elsewhere.trustDomains = ["shop.example"]
        #expect(try await replay(of: elsewhere).trustDomains == ["shop.example"])
    }

    @Test func `what can't be restarted is played so`() async throws {
        let lab = try await Rehearsal()
        let store = try lab.edge
        var agent = LabWorkload(name: "agent", kind: .daemonSet).workload(in: "shop")
        agent[path: ["spec", "updateStrategy"]] = ["type": "OnDelete"]
        var queue = LabWorkload(name: "queue", kind: .statefulSet(replicas: 3))
            .workload(in: "shop")
        queue[path: ["spec", "updateStrategy"]] = [
            "type": "RollingUpdate", "rollingUpdate": ["partition": 2],
        ]
        var host = LabWorkload(name: "host", kind: .deployment(replicas: 1)).workload(in: "shop")
        host[path: ["spec", "template", "spec", "hostNetwork"]] = true
        var alone = LabWorkload(name: "alone", kind: .deployment(replicas: 1))
            .workload(in: "shop")
        alone[path: ["spec", "strategy"]] = ["type": "Recreate"]
        let job = SurveyedWorkload(
            owner: .init(
                kind: "Job", namespace: "shop", name: "import", pods: 1, proxies: [],
                restart: .possible))
        try store.create("daemonsets.apps", agent)
        try store.create("statefulsets.apps", queue)
        for deployment in [host, alone] { try store.create("deployments.apps", deployment) }
        try store.create("jobs.batch", job.object)
        lab.run(seconds: 120)
        try store.update(ObjectKey("deployments.apps", namespace: "shop", name: "cart")) {
            $0[path: ["spec", "paused"]] = true
        }
        lab.run(seconds: 5)
        let real = try lab.fleet.survey(of: "edge-01")
        let names = real.staying.map(\.name) + real.uninjected.map(\.name)
        #expect(Set(names).isSuperset(of: ["queue", "cart", "import", "host"]))
        #expect(real.restartable.contains { $0.name == "agent" })
        #expect(real.restartable.first { $0.name == "alone" }?.causesDowntime == true)
        let played = try await replay(of: real)
        #expect(differences(played, real) == [])
    }

    @Test func `a cluster between two revisions is played as far as it is`() async throws {
        let lab = try await Rehearsal()
        let store = try lab.edge
        let next = IstioRevision(
            name: "1-25", hub: "docker.io/istio", tag: "1.25.3",
            owner: IstioOwner(name: "unknown", namespace: IstioRevision.space),
            cluster: "edge-01")
        for object in next.objects + [next.tag("default")] {
            guard let resource = OwnedKinds.resource(of: object["kind"]?.string) else { continue }
            try store.create(resource, object)
        }
        lab.run(seconds: 60)
        let trap = try lab.fleet.survey(of: "edge-01")
        #expect(trap.injectors.filter(\.isDefault).count == 2)
        let trapped = try await replay(of: trap)
        #expect(differences(trapped, trap) == [])

        let injector = ObjectKey(
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            name: "istio-sidecar-injector")
        try store.update(injector) { configuration in
            let hooks = configuration["webhooks"]?.array ?? []
            configuration["webhooks"] = .array(
                hooks.filter { $0["name"]?.string?.hasPrefix("rev.") == true })
        }
        try store.update(ObjectKey("deployments.apps", namespace: "shop", name: "cart")) {
            $0[path: ["spec", "template", "metadata", "annotations", "again"]] = "yes"
        }
        lab.run(seconds: 120)
        let half = try lab.fleet.survey(of: "edge-01")
        #expect(half.actingDefault?.revision == "1-25")
        #expect(half.owners.first { $0.name == "cart" }?.proxies == ["1-25 1.25.3"])
        #expect(half.owners.first { $0.name == "web" }?.proxies != ["1-25 1.25.3"])
        let played = try await replay(of: half)
        #expect(differences(played, half) == [])
    }

    @Test func `a survey from before it told what a rehearsal needs is played by default`()
        async throws
    {
        let real = try await Rehearsal().fleet.survey(of: "edge-01")
        var old = real
        old.operatorPods = nil
        for index in old.owners.indices { old.owners[index].traits = nil }
        for index in old.gateways.indices { old.gateways[index].front = nil }
        for index in old.budgets.indices { old.budgets[index].owners = nil }
        for index in old.operators.indices { old.operators[index].installs = nil }
        let played = try await replay(of: old)
        #expect(played.controlPlanes == real.controlPlanes)
        #expect(played.owners.map(\.label) == real.owners.map(\.label))
        #expect(played.proxies == real.proxies)
        #expect(played.gateways.map(\.service) == real.gateways.map(\.service))
        #expect(played.budgets.map(\.name) == real.budgets.map(\.name))
        #expect(played.operatorPods?.map(\.deployment) == ["istio-operator/istio-operator"])
    }
}

extension LabFleet {
    func survey(of cluster: String) throws -> ClusterSurvey {
        var context = StepContext(now: Timestamp(milliseconds: 0))
        for _ in 0..<12 {
            switch SurveyRecipe.look(context) {
            case .seen(let survey): return survey
            case .missed(let reason): throw StatusError.badRequest(reason)
            case .needs(let readings):
                for case .path(let path, _) in readings {
                    let answer = get(path, of: cluster).map(ReadResult.found)
                    context.readings[.path(path, on: .cluster)] = answer ?? .absent
                }
            }
        }
        throw StatusError.badRequest("the survey never stops asking")
    }
}
