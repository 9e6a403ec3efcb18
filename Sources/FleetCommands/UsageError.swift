import FleetJournal
import FleetModel

/// A verb was asked for something that can't be.
enum UsageError: OperatorError {
    case unknownRunbook(String, known: [String])
    case unknownCluster(ClusterName, known: [ClusterName])
    case notInRun(ClusterName, RunID, known: [ClusterName])
    case notInInventory(ClusterName, known: [ClusterName])
    case unknownStep(String, known: [String])
    case clusterLeftOut(ClusterName, reason: String)
    case policyMissing(takeover: String)
    /// With the plan that was made last, if any was.
    case noRuns(latest: PlanID?)
    case labNotRunning(String)
    case labFailed(String, log: String)
    case labRefused(String)
    case acceptNeedsReason
    case nothingToApprove(RunID)
    case windowsNeedReason
    case noWindowToWaive(RunID)
    case unknownTool(String, known: [String])
    case clusterInCommand(String)
    case changesNotAllowed(String)
    case noSuchSelector(String)
    case noClusterChosen
    case noClusterMatches(String)
    case noBastions
    case unknownBastion(String, known: [BastionName])
    case notSurveyed([ClusterName])
    case badFault(String)
    /// A time of a fault that is none: its key, the fault and what was given.
    case badFaultTime(String, of: String, String)
    case faultNowhere(String, known: [String])
    case keptAlready(String)

    var problem: String {
        switch self {
        case .unknownRunbook(let name, _): "there is no runbook \(name.quoted)"
        case .unknownCluster(let name, _): "the plan has no cluster \(name.rawValue.quoted)"
        case .notInRun(let name, let run, _): "run \(run) has no cluster \(name.rawValue.quoted)"
        case .notInInventory(let name, _):
            "the inventory has no cluster \(name.rawValue.quoted)"
        case .unknownStep(let name, _): "the plan has no step \(name.quoted)"
        case .clusterLeftOut(let name, let reason):
            "the plan leaves cluster \(name.rawValue.quoted) out: \(reason)"
        case .policyMissing(let takeover): "no policy was given for takeover \(takeover.quoted)"
        case .noRuns: "the journal holds no runs yet"
        case .labNotRunning(let directory): "no lab runs in \(directory.quoted)"
        case .labFailed(let reason, _): "the lab did not start: \(reason)"
        case .labRefused(let reason): "the lab refused: \(reason)"
        case .acceptNeedsReason: "--accept-failures needs --reason TEXT"
        case .nothingToApprove(let run): "no wave of run \(run.rawValue.quoted) waits for approval"
        case .windowsNeedReason: "--outside-windows needs --reason TEXT"
        case .noWindowToWaive(let run): "no wave of run \(run.rawValue.quoted) waits for windows"
        case .unknownTool(let tool, _): "\(tool.quoted) is no tool that can be sent to a cluster"
        case .clusterInCommand(let flag): "the command names a cluster itself, by `\(flag)`"
        case .changesNotAllowed(let line): "`\(line)` may change something"
        case .noSuchSelector(let text): "\(text.quoted) is no label selector"
        case .noClusterChosen: "no cluster was named"
        case .noBastions: "the inventory has no bastions"
        case .unknownBastion(let name, _): "the inventory has no bastion \(name.quoted)"
        case .notSurveyed(let names):
            "no survey is kept of \(names.map(\.rawValue).summary)"
        case .keptAlready(let directory): "there is a journal in \(directory.quoted) already"
        case .badFault(let text): "\(text.quoted) is no fault to rehearse"
        case .badFaultTime(let key, let fault, let text):
            "`\(key)` of fault \(fault.quoted) should be a number of seconds, up to a year, "
                + "got: \(text.quoted)"
        case .faultNowhere(let target, _):
            "the plan has no cluster and no wave \(target.quoted) for a fault"
        case .noClusterMatches(let text): "the selector \(text.quoted) matches no cluster"
        }
    }

    var hint: String? {
        switch self {
        case .faultNowhere(_, let known): "it has \(known.summary)"
        case .unknownRunbook(_, let known): "there is \(known.joined(separator: ", "))"
        case .unknownStep(_, let known): "it has \(known.joined(separator: ", "))"
        case .unknownCluster(_, let known), .notInInventory(_, let known): Self.list(known)
        case .notInRun(_, _, let known):
            "\(Self.list(known)); for another run of `bellwether status` add `--run RUN`"
        case .policyMissing: "add `--policy POLICY`, a name in Policies/Rollouts/ or a path"
        case .clusterLeftOut: "see to that in the inventory or the policy, then plan again"
        case .labNotRunning(let directory): "run `bellwether lab up --directory \(directory)`"
        case .labFailed(_, let log): "see \(log)"
        case .labRefused: "see `bellwether lab break --help`"
        case .noRuns(let plan?): "run `bellwether run \(plan)`"
        case .noRuns(nil): "run `bellwether plan TAKEOVER --policy POLICY`"
        case .acceptNeedsReason: "say why the run may go on without those clusters"
        case .windowsNeedReason: "say why those clusters need not wait"
        case .nothingToApprove(let run), .noWindowToWaive(let run): "see `bellwether status \(run)`"
        case .unknownTool(_, let known): "there is \(known.joined(separator: ", "))"
        case .clusterInCommand: "leave it out; each cluster's own context is put in"
        case .changesNotAllowed: "add `--changes` if that is what you want"
        case .noSuchSelector: "write it as for `kubectl -l`, such as `region=eu,tier in (a,b)`"
        case .noClusterChosen: "name clusters, or give `--selector` or `--all`"
        case .noClusterMatches: "compare it with the `labels` of the inventory"
        case .noBastions: "clusters are reached from here; one is listed under `bastions:`"
        case .notSurveyed: "run `bellwether survey`, or leave them out with `--partial`"
        case .keptAlready: "give `--keep` a directory of its own"
        case .badFault:
            "write CLUSTER=FAULT, and `,name=value` for what `lab break --help` says it takes"
        case .badFaultTime: nil
        case .unknownBastion(_, let known):
            "it has \(known.map(\.rawValue).joined(separator: ", "))"
        }
    }

    private static func list(_ known: [ClusterName]) -> String {
        "it has \(known.map(\.rawValue).summary)"
    }

    var exitCode: FleetModel.ExitCode {
        switch self {
        case .unknownRunbook: .badInput
        case .labNotRunning, .labFailed: .unavailable
        default: .usage
        }
    }
}
