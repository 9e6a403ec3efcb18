import FleetModel
import FleetTestKit
import Testing

@testable import Takeovers

@Suite struct SurveyRecipeTests {
    private func survey(_ stage: String) throws -> ClusterSurvey { try World(stage: stage).seen() }

    private let trap = "gloo-takeover/40-default-flipped-old-injector-still-active/cluster-1"

    @Test func `control planes and proxies are counted by revision and version`() throws {
        let survey = try survey("gloo-takeover/50-half-restarted/cluster-1")
        #expect(survey.controlPlanes.map(\.label) == ["default 1.14.5", "1-15 1.15.3-solo"])
        #expect(survey.controlPlanes.allSatisfy { $0.trouble == nil })
        let sidecars = survey.proxies.filter { $0.kind == "sidecar" }
        #expect(Set(sidecars.map(\.label)) == ["default 1.14.5", "1-15 1.15.3-solo"])
        let pods = try Scenarios.stage("gloo-takeover/50-half-restarted/cluster-1").of("Pod")
        let alive = pods.map(Pod.init).filter { $0.isAlive && $0.proxy != nil }
        #expect(survey.proxies.reduce(0) { $0 + $1.count } == alive.count)
    }

    @Test func `of two default injectors the survey says which acts, and that there are two`()
        throws
    {
        let survey = try survey(trap)
        #expect(
            survey.injectors.filter(\.isDefault).map(\.name) == [
                "istio-revision-tag-default", "istio-sidecar-injector",
            ])
        #expect(survey.actingDefault?.revision == .unnamed)
        #expect(survey.concerns.contains { $0.hasPrefix("2 default injectors") })
        let later = try self.survey("gloo-takeover/50-half-restarted/cluster-1")
        #expect(later.actingDefault?.revision == "1-15")
        #expect(!later.concerns.contains { $0.contains("default injectors") })
    }

    @Test func `where both planes are default the version tells the proxies apart`() throws {
        let survey = try survey("bigbang-254/50-step2-ready")
        #expect(
            Set(survey.proxies.map(\.label)).isSuperset(of: ["default 1.23.6", "default 1.25.2"]))
    }

    @Test func `namespaces are sorted by what they ask for and get`() throws {
        let survey = try survey("gloo-takeover/30-gateways-healthy-petstore/cluster-1")
        let asked = survey.namespaces.first { $0.names.contains("petstore") }
        #expect(asked?.asks == "revision 1-15")
        #expect(asked?.gets == "1-15")
        let bookinfo = survey.namespaces.first { $0.names.contains("bookinfo") }
        #expect(bookinfo?.asks == "default")
        #expect(bookinfo?.gets == .unnamed)
    }

    @Test func `what a rehearsal needs beside what is shown is kept`() throws {
        var world = try World("00")
        world.edit("Deployment", "reviews-v1", in: "bookinfo") {
            $0[path: ["spec", "paused"]] = true
            $0[path: ["spec", "strategy", "type"]] = "Recreate"
            $0[path: ["spec", "replicas"]] = 1
        }
        let survey = try world.seen()
        let traits = try #require(survey.owners.first { $0.name == "reviews-v1" }?.traits)
        #expect(traits.isPaused && traits.strategy == "Recreate" && traits.replicas == 1)
        let front = try #require(survey.gateways.first?.front)
        #expect(!front.ports.isEmpty && front.selector["istio"] != nil)
        #expect(survey.operatorPods?.map(\.deployment) == ["istio-operator/istio-operator"])
        #expect(survey.operators.contains { $0.installs?.contains("istiod") == true })
        #expect(survey.budgets.allSatisfy { $0.owners != nil })
    }

    @Test func `a namespace that nobody answers to is a concern`() throws {
        var world = try World("00")
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio.io/rev": "prod-stable"]
        }
        let survey = try world.seen()
        #expect(survey.namespaces.first { $0.isUnanswered }?.names == ["bookinfo"])
        #expect(survey.concerns.contains { $0.contains("nobody injects into bookinfo") })
    }

    @Test(
        arguments: [
            ("bare-pod", "a bare pod"), ("job-running", "a Job's pods"),
            ("hostnetwork-not-injected", "host's network"),
        ])
    func `what cannot be restarted is listed with its reason`(
        sample: String, reason: String
    ) throws {
        var world = try World("00")
        let pod = try Fixture.sample(sample, in: "pods")
        world.cluster.append(pod)
        world.cluster.append(namespace(pod.namespace))
        let survey = try world.seen()
        let owners = survey.staying + survey.uninjected
        #expect(owners.contains { ($0.restart.reason ?? "").contains(reason) }, "\(owners)")
    }

    private func namespace(_ name: String) -> JSON {
        [
            "kind": "Namespace",
            "metadata": ["name": .string(name), "labels": ["istio-injection": "enabled"]],
        ]
    }

    @Test func `paused, OnDelete and Argo owners are told apart`() throws {
        var world = try World("00")
        let owners = [
            ("deployment-paused", "Deployment", "legacy"),
            ("statefulset-ondelete", "StatefulSet", "db"), ("rollout-argo", "Rollout", "checkout"),
        ]
        for (sample, kind, name) in owners {
            var object = try Fixture.sample(sample, in: "workloads")
            object[path: ["metadata", "name"]] = .string(name)
            object[path: ["metadata", "namespace"]] = "shop"
            world.cluster += [object, try pod(of: kind, name)]
        }
        world.cluster.append(try pod(of: "Kafka", "broker"))
        let survey = try world.seen()
        let reasons = survey.staying.filter { $0.namespace == "shop" }.map {
            "\($0.kind): \($0.restart.reason ?? "")"
        }
        #expect(
            reasons == [
                "Kafka: a Kafka is restarted by its own operator",
                "Deployment: it is paused",
            ])
        let labels = survey.restartable.map(\.label)
        #expect(labels.contains("Rollout shop/checkout") && labels.contains("StatefulSet shop/db"))
    }

    private func pod(of kind: String, _ name: String) throws -> JSON {
        var pod = try Fixture.sample("sidecar-1.23-default", in: "pods")
        pod[path: ["metadata", "name"]] = .string("\(name)-0")
        pod[path: ["metadata", "namespace"]] = "shop"
        pod[path: ["metadata", "ownerReferences"]] = [
            ["kind": .string(kind), "name": .string(name), "controller": true]
        ]
        return pod
    }

    @Test func `gateways show address and proxies, and orphans lead nowhere`() throws {
        let pending = try survey("bigbang-254/40-step2-gateway-lb-pending")
        #expect(pending.concerns.contains { $0.hasSuffix("has no address") })
        let orphaned = try survey("bigbang-254/51-step2-ready-orphan-lb")
        #expect(
            orphaned.gateways.filter(\.isOrphan).map(\.service) == [
                "istio-system/public-ingressgateway"
            ])
        let gateway = orphaned.gateways.first {
            $0.service == "istio-gateway/public-ingressgateway"
        }
        #expect(gateway?.proxies == ["default 1.25.2"])
        #expect(gateway?.address != nil)
    }

    @Test func `releases of Flux and resources of operators show how they stand`() throws {
        let before = try survey("bigbang-254/00-before")
        #expect(before.operators.map(\.name) == ["istio-system/istiocontrolplane"])
        #expect(before.releases.contains { $0.name == "bigbang/bigbang" && $0.isWell })
        let during = try survey("bigbang-254/10-step1-parent-progressing")
        #expect(during.operators.map(\.state) == ["on its way out"])
        #expect(
            during.concerns.contains { $0.contains("HelmRelease bigbang/istio is being deleted") })
    }

    @Test func `roots of trust are told by their fingerprints`() throws {
        let survey = try survey("gloo-takeover/20-control-plane-healthy/cluster-1")
        #expect(survey.roots.count == 1)
        #expect(survey.roots.first?.fingerprints.allSatisfy { $0.count == 64 } == true)
        var world = try World("20")
        var stranger = try Fixture.sample("b", in: "roots")
        stranger[path: ["metadata", "namespace"]] = "shop"
        world.cluster.append(stranger)
        let mixed = try world.seen()
        #expect(mixed.roots.map(\.namespaces).last == ["shop"])
        #expect(mixed.concerns.contains("other roots of trust in shop"))
    }

    @Test func `the trust domains of planes and of proxies are told, each once`() throws {
        var world = try World("20")
        #expect(try world.seen().trustDomains == ["cluster.local"])
        for name in ["configmap-istio", "configmap-istio-1-15"] {
            world.cluster.append(try Fixture.sample(name, in: "controlplane"))
        }
        let survey = try world.seen()
        #expect(survey.trustDomains == ["cluster-1", "cluster.local"])
        #expect(survey.concerns.contains("more than one trust domain: cluster-1, cluster.local"))
    }

    @Test func `kinds the server does not know are nothing to be seen`() throws {
        var world = try World("00")
        world.unknownKinds = ["IstioOperator", "HelmRelease", "Rollout", "PodDisruptionBudget"]
        #expect(try world.seen().operators.isEmpty)
        world.unknownVersions = ["policy/v1"]
        #expect(throws: Never.self) { try world.seen() }
    }

    @Test func `without pods there is no picture, and a gap is said`() throws {
        var world = try World("00")
        guard case .seen(let survey) = world.survey(gaps: ["events: forbidden"]) else {
            Issue.record("nothing was seen")
            return
        }
        #expect(survey.concerns.contains("not read: events: forbidden"))
        world.unknownKinds = ["Pod"]
        #expect(world.survey() == .missed("the API server does not know \(APIPath.pods)"))
    }

    @Test func `nothing is read but what the API server only gives`() {
        guard
            case .needs(let readings) = SurveyRecipe.look(StepContext(now: .init(milliseconds: 0)))
        else {
            Issue.record("the survey asks for nothing")
            return
        }
        #expect(readings.count > 15)
        for reading in readings {
            guard case .path(let path, .cluster) = reading else {
                Issue.record("\(reading) is no path of the cluster")
                continue
            }
            #expect(!path.contains("secrets"))
        }
        #expect(SurveyRecipe.essentials.isSubset(of: readings))
    }

    @Test func `the order in which a server lists objects does not matter`() throws {
        var generator = SeededGenerator(seed: 11)
        for (path, _) in try Scenarios.all() {
            var world = try World(stage: path)
            let survey = try world.seenOrEmpty()
            world.cluster.shuffle(using: &generator)
            #expect(try world.seenOrEmpty() == survey, "\(path)")
        }
    }

    @Test func `any cluster can be surveyed`() throws {
        var generator = SeededGenerator(seed: 12)
        for (path, objects) in try Scenarios.all() where !path.hasSuffix("mgmt") {
            for _ in 0..<12 {
                var world = try World(stage: path)
                for _ in 0..<10 {
                    guard let index = objects.indices.randomElement(using: &generator) else {
                        break
                    }
                    let kind = objects[index]["kind"]
                    world.cluster[index] = objects[index].mutated(using: &generator)
                    world.cluster[index]["kind"] = kind
                }
                if case .seen(let survey) = world.survey() {
                    _ = (survey.concerns, survey.facts)
                }
            }
        }
    }
}

extension World {
    /// Management clusters have neither pods nor a mesh, which is no picture.
    fileprivate func seenOrEmpty() throws -> ClusterSurvey {
        if case .seen(let survey) = survey() { return survey }
        return ClusterSurvey()
    }
}
