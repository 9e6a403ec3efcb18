public import FleetModel

/// Why the journal could not do what was asked. Nothing was written then.
public enum JournalError: OperatorError, Hashable {
    /// The file itself is the matter. The detail is in SQLite's or the system's words.
    case storage(StorageTrouble, path: String, detail: String)
    case unknownPlan(String, near: [PlanID])
    case ambiguousPlan(String, matches: [PlanID])
    case unwritablePlan(reason: String)
    case unreadablePlan(PlanID, reason: String)
    case unknownRun(String, near: [RunID])
    case ambiguousRun(String, matches: [RunID])
    /// The plan has a run that has not ended, which must be resumed or aborted first.
    case unfinishedRun(RunID, of: PlanID)
    case runIsOver(RunID, RunSummary.State)
    /// Another coordinator leads the run; `nil` when it has not said who it is yet.
    case heldElsewhere(RunID, by: Coordinatorship?)
    /// Another coordinator took the run over from this process.
    case superseded(RunID, by: Coordinatorship)
    case unknownCommand(CommandID, in: RunID)
    /// A kept output is gone, or is not what was seen.
    case unreadableOutput(path: String, detail: String)
}

/// What can be the matter with the journal's file.
public enum StorageTrouble: Hashable, Sendable {
    /// There is none, or it holds nothing yet.
    case missing
    /// The file is something else: not SQLite, or another program's database.
    case foreign
    /// It was written by a later version of this program.
    case newer
    /// It was written by an earlier version and is only open for reading.
    case older
    case damaged
    /// The file or its directory may not be opened by us.
    case inaccessible
    case readOnly
    /// Another process kept it locked for longer than we wait.
    case busy
    case full
    /// The disk or the file system failed.
    case failing
}

extension JournalError {
    public var problem: String {
        switch self {
        case .storage(let trouble, let path, let detail): trouble.problem(path, detail)
        case .unknownPlan(let text, _): "no plan is called \(text.quoted)"
        case .ambiguousPlan(let text, _): "more than one plan begins with \(text.quoted)"
        case .unwritablePlan(let reason): "the plan can't be written as JSON: \(reason)"
        case .unreadablePlan(let id, let reason): "plan \(id) can't be read back: \(reason)"
        case .unknownRun(let text, _): "no run is called \(text.quoted)"
        case .ambiguousRun(let text, _): "more than one run begins with \(text.quoted)"
        case .unfinishedRun(let run, let plan): "plan \(plan) has a run that isn't over: \(run)"
        case .runIsOver(let run, let state): "run \(run) is over: \(state)"
        case .heldElsewhere(let run, let holder):
            "run \(run) is led by \(holder?.place ?? "another process")"
        case .superseded(let run, let holder): "run \(run) was taken over by \(holder.place)"
        case .unknownCommand(let id, let run): "run \(run) has no command \(id.rawValue.quoted)"
        case .unreadableOutput(_, let detail): "the output of a command can't be read: \(detail)"
        }
    }

    public var place: String? {
        switch self {
        case .storage(_, let path, _), .unreadableOutput(let path, _): path
        case .superseded(_, let holder): holder.place
        default: nil
        }
    }

    public var hint: String? {
        switch self {
        case .storage(let trouble, let path, _): trouble.hint(path)
        case .unknownPlan(_, let near):
            near.isEmpty
                ? "make one with `bellwether plan TAKEOVER --policy POLICY`"
                : "the journal has \(list(near))"
        case .ambiguousPlan(_, let matches): "type more of one of \(list(matches))"
        case .unknownRun(_, let near):
            near.isEmpty
                ? "the journal holds no runs yet; `bellwether run PLAN` begins one"
                : "the journal has \(list(near))"
        case .ambiguousRun(_, let matches): "type more of one of \(list(matches))"
        case .unreadablePlan: "make the plan again with `bellwether plan`"
        case .unfinishedRun(let run, _):
            "go on with it by `bellwether resume \(run)`, or see `bellwether status \(run)`"
        case .runIsOver(let run, _): "see `bellwether status \(run)`"
        case .heldElsewhere(let run, let holder): holder?.hint(run)
        case .superseded(let run, _): "see `bellwether status \(run)`"
        case .unwritablePlan, .unknownCommand, .unreadableOutput: nil
        }
    }

    public var exitCode: ExitCode {
        switch self {
        case .storage(let trouble, _, _): trouble.exitCode
        case .heldElsewhere, .superseded: .heldElsewhere
        case .unknownCommand: .bug
        case .unreadableOutput: .unavailable
        default: .badInput
        }
    }
}

extension StorageTrouble {
    fileprivate var exitCode: ExitCode {
        switch self {
        case .missing, .foreign, .damaged: .badInput
        case .newer, .older, .inaccessible, .readOnly, .busy, .full, .failing: .unavailable
        }
    }

    fileprivate func problem(_ path: String, _ detail: String) -> String {
        switch self {
        case .missing: "there is no journal yet"
        case .foreign: "the file is no journal of Bellwether: \(detail)"
        case .newer: "the journal was written by a newer Bellwether: \(detail)"
        case .older: "the journal was written by an older Bellwether: \(detail)"
        case .damaged: "the journal is damaged: \(detail)"
        case .inaccessible: "the journal can't be opened: \(detail)"
        case .readOnly: "the journal can't be written: \(detail)"
        case .busy: "another process keeps the journal locked: \(detail)"
        case .full: "there is no room left for the journal: \(detail)"
        case .failing: "the journal's disk failed: \(detail)"
        }
    }

    fileprivate func hint(_ path: String) -> String? {
        let quoted = path.shellQuoted
        return switch self {
        case .missing:
            "make a plan first with `bellwether plan`, or say where the journal is by `--project` "
                + "or `--journal`"
        case .foreign: "name another file; this one was left as it is"
        case .newer: "use the Bellwether that wrote it; the journal was left as it is"
        case .older: "any command that writes, such as `bellwether resume`, brings it up to date"
        case .damaged: "keep a copy, then try `sqlite3 \(quoted) .recover`"
        case .inaccessible, .readOnly: "see `ls -ld \(quoted)` and who you are"
        case .busy: "see `fuser \(quoted)`, then try again"
        case .full: "make room, see `df -h \(quoted)`; what was journaled before is safe"
        case .failing: "see `dmesg`; what was journaled before is safe"
        }
    }
}

/// Names in a sentence, no more than a screen line of them.
private func list(_ names: [some Name]) -> String {
    let shown = names.prefix(6).map(\.rawValue).joined(separator: ", ")
    return names.count > 6 ? shown + " and \(names.count - 6) more" : shown
}
