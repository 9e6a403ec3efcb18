import FleetModel
import Testing

@testable import Takeovers

/// What is done about a workload that does not come up again after its restart.
@Suite struct FailedRestartTests {
    private let change = "which changes nothing of who injects new pods"

    /// A workload with a pod of its first template, and one of its second that does not start.
    private func stuck(_ kind: String, _ change: (inout JSON) -> Void = { _ in }) throws -> World {
        var world = try World.straggler(kind, pods: ["db-0", "db-1"]) {
            $0[path: ["metadata", "creationTimestamp"]] = "2025-05-01T00:00:00Z"
            $0[path: ["metadata", "annotations"]] = ["deployment.kubernetes.io/revision": "2"]
            $0[path: ["spec", "template", "metadata", "annotations"]] = [
                "kubectl.kubernetes.io/restartedAt": "2025-06-15T08:00:00Z"
            ]
            $0["status"] = [
                "readyReplicas": 1, "updatedReplicas": 1, "desiredNumberScheduled": 2,
                "conditions": [
                    ["type": "Progressing", "reason": "ProgressDeadlineExceeded"]
                ],
            ]
            change(&$0)
        }
        world.edit("Pod", "db-1", in: "bookinfo") {
            $0[path: ["metadata", "creationTimestamp"]] = "2025-06-15T08:00:30Z"
            $0["status"] = [
                "conditions": [["type": "Ready", "status": "False"]],
                "containerStatuses": [["state": ["waiting": ["reason": "ImagePullBackOff"]]]],
            ]
        }
        let object = try #require(world.object(kind, "db", in: "bookinfo"))
        for number in 1...2 { world.keep(object, kind, number) }
        return world
    }

    private let settings: [String: JSON] = ["gateways": "none"]

    /// How the step ends, and what it does about it.
    private func end(
        _ world: World, _ parameters: [String: JSON] = [:]
    ) throws -> (words: String, undo: [Command]) {
        var world = world
        let parameters = settings.merging(parameters) { $1 }
        let step = try GlooRunbook.step(
            "restart-workloads", of: "takeover", in: .gloo(.gloo(parameters: parameters)))
        for _ in 0..<4 {
            guard case .settling(let item, _, _) = world.observe(step) else { break }
            world.settled.insert(item)
        }
        guard case .failed(let failure) = world.observe(step) else {
            return ("\(world.observe(step))", [])
        }
        let remedy = world.remedy(step)
        return (
            ([failure.reason] + (remedy.map { [$0.words] } ?? [])).joined(separator: "; "),
            remedy?.commands.withoutLease ?? []
        )
    }

    @Test func `a Deployment whose rollout failed goes back to the revision that it came from`()
        throws
    {
        let (words, undo) = try end(try stuck("Deployment"))
        #expect(
            words
                == "Deployment bookinfo/db: it exceeded its progress deadline (ImagePullBackOff); "
                + "its restart was undone (back to revision 1), \(change)")
        #expect(
            undo.map { $0.argv.suffix(6) } == [
                ["-n", "bookinfo", "rollout", "undo", "deployment/db", "--to-revision=1"]
            ])
        #expect(undo.map(\.isMutating) == [true])
    }

    @Test func `so does a DaemonSet, and a StatefulSet whose pods come all at once`() throws {
        let parallel = try stuck("StatefulSet") {
            $0[path: ["spec", "podManagementPolicy"]] = "Parallel"
        }
        for (kind, world) in [("DaemonSet", try stuck("DaemonSet")), ("StatefulSet", parallel)] {
            var world = world
            world.now = try #require(Timestamp(rfc3339: "2025-06-15T09:00:00Z"))
            let (words, undo) = try end(world)
            #expect(words.contains("nothing has changed for 10m 00s; its restart was undone"))
            #expect(
                undo.first?.argv.suffix(2) == ["\(kind.lowercased())/db", "--to-revision=1"],
                "\(words)")
        }
    }

    @Test func `where the broken pod would be waited for, people are told what to do`() throws {
        let manual: (inout JSON) -> Void = {
            $0[path: ["spec", "updateStrategy", "type"]] = "OnDelete"
        }
        for (kind, world) in [
            ("StatefulSet", try stuck("StatefulSet")),
            ("DaemonSet", try stuck("DaemonSet", manual)),
        ] {
            var world = world
            world.now = try #require(Timestamp(rfc3339: "2025-06-15T09:00:00Z"))
            let (words, undo) = try end(world)
            #expect(undo.isEmpty)
            #expect(words.contains("its restart is not undone: its controller would wait"))
            #expect(
                words.contains(
                    "rollout undo \(kind.lowercased())/db --to-revision=1`, then delete db-1"),
                "\(words)")
        }
    }

    @Test func `of more than a restart nothing is undone`() throws {
        for change: (inout JSON) -> Void in [
            { $0[path: ["spec", "template", "spec", "serviceAccountName"]] = "other" },
            { $0[path: ["spec", "template", "metadata", "labels", "version"]] = "v2" },
            { $0[path: ["spec", "template", "metadata", "annotations", "team"]] = "b" },
            // A revision that is not the one we lead to.
            { $0[path: ["spec", "template", "metadata", "labels", "istio.io/rev"]] = "1-30" },
        ] {
            var world = try stuck("Deployment")
            world.edit("Deployment", "db", in: "bookinfo", change)
            let (words, undo) = try end(world)
            #expect(undo.isEmpty)
            #expect(
                words.hasSuffix(
                    "its restart is not undone: more than that has changed since revision 1"))
        }
    }

    @Test func `a template that we told what to ask for is told what it asked for before`() throws {
        var world = try stuck("Deployment")
        world.edit("Deployment", "db", in: "bookinfo") {
            $0[path: ["spec", "template", "metadata", "labels", "istio.io/rev"]] = "1-15"
            $0[path: ["spec", "template", "metadata", "annotations"]] = [
                "bellwether/asked-for": "default"
            ]
        }
        world.edit("ReplicaSet", "db-1", in: "bookinfo") {
            $0[path: ["spec", "template", "metadata", "labels", "istio.io/rev"]] = "default"
        }
        #expect(try end(world).undo.count == 1)
        // Even if no old pod is left: new ones would be others.
        world.cluster.removeAll { $0["kind"] == "Pod" && $0.name == "db-0" }
        #expect(try end(world).undo.count == 1)
    }

    @Test func `the revision that still has pods is the one to go back to`() throws {
        var world = try stuck("Deployment")
        let object = try #require(world.object("Deployment", "db", in: "bookinfo"))
        world.keep(object, "Deployment", 3)
        world.edit("Deployment", "db", in: "bookinfo") {
            $0[path: ["metadata", "annotations"]] = ["deployment.kubernetes.io/revision": "3"]
        }
        #expect(try end(world).undo.first?.argv.last == "--to-revision=1")
    }

    @Test func `without an old pod, or without a history, there is nothing to go back to`() throws {
        var world = try stuck("Deployment")
        world.cluster.removeAll { $0["kind"] == "ReplicaSet" && $0.name == "db-1" }
        world.cluster.removeAll { $0["kind"] == "Pod" && $0.name == "db-0" }
        #expect(try end(world).words.hasSuffix("not undone: no earlier revision is kept"))
        world = try stuck("Deployment")
        world.edit("Pod", "db-0", in: "bookinfo") { $0[path: ["status", "conditions"]] = [] }
        let (words, undo) = try end(world)
        #expect(words.contains("none of its old pods is left") && undo.isEmpty)
        world = try stuck("DaemonSet")
        world.now = try #require(Timestamp(rfc3339: "2025-06-15T09:00:00Z"))
        world.unknownKinds = ["ControllerRevision"]
        #expect(try end(world).words.hasSuffix("not undone: nobody says what its templates were"))
    }

    @Test func `who wants it left as it is has it left`() throws {
        let (words, undo) = try end(try stuck("Deployment"), ["failedRollout": "leave"])
        #expect(
            words == "Deployment bookinfo/db: it exceeded its progress deadline (ImagePullBackOff)")
        #expect(undo.isEmpty)
        let explained: (String) throws -> [Command] = { choice in
            let takeover = Takeover.gloo(
                parameters: ["gateways": "none", "failedRollout": .string(choice)])
            return try GlooRunbook.step("restart-workloads", of: "takeover", in: .gloo(takeover))
                .preview.remedies
        }
        #expect(try explained("leave").isEmpty)
        #expect(
            try explained("undo").map { $0.argv.suffix(3) } == [
                ["undo", "<kind>/<name>", "--to-revision=<revision>"]
            ])
    }

    @Test func `a cluster that somebody else holds by now is left as it is`() throws {
        var world = try stuck("Deployment")
        #expect(try end(world).undo.count == 1)
        world.cluster.append([
            "kind": "Lease",
            "metadata": ["name": "fleet-istio-migration", "namespace": "default"],
            "spec": [
                "holderIdentity": "somebody", "leaseDurationSeconds": 60,
                "renewTime": "2030-01-01T00:00:00.000000Z",
            ],
        ])
        #expect(try end(world).undo.isEmpty)
    }
}

extension World {
    /// What a step would do about its failure.
    fileprivate func remedy(_ step: Step) -> Remedy? {
        var context = StepContext(settled: settled, hasActed: hasActed, lastRun: lastRun, now: now)
        for _ in 0..<12 {
            guard case .needs(let readings) = step.observe(context) else { break }
            for reading in readings { context.readings[reading] = answer(reading) }
        }
        return step.remedy(context)
    }

    /// Keeps a template of an owner as its controller would, the first without our restart, and
    /// gives it the pod that came of it.
    fileprivate mutating func keep(_ owner: JSON, _ kind: String, _ number: Int) {
        var template = owner.template
        template[path: ["metadata", "creationTimestamp"]] = .null
        if number == 1 { template[path: ["metadata", "annotations"]] = nil }
        let isDeployment = kind == "Deployment"
        let reference: JSON = ["kind": .string(kind), "name": "db", "controller": true]
        var kept: JSON = [
            "kind": isDeployment ? "ReplicaSet" : "ControllerRevision",
            "metadata": [
                "name": .string("db-\(number)"), "namespace": "bookinfo",
                "ownerReferences": [reference],
            ],
        ]
        let pod = "db-\(number - 1)"
        if isDeployment {
            template[path: ["metadata", "labels", "pod-template-hash"]] = .string("\(number)")
            kept[path: ["metadata", "annotations"]] = [
                "deployment.kubernetes.io/revision": .string("\(number)")
            ]
            kept["spec"] = ["template": template]
            edit("Pod", pod, in: "bookinfo") {
                $0[path: ["metadata", "labels", "pod-template-hash"]] = .string("\(number)")
                $0[path: ["metadata", "ownerReferences"]] = [
                    ["kind": "ReplicaSet", "name": .string("db-\(number)"), "controller": true]
                ]
            }
        } else {
            template["$patch"] = "replace"
            kept["revision"] = .int(Int64(number))
            kept["data"] = ["spec": ["template": template]]
            let hash = kind == "DaemonSet" ? "\(number)" : "db-\(number)"
            edit("Pod", pod, in: "bookinfo") {
                $0[path: ["metadata", "labels", "controller-revision-hash"]] = .string(hash)
            }
        }
        cluster.append(kept)
    }
}
