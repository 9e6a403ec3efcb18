import FleetModel
import Testing

@testable import Takeovers

/// What the steps do from the new gateways on, and about what is left over.
@Suite struct BigBangEndTests {
    // MARK: - Gateways

    @Test func `a gateway without an address is waited for, and said to be`() throws {
        var world = try World(bigBang: "254/50")
        world.edit("Service", "public-ingressgateway", in: "istio-gateway") {
            $0[path: ["status", "loadBalancer"]] = [:]
        }
        #expect(
            try world.reason("gateways-up").hasPrefix(
                "Service istio-gateway/public-ingressgateway has no address yet"))
    }

    @Test func `a Service that waits for its address is told in the words of its events`() throws {
        var world = try World(bigBang: "254/50")
        world.edit("Service", "public-ingressgateway", in: "istio-gateway") {
            $0[path: ["status", "loadBalancer"]] = [:]
        }
        let events = [
            ("Normal", "2", "on it"), ("Warning", "1", "no IPs"), ("Warning", "0", "old"),
        ]
        for (type, minute, message) in events {
            world.cluster.append([
                "kind": "Event", "type": .string(type), "reason": "AllocationFailed",
                "metadata": ["name": .string("e\(minute)"), "namespace": "istio-gateway"],
                "message": .string(message),
                "lastTimestamp": .string("2026-01-01T00:0\(minute):00Z"),
            ])
        }
        #expect(
            try world.reason("gateways-up").hasPrefix(
                "Service istio-gateway/public-ingressgateway has no address yet "
                    + "(AllocationFailed: no IPs)"))
    }

    @Test(
        arguments: [
            [:], ["items": 3], ["items": ["x", nil, ["type": "Warning"]]],
            ["items": [["type": "Warning", "message": 7, "lastTimestamp": "never"]]],
        ] as [JSON])
    func `whatever a server sends as events is read`(list: JSON) {
        #expect(ServiceEvents.latestWarning(list) == nil)
    }

    @Test func `a gateway that came up with the old proxy is restarted`() throws {
        var world = try World(bigBang: "254/50")
        let pod = try #require(
            world.cluster.first {
                $0["kind"] == "Pod" && $0.namespace == "istio-gateway"
            })
        world.edit("Pod", pod.name, in: "istio-gateway") { object in
            let containers = object.spec.items("containers").map { container in
                var container = container
                container["image"] = "example/proxyv2:1.23.6"
                return container
            }
            object[path: ["spec", "containers"]] = .array(containers)
        }
        let step = try BigBangRunbook.step("gateways-up")
        #expect(world.observe(step).word == "notDone")
        #expect(
            world.commands(step).last?.argv.suffix(3) == [
                "rollout", "restart", "deployment/public-ingressgateway",
            ])
    }

    @Test func `records name host, type, old and new address, and wait for an answer`() throws {
        var world = try World(bigBang: "254/00")
        world.run(world.commands(try BigBangRunbook.step("save-baseline")))
        let baseline = try #require(world.object("ConfigMap", Baseline.name, in: "bigbang"))
        world = try World(bigBang: "254/50")
        world.keep(baseline)
        let step = try BigBangRunbook.step("publish-addresses")
        let words = "shop.bigbang.example A 172.20.1.241 -> 172.16.88.88 TTL 5m 00s"
        #expect(world.observe(step) == .notDone(words))
        world.run(world.commands(step))
        #expect(world.observe(step) == .done(words))
        let wait = try BigBangRunbook.step("await-dns")
        #expect(world.observe(wait).saying.contains("bellwether/dns=done"))
        world.edit("ConfigMap", AddressChanges.mapName, in: "bigbang") {
            $0[path: ["metadata", "annotations", AddressChanges.answer]] = "done"
        }
        #expect(world.observe(wait) == .done("1 records were changed"))
    }

    // MARK: - Workloads, trust and orphans

    @Test func `workloads that came up bare are restarted first, those that were bare are not`()
        throws
    {
        var world = try World(bigBang: "254/50")
        for name in ["ratings-v1", "reviews-v1"] { world.strip(name) }
        world.keep(Baseline(bare: ["Deployment bookinfo/reviews-v1"]))
        let step = try BigBangRunbook.step("restart-workloads")
        guard case .settling(let item, _, _) = world.observe(step) else {
            Issue.record("\(world.observe(step))")
            return
        }
        world.settled = [item]
        #expect(world.commands(step).last?.argv.last == "deployment/ratings-v1")
        #expect(
            try world.reason("find-bare-workloads")
                == "without a sidecar, to be restarted first: Deployment bookinfo/ratings-v1")
    }

    @Test func `one bare pod among others is enough, and goes first`() throws {
        var world = try World(bigBang: "254/50")
        let pod = try #require(
            world.cluster.first { $0["kind"] == "Pod" && $0.name.hasPrefix("ratings-v1") })
        var bare = try #require(pod.withoutProxy)
        bare[path: ["metadata", "name"]] = "ratings-v1-made-in-the-gap"
        world.cluster.append(bare)
        // The other one was made a moment later, and is on target already.
        var fresh = try #require(world.answer(probing: pod))
        fresh["kind"] = "Pod"
        world.edit("Pod", pod.name, in: pod.namespace) { $0 = fresh }
        #expect(
            try world.reason("find-bare-workloads")
                == "without a sidecar, to be restarted first: Deployment bookinfo/ratings-v1")
        let step = try BigBangRunbook.step("restart-workloads")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        #expect(world.commands(step).last?.argv.last == "deployment/ratings-v1")
        world.settled = []
        let (end, ran) = world.turn(step, pausing: .seconds(60))
        #expect(end.word == "done", "\(end)")
        #expect(ran.withoutLease.count { $0.argv.last == "deployment/ratings-v1" } == 1)
        #expect(
            try world.reason("find-bare-workloads") == "every pod that asks for a sidecar has one")
    }

    @Test func `bare pods that nobody of ours restarts are told as such`() throws {
        var world = try World(bigBang: "254/50")
        let pod = try #require(
            world.cluster.first { $0["kind"] == "Pod" && $0.name.hasPrefix("ratings-v1") })
        world.strip("ratings-v1")
        for owner: JSON in [["kind": "Job", "name": "nightly", "controller": true], .null] {
            var bare = try #require(pod.withoutProxy)
            bare[path: ["metadata", "name"]] = "alone"
            bare[path: ["metadata", "ownerReferences"]] = owner.isNull ? nil : .array([owner])
            world.cluster.append(bare)
        }
        #expect(
            try world.reason("find-bare-workloads")
                == "without a sidecar, to be restarted first: Deployment bookinfo/ratings-v1, not "
                + "restarted by us: Pod bookinfo/alone (a bare pod: nothing would make it anew), "
                + "Job bookinfo/nightly (a Job's pods are left to end by themselves)")
    }

    @Test func `another root is told with what it breaks, and accepted when it is expected`()
        throws
    {
        var world = try World(bigBang: "254/60")
        world.cluster += try ["istio-system", "bookinfo"].map { space in
            var map = try Fixture.sample("b", in: "roots")
            map[path: ["metadata", "namespace"]] = .string(space)
            map["kind"] = "ConfigMap"
            return map
        }
        world.keep(Baseline(roots: [String(repeating: "a", count: 64)]))
        // Before the restarts it is an alarm, behind which this cluster goes on.
        let early = world.observe(try BigBangRunbook.step("check-roots"))
        guard case .failed(let alarm) = early else {
            Issue.record("\(early)")
            return
        }
        #expect(alarm.kind == .alarm && alarm.reason.contains("No other cluster begins"))
        let words = try world.reason("check-trust")
        #expect(world.observe(try BigBangRunbook.step("check-trust")).word == "failed terminal")
        #expect(words.contains("the root of trust has changed (aaaaaaaaaaaa is gone"))
        #expect(words.contains("CERTIFICATE_VERIFY_FAILED"))
        let step = try BigBangRunbook.step("check-trust", in: .bigBang(["allowNewRoot": true]))
        #expect(world.observe(step).word == "done")
    }

    @Test func `orphans are named and kept, or deleted when the takeover says so`() throws {
        let world = try World(bigBang: "254/51")
        #expect(try world.reason("remove-orphans").hasPrefix("left over, and paid for: istio-sys"))
        let step = try BigBangRunbook.step("remove-orphans", in: .bigBang(["orphans": "delete"]))
        #expect(world.observe(step).word == "notDone")
        let deletion = try #require(world.commands(step).last)
        #expect(deletion.argv.contains("public-ingressgateway"))
        #expect(deletion.argv.contains("istio-system"))
    }

    @Test func `no step ever deletes a pod`() throws {
        for phase in ["prepare", "takeover", "retire"] {
            for step in BigBangRunbook.steps(of: phase, in: .bigBang(["orphans": "delete"])) {
                for command in step.preview.acts + step.preview.compensation {
                    let words = command.argv.joined(separator: " ")
                    #expect(!words.contains("delete pod"), "\(step.outline.name)")
                }
            }
        }
    }

    // MARK: - The end

    @Test func `flags that come back from git are told, not followed`() throws {
        let world = try World(bigBang: "254/30")
        #expect(try world.reason("finish").hasPrefix("the packages of the operator are back"))
    }

    @Test func `a Kustomization stays suspended until its values are in git`() throws {
        var world = try World(bigBang: "254/60")
        world.edit("Kustomization", "environment", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
        }
        #expect(try world.reason("finish").contains("stays suspended until the values of step 2"))
        let step = try BigBangRunbook.step("finish", in: .bigBang(["valuesInGit": true]))
        #expect(world.observe(step).word == "notDone")
        #expect(world.commands(step).last?.purpose == "resume environment")
    }

    @Test func `where there is a flux it reconciles one release after the other`() throws {
        var situation = Situation.bigBang()
        let plain = try BigBangRunbook.step("reconcile-twice", in: situation)
        let world = try World(bigBang: "254/60")
        #expect(world.commands(plain).withoutLease.map { $0.argv[0] } == ["kubectl"])

        situation = Situation(
            takeover: situation.takeover,
            cluster: Cluster("cluster-1", tools: ["flux": "/opt/flux"]), management: nil,
            run: "7F3K", epoch: 1)
        let step = try BigBangRunbook.step("reconcile-twice", in: situation)
        let commands = world.commands(step).withoutLease
        #expect(commands.count == 2)
        let name = try #require(commands.first?.argv[5])
        #expect(
            commands.first?.argv == [
                "/opt/flux", "--context", "cluster-1", "reconcile", "helmrelease", name, "-n",
                "bigbang", "--with-source", "--timeout", "15m",
            ])
        #expect(commands.last?.argv.last == "\(FluxRequest.annotation)=7F3K-first")
        // The second time our own request is enough: it tells whether anything changed.
        var asked = world
        asked.edit("HelmRelease", name, in: "bigbang") { $0 = $0.answering("7F3K-first") }
        let second = asked.commands(step).withoutLease
        #expect(second.count == 1)
        #expect(second.first?.argv.contains("annotate") == true)

        var suspended = world
        suspended.edit("HelmRelease", name, in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
        }
        let words = "HelmRelease \(name) is suspended"
        #expect(suspended.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `without a flux sources are fetched first, and charts made of what was fetched`()
        throws
    {
        var world = try World(bigBang: "254/60")
        let step = try BigBangRunbook.step("reconcile-twice")
        world.edit("HelmRelease", "istiod", in: "bigbang") {
            $0[path: ["spec", "chart", "spec", "sourceRef"]] = [
                "kind": "HelmRepository", "name": "registry",
            ]
            $0[path: ["status", "helmChart"]] = "bigbang/bigbang-istiod"
        }
        let ready: JSON = [
            "observedGeneration": 1, "artifact": ["revision": "new"],
            "conditions": [["type": "Ready", "status": "True"]],
        ]
        for (kind, name) in [("GitRepository", "istio-crds"), ("HelmRepository", "registry")] {
            world.cluster.append([
                "kind": .string(kind),
                "metadata": [
                    "name": .string(name), "namespace": "bigbang", "generation": 1,
                ], "status": ready,
            ])
        }
        world.cluster.append([
            "kind": "HelmChart", "metadata": ["name": "bigbang-istiod", "namespace": "bigbang"],
            "status": ["observedSourceArtifactRevision": "old"],
        ])
        world.edit("GitRepository", "bigbang", in: "bigbang") { $0["status"] = ready }
        world.edit("GitRepository", "bigbang", in: "bigbang") {
            $0[path: ["metadata", "generation"]] = 1
        }
        #expect(
            world.observe(step)
                == .notDone(
                    "Flux is to fetch GitRepository bigbang/bigbang, GitRepository "
                        + "bigbang/istio-crds, HelmRepository bigbang/registry"))
        world.run(world.commands(step))
        #expect(world.observe(step).saying.contains("has not been handled yet"))
        world.flux(handles: "7F3K-first")
        #expect(
            world.observe(step) == .partial("HelmChart bigbang/bigbang-istiod is still made of old")
        )
        world.edit("HelmChart", "bigbang-istiod", in: "bigbang") {
            $0[path: ["status", "observedSourceArtifactRevision"]] = "new"
        }
        #expect(world.observe(step).saying.hasPrefix("Flux is to look at bigbang"))
        // A registry answers no request, and what is suspended fetches nothing.
        var idle = world
        idle.edit("HelmRepository", "registry", in: "bigbang") {
            $0[path: ["spec", "type"]] = "oci"
            $0["status"] = nil
        }
        idle.edit("GitRepository", "istio-crds", in: "bigbang") {
            $0[path: ["spec", "suspend"]] = true
            $0["status"] = nil
        }
        #expect(idle.observe(step).saying.hasPrefix("Flux is to look at bigbang"))
    }

    @Test func `two looks of Flux are over when the second changed nothing`() throws {
        let release = HelmRelease(try Fixture.sample("hr-istiod-ready", in: "flux"))
        let look = SecondLook(bigBang: BigBangSituation(.bigBang()))
        guard case .toAsk(let first) = look.progress(of: release) else {
            Issue.record("nobody asked yet")
            return
        }
        #expect(first.token == "7F3K-first")
        guard case .toAsk(let second) = look.progress(of: release.answering("7F3K-first")) else {
            Issue.record("the first look is over")
            return
        }
        #expect(second.token == "7F3K-second-unchanged-since-v1")
        #expect(look.progress(of: release.answering(second.token)) == .done)
        // Another revision since: the look did change something.
        let other = release.answering("7F3K-second-unchanged-since-v0")
        #expect(look.progress(of: other) == .toAsk(first))
    }
}

extension World {
    /// The pod as it would be made now.
    fileprivate func answer(probing pod: JSON) -> JSON? {
        guard let bare = pod.withoutProxy, case .found(let fresh) = inject(bare, in: pod.namespace)
        else { return nil }
        return fresh
    }

    /// Takes the sidecars away from a workload's pods.
    fileprivate mutating func strip(_ owner: String) {
        for index in cluster.indices
        where cluster[index]["kind"] == "Pod" && cluster[index].name.hasPrefix(owner) {
            let status = ["metadata", "annotations", "sidecar.istio.io/status"]
            cluster[index][path: status] = nil
            for list in ["containers", "initContainers"] {
                let kept = cluster[index].spec.items(list).filter { $0["name"] != "istio-proxy" }
                cluster[index][path: ["spec", list]] = .array(kept)
            }
        }
    }
}

extension HelmRelease {
    /// The release after Flux has handled a request.
    fileprivate func answering(_ token: String) -> HelmRelease {
        HelmRelease(object.answering(token))
    }
}

extension JSON {
    /// An object of Flux after a request was handled.
    fileprivate func answering(_ token: String) -> JSON {
        var object = self
        object[path: ["metadata", "annotations", FluxRequest.annotation]] = .string(token)
        object[path: ["status", "lastHandledReconcileAt"]] = .string(token)
        return object
    }
}
