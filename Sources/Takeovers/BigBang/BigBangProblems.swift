import FleetModel

/// Everything wrong with a takeover of Big Bang, all at once.
struct BigBangProblems {
    let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    var all: [TakeoverProblem] { revisions + parameters + hook + manifests }

    /// Both control planes are without a revision; the version alone tells them apart.
    private var revisions: [TakeoverProblem] {
        var problems: [TakeoverProblem] = []
        if takeover.revision != .unnamed {
            problems.append(
                TakeoverProblem(
                    .revision,
                    "revision \(takeover.revision.rawValue.quoted) is none of Big Bang's, whose "
                        + "control plane has none", hint: "write default"))
        }
        if takeover.oldRevision != .unnamed {
            problems.append(
                TakeoverProblem(
                    .oldRevision, "the old revision is Big Bang's, which is default",
                    hint: "leave oldRevision out"))
        }
        if takeover.version.isEmpty {
            problems.append(TakeoverProblem(.version, "the version is empty"))
        }
        return problems
    }

    private var parameters: [TakeoverProblem] {
        BigBangParameter.table.problems(in: takeover)
            + AddressSettings(takeover.parameters).problems(areNeeded: false)
    }

    private var hook: [TakeoverProblem] {
        let settings = BigBangSettings(takeover.parameters)
        let isGiven = takeover.parameters[BigBangParameter.hook.rawValue] != nil
        switch (settings.delivery, settings.hook.isEmpty) {
        case (.hook, true):
            return [
                TakeoverProblem(
                    .parameter("delivery"), "delivery by hook needs the parameter \"hook\"",
                    hint: "name the command that commits values to git, as a list of words")
            ]
        case (.override, _) where isGiven:
            return [
                TakeoverProblem(
                    .parameter("hook"), "the hook is never run with delivery: override",
                    hint: "write delivery: hook, or leave the hook out")
            ]
        default: return []
        }
    }

    private var manifests: [TakeoverProblem] {
        takeover.manifests.keys.sorted().map {
            TakeoverProblem(
                .manifest($0), "there is no manifest \($0.quoted)",
                hint: "Big Bang's packages bring everything themselves")
        }
    }
}
