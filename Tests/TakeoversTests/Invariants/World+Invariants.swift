import FleetModel

@testable import Takeovers

extension World {
    /// What a step's invariants find here.
    func look(
        _ kinds: [InvariantKind] = InvariantKind.allCases, _ watch: StepWatch
    ) throws -> InvariantLook {
        var context = StepContext(now: now)
        for _ in 0..<6 {
            do throws(Pause) {
                return try InvariantLook(kinds, ClusterView(context), watch)
            } catch {
                guard case .needs(let readings) = error else { throw error }
                for reading in readings { context.readings[reading] = answer(reading) }
            }
        }
        throw Fixture.Missing(name: "an end to the questions")
    }

    /// What is violated since another look, or in any case, in words.
    func violations(
        of kind: InvariantKind, since before: World?, at place: Place = .anywhere,
        in situation: Situation = .gloo()
    ) throws -> [String] {
        let watch = StepWatch(GlooSituation(situation).move, at: place)
        return try look([kind], watch).violations(since: before?.look([kind], watch))
            .map(\.description)
    }
}

extension Place {
    static let anywhere = Place(injector: .same, exemptions: [], hasGateways: false)

    static func expecting(_ injector: ExpectedInjector) -> Place {
        Place(injector: injector, exemptions: [], hasGateways: false)
    }

    static func excusing(_ exemptions: Exemption...) -> Place {
        Place(injector: .same, exemptions: Set(exemptions), hasGateways: false)
    }
}

extension JSON {
    static func definition(_ name: String) -> JSON {
        [
            "kind": "CustomResourceDefinition", "metadata": ["name": .string(name)],
            "spec": ["group": "networking.istio.io"],
        ]
    }
}
