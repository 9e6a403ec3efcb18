import FleetModel
import FleetTestKit
import Testing

@testable import Takeovers

/// Whatever an API server says, no step of Big Bang's traps.
@Suite struct BigBangFuzzTests {
    private static let deliveries: [[String: JSON]] = [
        ["allowSkew": true, "orphans": "delete", "valuesInGit": true],
        ["delivery": "hook", "hook": ["deliver"], "routes": "others", "dns": "others"],
    ]

    private func steps(_ parameters: [String: JSON]) -> [Step] {
        ["prepare", "takeover", "retire"].flatMap {
            BigBangRunbook.steps(of: $0, in: .bigBang(parameters))
        }
    }

    @Test(arguments: ["254/00", "254/10", "254/30", "254/40", "254/51", "254/60", "250/20"])
    func `steps take any cluster`(stage: String) throws {
        var original = try World(bigBang: stage)
        let baseline = World.baseline
        original.keep(baseline)
        var generator = SeededGenerator(seed: UInt64(stage.suffix(2)) ?? 0)
        for round in 0..<12 {
            var world = original
            for _ in 0..<6 { mutate(&world.cluster, using: &generator) }
            for step in steps(Self.deliveries[round % 2]) {
                let observation = world.observe(step)
                #expect(observation.word != "needs")
                if observation.word == "notDone" { _ = world.commands(step) }
            }
        }
    }

    @Test func `steps take any answer in the place of a list or an object`() {
        var generator = SeededGenerator(seed: 11)
        let answers: [ReadResult] = [
            .absent, .refused("no"), .found(nil), .found([]), .found(["items": nil]),
            .found(["items": [nil, 1, "x", [], ["metadata": ["name": "bigbang"]]]]),
            .found(["data": ["baseline": "[1]", "records": 7]]),
        ]
        for step in Self.deliveries.flatMap(steps) {
            for _ in 0..<40 { step.expectAnswer(from: answers, using: &generator) }
        }
    }

    @Test func `parameters of any form are told, never trusted`() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            var parameters: [String: JSON] = [:]
            for parameter in BigBangParameter.allCases {
                parameters[parameter.rawValue] = .random(depth: 2, using: &generator)
            }
            _ = BigBangRunbook.problems(in: .bigBang(parameters))
            _ = steps(parameters).map(\.preview)
        }
    }

    private func mutate(_ objects: inout [JSON], using generator: inout SeededGenerator) {
        guard let index = objects.indices.randomElement(using: &generator) else { return }
        let kind = objects[index]["kind"]
        objects[index] = objects[index].mutated(using: &generator)
        objects[index]["kind"] = kind
    }
}

extension World {
    /// A baseline that something may be wrong with.
    fileprivate static let baseline: JSON = [
        "kind": "ConfigMap",
        "metadata": ["name": .string(Baseline.name), "namespace": "bigbang"],
        "data": [
            "baseline": .string(
                (["addresses": ["public-ingressgateway": "10.0.0.1"], "roots": ["a"]] as JSON)
                    .description)
        ],
    ]
}
