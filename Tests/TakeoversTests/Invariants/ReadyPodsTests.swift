import FleetModel
import Testing

@testable import Takeovers

/// I4: owners of every kind keep the pods that were ready.
@Suite struct ReadyPodsTests {
    @Test func `I4 a pod that is no longer ready`() throws {
        let before = try World("30")
        var after = before
        after.unready("reviews-v1")
        #expect(
            try after.violations(of: .readiness, since: before) == [
                "I4: Deployment bookinfo/reviews-v1 has fewer ready pods than before: "
                    + "0 instead of 1"
            ])
        #expect(try before.violations(of: .readiness, since: before).isEmpty)
        #expect(try after.violations(of: .readiness, since: after).isEmpty)
    }

    @Test func `I4 an owner without any pod is noticed, one that wants fewer is not`() throws {
        let before = try World("30")
        var after = before
        after.cluster.removeAll { $0["kind"] == "Pod" && $0.name.hasPrefix("reviews-v1") }
        #expect(try after.violations(of: .readiness, since: before).count == 1)
        after.edit("Deployment", "reviews-v1", in: "bookinfo") {
            $0[path: ["spec", "replicas"]] = 0
        }
        #expect(try after.violations(of: .readiness, since: before).isEmpty)
        after.remove("Deployment", "reviews-v1", in: "bookinfo")
        #expect(try after.violations(of: .readiness, since: before).isEmpty)
    }

    @Test func `I4 leaves pods outside the mesh, and those of our own test, to others`() throws {
        let before = try World("30")
        var after = before
        after.unready("reviews-v1")
        var ours = before
        ours.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "annotations", TestWorkload.creatorAnnotation]] = "7F3K"
        }
        #expect(try after.violations(of: .readiness, since: ours).isEmpty)
        var bare = before
        bare.stripSidecar(of: "reviews-v1")
        var fallen = bare
        fallen.unready("reviews-v1")
        #expect(try fallen.violations(of: .readiness, since: bare).isEmpty)
    }

    /// A cluster with an owner of a kind that `kubectl rollout` does not know, of two pods.
    private func world(_ kind: String, replicas: Int64 = 2) throws -> World {
        var world = try World("30")
        let maker = ["Rollout": "ReplicaSet", "DeploymentConfig": "ReplicationController"][kind]
        let owner: JSON = ["kind": .string(kind), "name": "db", "controller": true]
        let names = maker == nil ? ["db"] : ["db", "db-1"]
        for (kind, name) in zip([kind] + (maker.map { [$0] } ?? []), names) {
            var object: JSON = [
                "kind": .string(kind),
                "metadata": ["name": .string(name), "namespace": "bookinfo"],
                "spec": ["replicas": .int(replicas)],
            ]
            if name != "db" { object[path: ["metadata", "ownerReferences"]] = [owner] }
            world.cluster.append(object)
        }
        let pod = try #require(
            world.cluster.first { $0["kind"] == "Pod" && $0.name.hasPrefix("reviews-v1") })
        for name in ["db-1-a", "db-1-b"] {
            var pod = pod
            pod[path: ["metadata", "name"]] = .string(name)
            pod[path: ["metadata", "ownerReferences"]] = [
                [
                    "kind": .string(maker ?? kind), "name": .string(names.last ?? ""),
                    "controller": true,
                ]
            ]
            world.cluster.append(pod)
        }
        return world
    }

    @Test(arguments: [
        "Rollout", "DeploymentConfig", "ReplicaSet", "ReplicationController", "Kafka",
    ])
    func `I4 owners of every kind, by what they want or had`(kind: String) throws {
        let before = try world(kind)
        var after = before
        after.unready("db-1-a")
        let words =
            "I4: \(kind) bookinfo/db has fewer ready pods than before: 1 instead of 2"
        #expect(try after.violations(of: .readiness, since: before) == [words])
        after.remove("Pod", "db-1-a", in: "bookinfo")
        #expect(try after.violations(of: .readiness, since: before) == [words])
        guard kind != "Kafka" else { return }
        after.edit(kind, "db", in: "bookinfo") { $0[path: ["spec", "replicas"]] = 1 }
        #expect(try after.violations(of: .readiness, since: before).isEmpty)
    }

    @Test(arguments: ["Rollout", "ReplicaSet"])
    func `I4 notices when the last pod of a Rollout or ReplicaSet is gone`(kind: String) throws {
        let before = try world(kind)
        var after = before
        after.cluster.removeAll { $0["kind"] == "Pod" && $0.name.hasPrefix("db-") }
        let words =
            "I4: \(kind) bookinfo/db has fewer ready pods than before: 0 instead of 2"
        #expect(try after.violations(of: .readiness, since: before) == [words])
    }

    @Test func `I4 gives a rollout its time`() throws {
        let before = try World("30")
        var after = before
        after.unready("reviews-v1")
        let watch = StepWatch(GlooSituation(.gloo()).move, at: .anywhere)
        let kinds = [InvariantKind.readiness]
        let still = try after.look(kinds, watch).violations(since: before.look(kinds, watch))
        #expect(still.map(\.tolerance) == [Violation.restart])
        after.edit("Deployment", "reviews-v1", in: "bookinfo") {
            $0[path: ["metadata", "generation"]] = 99
        }
        let rolling = try after.look(kinds, watch).violations(since: before.look(kinds, watch))
        #expect(rolling.map(\.tolerance) == [Violation.rollout])
        #expect(rolling.map(\.item) == still.map(\.item))
    }
}
