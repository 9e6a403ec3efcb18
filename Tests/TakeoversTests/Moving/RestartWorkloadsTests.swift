import FleetModel
import Testing

@testable import Takeovers

/// The ways to restart that `kubectl rollout restart` does not know.
@Suite struct RestartWorkloadsTests {
    /// When the pods are young.
    private let soonAfter = Timestamp(rfc3339: "2025-05-20T09:05:00Z") ?? .distantFuture

    private let manual: (inout JSON) -> Void = {
        $0[path: ["spec", "updateStrategy", "type"]] = "OnDelete"
    }

    /// Turns the step to its end.
    private func turn(
        _ world: inout World, in situation: Situation = .gloo()
    ) throws -> (Observation, [Command]) {
        let step = try GlooRunbook.step("restart-workloads", of: "takeover", in: situation)
        let (end, ran) = world.turn(step, pausing: .seconds(60))
        return (end, ran.withoutLease)
    }

    @Test func `of a StatefulSet with OnDelete, pods are evicted after its restart, last first`()
        throws
    {
        var world = try World.straggler("StatefulSet", pods: ["db-2", "db-9", "db-10"], manual)
        let (end, ran) = try turn(&world)
        #expect(end.word == "done" && end.saying.hasPrefix("6 workloads are on 1-15 1.15.3-solo"))
        #expect(
            ran.map(\.purpose) == [
                "restart StatefulSet bookinfo/db",
                "restart pod db-10 of StatefulSet bookinfo/db",
                "restart pod db-9 of StatefulSet bookinfo/db",
                "restart pod db-2 of StatefulSet bookinfo/db",
            ])
        let path = "/api/v1/namespaces/bookinfo/pods/db-10/eviction"
        #expect(ran[1].argv.suffix(5) == ["create", "--raw", path, "-f", "-"])
        let eviction = try #require(ran[1].stdin.flatMap { JSON(parsing: $0) })
        #expect(eviction["apiVersion"] == "policy/v1" && eviction["kind"] == "Eviction")
        #expect(eviction[path: ["deleteOptions", "preconditions", "uid"]] == "uid-of-db-10")
        #expect(try turn(&world).1.isEmpty)
    }

    // MARK: - What the preflight asks for it

    private func preflight(_ world: World) throws -> String {
        "\(world.observe(try GlooRunbook.step("preflight", of: "prepare")))"
    }

    @Test(arguments: [
        ("StatefulSet", "create pods/eviction"), ("DaemonSet", "create pods/eviction"),
        ("StatefulSet", "patch statefulsets"), ("DaemonSet", "patch daemonsets"),
        ("Rollout", "patch rollouts"),
    ])
    func `a right that only some owners need is asked for where they are`(
        kind: String, right: String
    ) throws {
        var world = try World.straggler(kind, kind == "Rollout" ? { _ in } : manual)
        #expect(try !preflight(world).contains("we may not"))
        world.forbidden = [right]
        #expect(try preflight(world).contains("P01 we may not \(right)"))
    }

    @Test func `who is taken back by an earlier template needs that to be read`() throws {
        let (right, words) = ("list controllerrevisions", "P01 we may not list controllerrevisions")
        let together: (inout JSON) -> Void = {
            $0[path: ["spec", "podManagementPolicy"]] = "Parallel"
        }
        for (kind, change, isAsked) in [
            ("DaemonSet", { _ in }, true), ("StatefulSet", together, true),
            ("StatefulSet", { _ in }, false), ("DaemonSet", manual, false),
        ] as [(String, (inout JSON) -> Void, Bool)] {
            var world = try World.straggler(kind, change)
            world.forbidden = [right]
            #expect(try preflight(world).contains(words) == isAsked, "\(kind)")
        }
    }

    @Test func `nobody asks for a right that nothing needs`() throws {
        var world = try World.straggler("StatefulSet")
        world.forbidden = ["create pods/eviction", "patch rollouts", "patch daemonsets"]
        #expect(try !preflight(world).contains("we may not"))
    }

    @Test func `a change that waits for OnDelete pods to go is warned about`() throws {
        var world = try World.straggler("StatefulSet", manual)
        let words = "a change of the template of StatefulSet bookinfo/db is pending (OnDelete)"
        for index in world.cluster.indices where world.cluster[index].name.hasPrefix("db-") {
            world.cluster[index][path: ["metadata", "labels", "controller-revision-hash"]] = "db-1"
        }
        // Behind for ever, though every pod was made from the template as it is.
        world.edit("StatefulSet", "db", in: "bookinfo") {
            $0["status"] = ["currentRevision": "db-0", "updateRevision": "db-1"]
        }
        #expect(try !preflight(world).contains(words))
        world.edit("StatefulSet", "db", in: "bookinfo") {
            $0[path: ["status", "updateRevision"]] = "db-2"
        }
        #expect(try preflight(world).contains(words))
        world.edit("StatefulSet", "db", in: "bookinfo") {
            $0[path: ["spec", "updateStrategy", "type"]] = "RollingUpdate"
        }
        #expect(try !preflight(world).contains(words))
    }

    @Test(arguments: ["StatefulSet", "DaemonSet"])
    func `owners whose pods are replaced only when they are deleted are named`(kind: String) throws
    {
        let words =
            "P07 \(kind) bookinfo/db: it replaces its pods only when they are deleted (OnDelete)"
        #expect(try preflight(try World.straggler(kind, manual)).contains(words))
        #expect(try !preflight(try World.straggler(kind)).contains("(OnDelete)"))
    }

    @Test func `so is one of a DaemonSet`() throws {
        var world = try World.straggler("DaemonSet", manual)
        let words = "a change of the template of DaemonSet bookinfo/db is pending (OnDelete)"
        for (updated, isPending) in [(2, false), (1, true)] {
            world.edit("DaemonSet", "db", in: "bookinfo") {
                $0["status"] = [
                    "desiredNumberScheduled": 2, "currentNumberScheduled": 2,
                    "updatedNumberScheduled": .int(Int64(updated)),
                ]
            }
            #expect(try preflight(world).contains(words) == isPending)
        }
    }

    // MARK: - Restarts

    @Test func `a move that was left in the middle goes on with the pods that are left`() throws {
        var world = try World.straggler("DaemonSet", manual)
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while world.lastRun.last?.purpose != "restart pod db-0 of DaemonSet bookinfo/db" {
            guard case .notDone = world.observe(step) else {
                guard case .settling(let item, _, _) = world.observe(step) else { break }
                world.settled.insert(item)
                continue
            }
            world.run(world.commands(step))
        }
        let (end, ran) = try turn(&world)
        #expect(end.word == "done")
        #expect(ran.map(\.purpose) == ["restart pod db-1 of DaemonSet bookinfo/db"])
    }

    @Test(arguments: ["ReplicaSet", "ReplicationController"])
    func `of what stands without a Deployment, pods are evicted`(kind: String) throws {
        var world = try World.straggler(kind)
        let (end, ran) = try turn(&world)
        #expect(end.word == "done")
        #expect(
            ran.map(\.purpose) == [
                "restart pod db-0 of \(kind) bookinfo/db",
                "restart pod db-1 of \(kind) bookinfo/db",
            ])
    }

    @Test func `an Argo Rollout is told when to restart, by the clock of its pods`() throws {
        let set: JSON = [
            "kind": "ReplicaSet",
            "metadata": [
                "name": "db-1", "namespace": "bookinfo",
                "ownerReferences": [["kind": "Rollout", "name": "db", "controller": true]],
            ],
        ]
        var world = try World.straggler("Rollout", pods: ["db-1-a"])
        world.cluster.append(set)
        world.edit("Pod", "db-1-a", in: "bookinfo") {
            $0[path: ["metadata", "labels", "rollouts-pod-template-hash"]] = "1"
            $0[path: ["metadata", "creationTimestamp"]] = "2030-01-01T00:00:00Z"
            let reference: JSON = ["kind": "ReplicaSet", "name": "db-1", "controller": true]
            $0[path: ["metadata", "ownerReferences"]] = [reference]
        }
        let (end, ran) = try turn(&world)
        #expect(end.word == "done", "\(end)")
        #expect(ran.map(\.stdin) == [#"{"spec":{"restartAt":"2030-01-01T00:00:01Z"}}"#])
        #expect(
            ran.first?.argv.contains("rollouts.argoproj.io") == true
                && ran.first?.argv.contains("--type=merge") == true)
    }

    @Test func `a proxy that nothing tells the revision of is left behind`() throws {
        var world = try World("60")
        let proxy: JSON = ["name": "istio-proxy", "image": "proxyv2@sha256:0"]
        world.cluster.append([
            "kind": "Pod", "spec": ["containers": [proxy]],
            "metadata": [
                "name": "odd", "namespace": "bookinfo",
                "annotations": ["sidecar.istio.io/status": "{}"],
            ],
        ])
        let words =
            "cannot be restarted: Pod bookinfo/odd (nothing tells which revision its proxy "
            + "belongs to)"
        let (end, _) = try turn(&world)
        #expect(end == .failed(Failure(.blocked, words)))
    }

    @Test func `an owner of which only some pods are waived is restarted`() throws {
        var world = try World.straggler("ReplicaSet")
        let parameters: [String: JSON] = ["gateways": "none", "waived": ["bookinfo/db-0"]]
        let (_, ran) = try turn(&world, in: .gloo(.gloo(parameters: parameters)))
        #expect(ran.map(\.purpose).contains("restart pod db-1 of ReplicaSet bookinfo/db"))
    }

    @Test func `what is waived and was never in the mesh is not told of`() throws {
        var world = try World.straggler("ReplicaSet")
        for name in ["db-0", "db-1"] {
            world.edit("Pod", name, in: "bookinfo") { $0 = $0.withoutProxy ?? $0 }
        }
        let parameters: [String: JSON] = ["gateways": "none", "waived": ["bookinfo/db"]]
        let (end, ran) = try turn(&world, in: .gloo(.gloo(parameters: parameters)))
        #expect(end.saying.hasPrefix("5 workloads are on 1-15 1.15.3-solo ") && ran.isEmpty)
        #expect(!end.saying.contains("left behind"))
    }

    @Test func `a budget that lets no pod go is waited for, and named`() throws {
        var world = try World.straggler("ReplicaSet")
        world.cluster.append(budget("db", allowed: 0))
        let words = "ReplicaSet bookinfo/db: disruption budget bookinfo/db lets pod db-0 not go yet"
        #expect(try turn(&world).0 == .partial(words))
        world.edit("PodDisruptionBudget", "db", in: "bookinfo") {
            $0[path: ["status", "disruptionsAllowed"]] = 1
        }
        #expect(try turn(&world).0.word == "done")
    }

    @Test func `nothing is restarted under a budget that is broken, if it can be kept`() throws {
        var world = try World.straggler("StatefulSet") {
            $0["status"] = ["readyReplicas": 2, "updatedReplicas": 2]
        }
        world.cluster.append(budget("db", allowed: 0))
        world.edit("PodDisruptionBudget", "db", in: "bookinfo") {
            $0[path: ["status", "currentHealthy"]] = 1
            $0[path: ["status", "desiredHealthy"]] = 2
        }
        let words =
            "StatefulSet bookinfo/db: fewer pods are well than disruption budget bookinfo/db asks "
            + "for"
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        #expect(world.observe(step) == .partial(words))
        world.edit("PodDisruptionBudget", "db", in: "bookinfo") {
            $0[path: ["status", "desiredHealthy"]] = 3
        }
        #expect(world.observe(step).word == "notDone")
    }

    @Test func `a pod that two budgets count is never evicted`() throws {
        var world = try World.straggler("ReplicaSet")
        world.cluster += [budget("db", allowed: 1), budget("all", allowed: 1)]
        let (end, ran) = try turn(&world)
        let words =
            "ReplicaSet bookinfo/db: 2 disruption budgets count pod db-0: bookinfo/all, bookinfo/db"
        #expect(end == .failed(Failure(.terminal, words)))
        #expect(ran.isEmpty)
    }

    private func budget(_ name: String, allowed: Int64) -> JSON {
        [
            "kind": "PodDisruptionBudget",
            "metadata": ["name": .string(name), "namespace": "bookinfo"],
            "spec": ["selector": ["matchLabels": ["app": "db"]]],
            "status": ["disruptionsAllowed": .int(allowed), "expectedPods": 2],
        ]
    }

    @Test func `the next pod waits until the one before is back and ready`() throws {
        var world = try World.straggler("StatefulSet", manual)
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        world.now = soonAfter
        world.cluster.removeAll { $0["kind"] == "Pod" && $0.name == "db-1" }
        let absent = "StatefulSet bookinfo/db: 1 of 2 pods are there"
        #expect(world.observe(step) == .partial(absent))
        world = try World.straggler("StatefulSet", manual)
        world.now = soonAfter
        world.edit("Pod", "db-1", in: "bookinfo") { $0[path: ["status", "conditions"]] = [] }
        let unready = "StatefulSet bookinfo/db: pod db-1 is not ready"
        #expect(world.observe(step) == .partial(unready))
    }

    @Test func `the pod that asks says of injection what the template says`() throws {
        var world = try World.straggler("StatefulSet") {
            $0[path: ["spec", "template", "metadata", "annotations"]] = [
                "sidecar.istio.io/inject": "true", "team": "blue",
            ]
            $0["status"] = ["readyReplicas": 2, "updatedReplicas": 2]
        }
        world.denials["bookinfo"] = { pod in
            pod.annotations == ["sidecar.istio.io/inject": "true"] ? nil : "unlike the template"
        }
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        #expect(world.observe(step).saying.hasPrefix("StatefulSet bookinfo/db is next"))
    }

    @Test func `pods that come back bare end the step`() throws {
        var world = try World.straggler("StatefulSet") {
            $0["status"] = ["readyReplicas": 2, "updatedReplicas": 2]
        }
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        (world.lastRun, world.hasActed) = (world.commands(step), true)
        world.run(world.lastRun)
        #expect(world.observe(step).saying.contains("bookinfo/db, restarted"))
        world.edit("Pod", "db-1", in: "bookinfo") { $0 = $0.withoutProxy ?? $0 }
        let words = "StatefulSet bookinfo/db: came back without a sidecar"
        #expect(world.observe(step) == .settling(item: words, for: .seconds(10), fingerprint: ""))
        world.settled.insert(words)
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `a pod that comes back wrong ends the step before the next is evicted`() throws {
        var world = try World.straggler("ReplicaSet")
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        (world.lastRun, world.hasActed) = (world.commands(step), true)
        world.edit("Pod", "db-0", in: "bookinfo") {
            $0[path: ["metadata", "creationTimestamp"]] = "2030-01-01T00:00:00Z"
        }
        let words = "ReplicaSet bookinfo/db: the pod that was made anew is on default 1.14.5"
        #expect(world.observe(step) == .settling(item: words, for: .seconds(10), fingerprint: ""))
        world.settled.insert(words)
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `a restart that an operator takes back is told with its name`() throws {
        var world = try World.straggler("StatefulSet") {
            let reference: JSON = ["kind": "Prometheus", "name": "k8s", "controller": true]
            $0[path: ["metadata", "ownerReferences"]] = [reference]
            $0["status"] = ["readyReplicas": 2, "updatedReplicas": 2]
        }
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        (world.lastRun, world.hasActed) = (world.commands(step), true)
        #expect(world.lastRun.last?.stdin?.contains("2025-06-15T15:06:40Z") == true)
        let words =
            "StatefulSet bookinfo/db: its restart was taken back by Prometheus bookinfo/k8s, "
            + "which it belongs to"
        #expect(world.observe(step) == .settling(item: words, for: .seconds(10), fingerprint: ""))
        world.settled.insert(words)
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test func `an operator that leaves the restart alone is no obstacle`() throws {
        var world = try World.straggler("StatefulSet") {
            let reference: JSON = ["kind": "Prometheus", "name": "k8s", "controller": true]
            $0[path: ["metadata", "ownerReferences"]] = [reference]
            $0["status"] = ["readyReplicas": 2, "updatedReplicas": 2]
        }
        let (end, ran) = try turn(&world)
        #expect(end.word == "done", "\(end)")
        #expect(ran.map(\.purpose) == ["restart StatefulSet bookinfo/db"])
    }

    @Test func `what cannot be restarted by us is still left behind with a reason`() throws {
        var world = try World.straggler("ReplicationController")
        world.edit("ReplicationController", "db", in: "bookinfo") {
            let reference: JSON = ["kind": "DeploymentConfig", "name": "shop", "controller": true]
            $0[path: ["metadata", "ownerReferences"]] = [reference]
        }
        world.cluster.append([
            "kind": "DeploymentConfig", "metadata": ["name": "shop", "namespace": "bookinfo"],
        ])
        let words =
            "cannot be restarted: DeploymentConfig bookinfo/shop (OpenShift's client restarts it: "
            + #"set the parameter "platform" to "openshift")"#
        #expect(try turn(&world).0 == .failed(Failure(.blocked, words)))
    }
}
