import FleetModel

/// Everything wrong with a takeover by the sail operator, all at once.
struct SailProblems {
    let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    var all: [TakeoverProblem] {
        version + revision + name + SailParameter.table.problems(in: takeover)
            + MoveProblems(takeover).roles(SailRunbook.form)
    }

    private var settings: SailSettings { SailSettings(takeover) }

    private var version: [TakeoverProblem] {
        guard takeover.version.first?.isNumber != true else { return [] }
        return [
            TakeoverProblem(
                .version, "the version should be the one of the proxies' images, such as 1.26.0",
                hint: "leave out the v that the operator writes before it")
        ]
    }

    /// The operator gives the names, by its own rule.
    private var revision: [TakeoverProblem] {
        guard takeover.revision != settings.revision else { return [] }
        return [
            TakeoverProblem(
                .revision,
                "the operator will call the revision \(settings.revision.rawValue.quoted), "
                    + "not \(takeover.revision.rawValue.quoted)",
                hint: "write what it will be called; of an update in place revision and "
                    + "oldRevision are both the name of the Istio resource")
        ]
    }

    private var name: [TakeoverProblem] {
        guard !settings.istio.isLabel else { return [] }
        let parameter = SailParameter.istio.rawValue
        return [
            TakeoverProblem(
                .parameter(parameter),
                "parameter \(parameter.quoted) should be a DNS label, got: "
                    + settings.istio.quoted)
        ]
    }
}
