import FleetModel
import Testing

@testable import Takeovers

/// How long a restart may be without headway, and how long the rest of them will take.
@Suite struct RestartDeadlineTests {
    /// A StatefulSet that was restarted at eight, and whose new pod came right after.
    private func stuck() throws -> (World, Step) {
        var world = try World.straggler("StatefulSet") {
            $0[path: ["metadata", "creationTimestamp"]] = "2025-05-01T00:00:00Z"
            $0[path: ["spec", "template", "metadata", "annotations"]] = [
                "kubectl.kubernetes.io/restartedAt": "2025-06-15T08:00:00Z"
            ]
            $0["status"] = ["readyReplicas": 1, "updatedReplicas": 1]
        }
        world.edit("Pod", "db-1", in: "bookinfo") {
            $0[path: ["metadata", "creationTimestamp"]] = "2025-06-15T08:00:30Z"
            $0["status"] = [
                "conditions": [["type": "Ready", "status": "False"]],
                "containerStatuses": [["state": ["waiting": ["reason": "ImagePullBackOff"]]]],
            ]
        }
        return (world, try GlooRunbook.step("restart-workloads", of: "takeover"))
    }

    private func clock(_ time: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: "2025-06-15T\(time)Z"))
    }

    @Test func `a workload without headway fails the step after its own deadline, with the reason`()
        throws
    {
        var (world, step) = try stuck()
        let words = "StatefulSet bookinfo/db: 1 of 2 pods are ready (ImagePullBackOff)"
        world.now = try clock("08:10:30")
        #expect(world.observe(step) == .partial(words))
        world.now = try clock("08:10:31")
        let item = "StatefulSet bookinfo/db: no headway for 10m 00s"
        #expect(
            world.observe(step)
                == .settling(item: item, for: .seconds(60), fingerprint: "2025-06-15T08:00:30Z"))
        world.settled.insert(item)
        let end =
            "\(words), and nothing has changed for 10m 00s; its restart is not undone: "
            + "no earlier revision is kept"
        #expect(world.observe(step) == .failed(Failure(.terminal, end)))
    }

    @Test func `its own progress deadline counts where it is longer`() throws {
        var (world, step) = try stuck()
        world.edit("StatefulSet", "db", in: "bookinfo") {
            $0[path: ["spec", "progressDeadlineSeconds"]] = 1_200
        }
        world.now = try clock("08:20:30")
        #expect(world.observe(step).word == "partial")
        world.now = try clock("08:20:31")
        #expect(world.observe(step).word == "settling")
    }

    @Test func `headway is a new pod, one that stopped being ready, or one that ends in time`()
        throws
    {
        for change: (inout JSON) -> Void in [
            { $0[path: ["metadata", "creationTimestamp"]] = "2025-06-15T09:00:00Z" },
            { $0[path: ["metadata", "deletionTimestamp"]] = "2025-06-15T09:00:00Z" },
            {
                $0["status"] = [
                    "conditions": [
                        [
                            "type": "Ready", "status": "False",
                            "lastTransitionTime": "2025-06-15T09:00:00Z",
                        ]
                    ]
                ]
            },
        ] {
            var (world, step) = try stuck()
            world.now = try clock("09:09:00")
            #expect(world.observe(step).word == "settling")
            world.edit("Pod", "db-1", in: "bookinfo", change)
            #expect(world.observe(step).word == "partial")
        }
    }

    @Test func `a pod that crashes again and again makes no headway by being ready in between`()
        throws
    {
        var (world, step) = try stuck()
        world.edit("Pod", "db-1", in: "bookinfo") {
            $0[path: ["status", "conditions"]] = [
                [
                    "type": "Ready", "status": "False",
                    "lastTransitionTime": "2025-06-15T09:00:00Z",
                ]
            ]
        }
        world.now = try clock("09:01:00")
        #expect(world.observe(step).word == "settling")
    }

    @Test func `how long the rest takes is told by how long the last ones took`() throws {
        func restarted(_ times: String...) -> [Workload] {
            times.enumerated().map { index, time in
                let owner = OwnerReference(
                    kind: "Deployment", namespace: "shop", name: "web-\(index)")
                let note = ["kubectl.kubernetes.io/restartedAt": JSON.string(time)]
                let template: JSON = ["metadata": ["annotations": .object(note)]]
                return Workload(owner: owner, object: ["spec": ["template": template]], pods: [])
            }
        }
        let pace = { RestartPace($0, settle: .seconds(20)) }
        #expect(pace([]).time(for: 3) == "4m")
        #expect(
            pace(restarted("2025-06-15T08:00:00Z", "2025-06-15T09:00:00Z")).time(for: 1) == "1m")
        // One of long ago, and a night in between, are no pace.
        let some = restarted(
            "2024-01-01T00:00:00Z", "2025-06-15T20:00:00Z", "2025-06-15T20:03:00Z",
            "2025-06-15T20:06:00Z", "2025-06-16T08:00:00Z", "2025-06-16T08:03:00Z",
            "2025-06-16T08:06:00Z")
        #expect(pace(some).time(for: 7) == "21m")
        #expect(pace(some).time(for: 40) == "2h 00m")
    }

    @Test func `who is next is told with how far it is, and how long it will take`() throws {
        var world = try World("50")
        let step = try GlooRunbook.step("restart-workloads", of: "takeover")
        for _ in 0..<3 {
            guard case .settling(let item, _, _) = world.observe(step) else { break }
            world.settled.insert(item)
        }
        let words = world.observe(step).saying
        #expect(words == "Deployment bookinfo/productpage-v1 is next, 2 of 5 to go, about 3m left")
    }
}
