import FleetModel
import Testing

@testable import Takeovers

/// Templates that ask for a revision themselves, in a namespace that leaves that to them.
@Suite struct PinnedTemplateTests {
    /// A cluster of both revisions whose only workload asks for the old one.
    private func world() throws -> World {
        var world = try World.revision("40")
        let isInjected = { (object: JSON) in
            object["kind"] == "Pod" && Proxy.isInjected(into: object)
        }
        let old = try #require(try World.revision("00").cluster.first(where: isInjected))
        world.cluster.removeAll(where: isInjected)
        let labels: JSON = ["app": "pay", "istio.io/rev": "1-24-3"]
        let reference: JSON = ["kind": "StatefulSet", "name": "pay", "controller": true]
        var pod = old
        pod[path: ["metadata", "name"]] = "pay-0"
        pod[path: ["metadata", "namespace"]] = "annex"
        pod[path: ["metadata", "labels"]] = labels
        pod[path: ["metadata", "ownerReferences"]] = [reference]
        world.cluster += [
            ["kind": "Namespace", "metadata": ["name": "annex"]], pod,
            [
                "kind": "StatefulSet", "metadata": ["name": "pay", "namespace": "annex"],
                "spec": ["replicas": 1, "template": ["metadata": ["labels": labels]]],
                "status": ["readyReplicas": 1, "updatedReplicas": 1],
            ],
        ]
        return world
    }

    private func turn(_ step: Step, _ world: inout World) -> (Observation, [Command]) {
        let (end, ran) = world.turn(step)
        return (end, ran.withoutLease)
    }

    private func patch(_ command: Command?) -> JSON? {
        command?.stdin.flatMap { JSON(parsing: $0) }?[path: ["spec", "template", "metadata"]]
    }

    @Test func `a template is told to ask for the new revision, and on the way back again`() throws
    {
        var world = try world()
        let there = try RevisionRunbook.step("restart-workloads", of: "takeover")
        let (end, ran) = turn(there, &world)
        #expect(end.word == "done", "\(end)")
        #expect(ran.map(\.purpose) == ["restart on 1-25-2 StatefulSet annex/pay"])
        let told: JSON = [
            "labels": ["istio.io/rev": "1-25-2"],
            "annotations": ["bellwether/asked-for": "1-24-3"],
        ]
        #expect(patch(ran.first) == told)
        let back = try RevisionRunbook.step("return-workloads", of: RunbookOutline.rollbackPhase)
        let (endBack, ranBack) = turn(back, &world)
        #expect(endBack.word == "done", "\(endBack)")
        #expect(ranBack.map(\.purpose) == ["restart on 1-24-3 StatefulSet annex/pay"])
        let untold: JSON = [
            "labels": ["istio.io/rev": "1-24-3"], "annotations": ["bellwether/asked-for": nil],
        ]
        #expect(patch(ranBack.first) == untold)
        #expect(turn(there, &world).1.count == 1)
    }

    @Test func `a template that asked for the new revision by itself stays there`() throws {
        var world = try world()
        for kind in ["Pod", "StatefulSet"] {
            world.edit(kind, kind == "Pod" ? "pay-0" : "pay", in: "annex") { object in
                let path = kind == "Pod" ? [] : ["spec", "template"]
                object[path: path + ["metadata", "labels", "istio.io/rev"]] = "1-25-2"
            }
        }
        let back = try RevisionRunbook.step("return-workloads", of: RunbookOutline.rollbackPhase)
        #expect(turn(back, &world).1.isEmpty)
    }

    @Test func `an owner goes back unless every pod of it asks to stay`() throws {
        var world = try world()
        _ = turn(try RevisionRunbook.step("restart-workloads", of: "takeover"), &world)
        var other = try #require(world.object("Pod", "pay-0", in: "annex"))
        other[path: ["metadata", "name"]] = "pay-1"
        other[path: ["metadata", "annotations", RestartAct.note]] = nil
        world.cluster.append(other)
        let back = try RevisionRunbook.step("return-workloads", of: RunbookOutline.rollbackPhase)
        let (_, ran) = turn(back, &world)
        #expect(ran.map(\.purpose) == ["restart on 1-24-3 StatefulSet annex/pay"])
    }

    @Test(arguments: [["matchLabels"], []])
    func `a selector that names the old revision is an obstacle`(path: [String]) throws {
        var world = try world()
        world.edit("StatefulSet", "pay", in: "annex") {
            $0[path: ["spec", "selector"] + path + ["istio.io/rev"]] = "1-24-3"
        }
        let there = try RevisionRunbook.step("restart-workloads", of: "takeover")
        let words =
            "cannot be restarted: StatefulSet annex/pay (its selector names the old revision)"
        #expect(turn(there, &world).0 == .failed(Failure(.blocked, words)))
    }

    @Test func `a Rollout's template is for those to change who release it`() throws {
        var world = try world()
        let owner = { (kind: String, name: String) -> JSON in
            [["kind": .string(kind), "name": .string(name), "controller": true]]
        }
        world.edit("Pod", "pay-0", in: "annex") {
            $0[path: ["metadata", "ownerReferences"]] = owner("ReplicaSet", "pay-1")
        }
        var version = try #require(world.object("StatefulSet", "pay", in: "annex"))
        version["kind"] = "ReplicaSet"
        version[path: ["metadata", "name"]] = "pay-1"
        version[path: ["metadata", "ownerReferences"]] = owner("Rollout", "pay")
        world.cluster.append(version)
        world.edit("StatefulSet", "pay", in: "annex") {
            $0["kind"] = "Rollout"
            $0["status"] = ["phase": "Healthy"]
        }
        let there = try RevisionRunbook.step("restart-workloads", of: "takeover")
        let words =
            "cannot be restarted: Rollout annex/pay (its template asks for the old revision: "
            + "change that as you release it)"
        #expect(turn(there, &world).0 == .failed(Failure(.blocked, words)))
    }
}
