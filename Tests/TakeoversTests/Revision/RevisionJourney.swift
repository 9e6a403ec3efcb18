import FleetModel
import Testing

@testable import Takeovers

/// What came of taking a whole upgrade, phase by phase, through the acts of its steps.
struct RevisionJourney {
    private(set) var commands: [Command] = []
    private(set) var objects: [String: JSON] = [:]
    private(set) var world: World

    private static let phases = ["prepare", "takeover", "retire"]

    /// Takes every step of every phase to its end. After `kill` commands the coordinator dies:
    /// another begins the phase anew and knows nothing but what the cluster shows.
    init(
        _ takeover: Takeover, from world: World, through phases: [String] = Self.phases,
        killedAfter kill: Int? = nil
    ) throws {
        self.world = world
        var epoch = 1
        for phase in phases {
            while try !pass(phase, .revision(takeover, epoch: epoch), kill, epoch) { epoch += 1 }
        }
        for object in self.world.cluster where object["kind"] != "Lease" {
            objects[object.place] = object.lasting
        }
    }

    /// What was run, but for the lock.
    var purposes: [String] {
        commands.map(\.purpose).filter { !$0.hasSuffix(" the lease") }
    }

    /// Whether the phase came to its end, rather than its coordinator.
    private mutating func pass(
        _ phase: String, _ situation: Situation, _ kill: Int?, _ epoch: Int
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
                        commands.append(command)
                        if commands.count == kill, epoch == 1 { return false }
                    }
                case .settling(let item, _, _): world.settled.insert(item)
                case .done: break turning
                default:
                    if finish(step.outline.name) { continue }
                    try #require(Bool(false), "\(step.outline.name): \(observation)")
                }
            }
        }
        return true
    }
    /// What controllers do by themselves.
    private mutating func finish(_ step: String) -> Bool {
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
