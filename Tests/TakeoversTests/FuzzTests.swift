import FleetModel
import FleetTestKit
import Testing

@testable import Takeovers

/// Whatever an API server says, no step traps.
@Suite struct FuzzTests {
    @Test(arguments: GlooCheckpointTests.stages)
    func `steps take any cluster`(stage: String) throws {
        let original = try World(stage)
        let steps = steps
        var generator = SeededGenerator(seed: UInt64(stage) ?? 0)
        for _ in 0..<12 {
            var world = original
            for _ in 0..<6 {
                mutate(&world.cluster, using: &generator)
                mutate(&world.management, using: &generator)
            }
            for step in steps {
                let observation = world.observe(step)
                #expect(observation.word != "needs")
                if observation.word == "notDone" { _ = world.commands(step) }
            }
        }
    }

    @Test func `steps take any answer in the place of a list or an object`() throws {
        var generator = SeededGenerator(seed: 7)
        let answers: [ReadResult] = [
            .absent, .refused("no"), .found(nil), .found([]), .found(["items": nil]),
            .found(["items": [nil, 1, "x", []]]),
            .found(["metadata": ["continue": "x"], "items": []]),
        ]
        for step in steps {
            for _ in 0..<40 { step.expectAnswer(from: answers, using: &generator) }
        }
    }

    @Test func `the lint takes any manifest`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let manifests = Takeover.standardManifests.mapValues { text in
                (JSON(parsing: text) ?? .null).mutated(using: &generator)
                    .mutated(using: &generator).description
            }
            let takeover = Takeover.gloo(
                parameters: ["settle": "1m"].merging(["first": nil]) { $1 }, manifests: manifests)
            _ = GlooRunbook.problems(in: takeover)
            _ = GlooRunbook.steps(of: "prepare", in: .gloo(takeover)).map(\.preview)
        }
    }

    /// Of a takeover as it is, and of one with every variant.
    private var steps: [Step] {
        let variant = Takeover.gloo(
            parameters: [
                "namespaces": "relabel", "gateways": "dns", "platform": "openshift",
                "resolvers": ["10.0.0.53", "1.1.1.1"],
            ], manifests: Takeover.openShiftManifests)
        return [Situation.gloo(), .gloo(variant)].flatMap { situation in
            ["prepare", "takeover", "retire", "rollback"].flatMap {
                GlooRunbook.steps(of: $0, in: situation)
            }
        }
    }

    private func mutate(_ objects: inout [JSON], using generator: inout SeededGenerator) {
        guard let index = objects.indices.randomElement(using: &generator) else { return }
        let kind = objects[index]["kind"]
        objects[index] = objects[index].mutated(using: &generator)
        objects[index]["kind"] = kind
    }
}
