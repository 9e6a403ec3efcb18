import FleetModel
import Testing

@testable import Takeovers

/// Whole upgrades, followed through the acts of their steps.
@Suite struct RevisionJourneyTests {
    private let phases = ["prepare", "takeover", "retire"]

    /// What came of a journey.
    private struct End {
        var commands: [Command] = []
        var objects: [String: JSON] = [:]
        var world: World

        /// What was run, but for the lock.
        var purposes: [String] {
            commands.map(\.purpose).filter { !$0.hasSuffix(" the lease") }
        }
    }

    /// Takes every step of every phase to its end. After `kill` commands the coordinator dies:
    /// another begins the phase anew and knows nothing but what the cluster shows.
    private func travel(
        _ takeover: Takeover, from world: World, killedAfter kill: Int? = nil
    ) throws -> End {
        var (world, end, epoch) = (world, End(world: world), 1)
        for phase in phases {
            while try !pass(phase, .revision(takeover, epoch: epoch), &world, &end, kill, epoch) {
                epoch += 1
            }
        }
        for object in world.cluster where object["kind"] != "Lease" {
            end.objects[object.place] = object.lasting
        }
        end.world = world
        return end
    }

    /// Whether the phase came to its end, rather than its coordinator.
    private func pass(
        _ phase: String, _ situation: Situation, _ world: inout World, _ end: inout End,
        _ kill: Int?, _ epoch: Int
    ) throws -> Bool {
        for step in RevisionRunbook.steps(of: phase, in: situation) {
            (world.hasActed, world.settled, world.lastRun) = (false, [], [])
            turning: for turn in 0... {
                try #require(turn < 100, "\(step.outline.name) never ends")
                let observation = world.observe(step)
                switch observation {
                case .notDone:
                    for command in world.commands(step) {
                        world.run([command])
                        end.commands.append(command)
                        if end.commands.count == kill, epoch == 1 { return false }
                    }
                case .settling(let item, _, _): world.settled.insert(item)
                case .done: break turning
                default:
                    if finish(step.outline.name, &world) { continue }
                    try #require(Bool(false), "\(step.outline.name): \(observation)")
                }
            }
        }
        return true
    }

    /// What controllers do by themselves.
    private func finish(_ step: String, _ world: inout World) -> Bool {
        guard step == "test-workload",
            world.object("Pod", "petstore-1", in: "petstore") == nil
        else { return false }
        let (status, spec): (JSON, JSON) = (
            [
                "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1,
                "availableReplicas": 1,
            ], ["containers": [["name": "petstore"]]]
        )
        world.edit("Deployment", "petstore", in: "petstore") { $0["status"] = status }
        let pod: JSON = [
            "kind": "Pod", "metadata": ["name": "petstore-1", "namespace": "petstore"],
            "spec": spec,
            "status": [
                "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
            ],
        ]
        guard case .found(let injected) = world.inject(pod, in: "petstore") else { return false }
        world.cluster.append(injected)
        return true
    }

    @Test func `an upgrade goes from one revision to the next, and again changes nothing`() throws {
        let world = try World.revision("00")
        let end = try travel(.revision(), from: world)
        #expect(
            end.purposes == [
                "bring release istio-system/istio-base to chart version 1.25.2",
                "bring release istio-system/istiod-1-25-2 to chart version 1.25.2",
                "create the test workload",
                "create the old side of the test, and demand mutual TLS",
                "call between the revisions",
                "put on record that the traffic was tested", "remove the calling pods",
                "let the test namespace do without mutual TLS",
                "remove the old side of the test", "point istio-revision-tag-default to 1-25-2",
                "point istio-revision-tag-prod-stable to 1-25-2",
                "restart Deployment bookinfo/details-v1",
                "restart Deployment bookinfo/productpage-v1",
                "restart Deployment bookinfo/ratings-v1", "restart Deployment bookinfo/reviews-v1",
                "bring release istio-system/istio-base to chart version 1.25.2",
                "remove the test workload", "remove release istio-system/istiod-1-24-3",
            ])
        #expect(!end.objects.keys.contains { $0.contains("1-24-3") })
        let again = try travel(.revision(), from: end.world)
        #expect(again.purposes.isEmpty)
        #expect(again.objects == end.objects)
    }

    @Test func `a coordinator may die after any command`() throws {
        let world = try World.revision("00")
        let undisturbed = try travel(.revision(), from: world)
        for kill in 1...undisturbed.commands.count {
            let end = try travel(.revision(), from: world, killedAfter: kill)
            #expect(end.objects == undisturbed.objects, "killed after command \(kill)")
        }
    }

    @Test func `namespaces that name the old revision are given the new one's name`() throws {
        var world = try World.revision("00")
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = "1-24-3"
        }
        let blocked = world.observe(try RevisionRunbook.step("preflight", of: "prepare"))
        #expect(blocked.word == "failed blocked")
        let end = try travel(.revision(parameters: ["namespaces": "relabel"]), from: world)
        #expect(end.commands.contains { $0.purpose == "have bookinfo name 1-25-2" })
        #expect(end.objects["Namespace /bookinfo"]?.labels["istio.io/rev"] == "1-25-2")
    }
}

extension JSON {
    fileprivate var place: String { "\(self["kind"]?.string ?? "") \(namespace)/\(name)" }

    /// The object without what tells when and how often it was touched.
    fileprivate var lasting: JSON {
        var object = self
        object[path: ["metadata", "resourceVersion"]] = nil
        return object
    }
}
