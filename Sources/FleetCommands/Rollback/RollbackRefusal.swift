import FleetJournal
import FleetModel

/// Why a run is not taken back, or not gone on with after it was.
enum RollbackRefusal: OperatorError {
    case unknownTarget(String, in: RunID, waves: [String])
    case ambiguousTarget(String)
    case stillGoing(RunID)
    /// The run takes another back itself.
    case isRollback(RunID, of: RunID, plan: PlanID?)
    /// Another run has begun to take it back and has not come to its end.
    case underWay(RunID, by: RunID)
    case rejected(PlanID, by: RunID)
    case rolledBack(RunID, by: RunID, plan: PlanID)
    /// Its plan is made, and can be begun later.
    case notConfirmed(PlanID)

    var problem: String {
        switch self {
        case .unknownTarget(let text, let run, _):
            "\(text.quoted) is no run, and neither a cluster nor a wave of run \(run)"
        case .ambiguousTarget(let text): "\(text.quoted) is both a cluster and a wave"
        case .stillGoing(let run): "run \(run) is still going"
        case .isRollback(let run, let other, _): "run \(run) is itself the rollback of run \(other)"
        case .underWay(let run, let other):
            "run \(run) is being rolled back by run \(other), which isn't over"
        case .rejected(let plan, let run): "plan \(plan) was rolled back, by run \(run)"
        case .rolledBack(let run, let other, _): "run \(run) was rolled back, by run \(other)"
        case .notConfirmed: "nobody confirmed the rollback"
        }
    }

    var hint: String? {
        switch self {
        case .unknownTarget(_, _, let waves):
            "its waves are \(waves.joined(separator: ", ")); for another run add `--run RUN`"
        case .ambiguousTarget(let text):
            "write `\(text),` for the cluster, or name the wave's clusters"
        case .stillGoing(let run):
            "run `bellwether halt \(run)`, wait until it is halted, then roll it back"
        case .isRollback(_, _, let plan):
            plan.map { "to go forward again, run `bellwether run \($0) --reason TEXT`" }
        case .underWay(_, let other): "run `bellwether resume \(other)`"
        case .rejected(let plan, _):
            "to run it all the same, say why: `bellwether run \(plan) --reason TEXT`"
        case .rolledBack(let run, _, let plan):
            "begin anew with `bellwether run \(plan) --reason TEXT`, or go on without what was "
                + "rolled back: `bellwether resume \(run) --accept-failures --reason TEXT`"
        case .notConfirmed(let plan):
            "add `--yes`, or start the plan by `bellwether run \(plan)`"
        }
    }

    var exitCode: FleetModel.ExitCode {
        switch self {
        case .unknownTarget, .ambiguousTarget, .notConfirmed: .usage
        default: .badInput
        }
    }
}
