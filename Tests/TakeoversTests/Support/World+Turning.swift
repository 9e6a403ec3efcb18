import FleetModel
import Testing

@testable import Takeovers

extension World {
    /// Turns a step as a runner would in one attempt, until it answers something other than
    /// to act or to hold, or has run so many commands. Before it acts, some time passes.
    mutating func turn(
        _ step: Step, atMost limit: Int = .max, pausing pause: Duration = .zero
    ) -> (observation: Observation, commands: [Command]) {
        (hasActed, settled, lastRun) = (false, [], [])
        var ran: [Command] = []
        for _ in 0..<100 {
            let (observation, context) = look(step)
            settled = context.settled
            switch observation {
            case .notDone:
                now = now + pause
                let commands = commands(step)
                #expect(!commands.isEmpty, "\(step.outline.name) is not done and runs nothing")
                run(commands)
                settled = []
                ran += commands
                if ran.count >= limit { return (observation, ran) }
            case .settling(let item, _, _): settled.insert(item)
            default: return (observation, ran)
            }
        }
        return (.unknown("\(step.outline.name) never ends"), ran)
    }
}

extension [Command] {
    /// But for those that take the lease or give it back.
    var withoutLease: [Command] { filter { !$0.purpose.hasSuffix(" the lease") } }
}
