import FleetModel
import Testing

@testable import Takeovers

/// Tests of Gloo's phase `retire`.
protocol RetiringGloo {}

extension RetiringGloo {
    /// What a step says of a cluster.
    func reason(_ name: String, _ world: World) throws -> String {
        let step = try GlooRunbook.step(name, of: "retire")
        switch world.observe(step) {
        case .failed(let failure): return failure.reason
        case .partial(let words), .unknown(let words), .notDone(let words): return words
        case let other: return other.word
        }
    }

    /// A cluster on which all has moved, and what is different on it.
    func world(_ change: (inout World) throws -> Void) throws -> World {
        var world = try World("60")
        try change(&world)
        return world
    }
}
