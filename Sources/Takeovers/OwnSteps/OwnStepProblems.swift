import FleetModel
import Predicates

/// Everything wrong with the steps that a takeover adds to a runbook.
struct OwnStepProblems {
    private let takeover: Takeover
    /// The runbook's own steps.
    private let outline: RunbookOutline
    private var steps: [OwnStep] { takeover.ownSteps }

    init(_ takeover: Takeover, in outline: RunbookOutline) {
        (self.takeover, self.outline) = (takeover, outline)
    }

    var all: [TakeoverProblem] {
        steps.indices.flatMap { index in
            let step = steps[index]
            return [
                name(step, index), position(step, index), path(step, index),
                expectation(step, index),
            ].compactMap(\.self) + tools(step, index) + placeholders(step, index)
        }
    }

    private func name(_ step: OwnStep, _ index: Int) -> TakeoverProblem? {
        let isTaken =
            steps[..<index].contains { $0.name == step.name }
            || outline.phases.contains { $0.steps.contains { $0.name == step.name } }
        guard isTaken else { return nil }
        return TakeoverProblem(
            .ownStep(index, ["name"]), "there is another step \(step.name.quoted)",
            hint: "a step is known by its name, in the journal too")
    }

    // MARK: Where it stands

    private func position(_ step: OwnStep, _ index: Int) -> TakeoverProblem? {
        let position = step.position
        let place = TakeoverProblem.Subject.ownStep(index, [position.side.rawValue])
        guard let phase = outline.phases.first(where: { $0.name == position.phase }) else {
            // Those of the runbook `own` are only those that its steps name.
            let known = RunbookOutline.phaseNames.joined(separator: ", ")
            return TakeoverProblem(
                place, "the runbook has no phase \(position.phase.quoted)",
                hint: "its phases are \(known)")
        }
        let woven = Weaving(takeover, phase: phase.name)
            .weave(phase.steps, outline: \.self) { $1 }.map(\.name)
        guard let at = woven.firstIndex(of: step.name) else {
            let names = phase.steps.map(\.name).joined(separator: ", ")
            return TakeoverProblem(
                place,
                "phase \(phase.name) has no step \((position.step ?? "").quoted) to stand by",
                hint: "its steps are \(names)")
        }
        return step.act == nil || isLocked(at, woven)
            ? nil
            : TakeoverProblem(
                place, "step \(step.name.quoted) would act without the cluster's writer lock",
                hint: "put it after `\(TakeLock.outline.name)` and before "
                    + "`\(ReleaseLock.outline.name)`")
    }

    /// Whether a step stands between taking and releasing the lock.
    private func isLocked(_ at: Int, _ names: [String]) -> Bool {
        let taken = names.firstIndex(of: TakeLock.outline.name) ?? -1
        let released = names.lastIndex(of: ReleaseLock.outline.name) ?? names.count
        return taken < at && at < released
    }

    // MARK: What it asks and does

    /// kubectl reads nothing else, and would say so on every cluster until the time is up.
    private func path(_ step: OwnStep, _ index: Int) -> TakeoverProblem? {
        guard case .path(let path) = step.observe.source, !path.hasPrefix("/") else { return nil }
        return TakeoverProblem(
            .ownStep(index, ["observe", "get"]), "`get` should begin with `/`, got: \(path.quoted)",
            hint: "write the path as for `kubectl get --raw`, such as `/api/v1/nodes`")
    }

    private func expectation(_ step: OwnStep, _ index: Int) -> TakeoverProblem? {
        guard let expect = step.observe.expect else { return nil }
        do throws(PredicateMistake) {
            let variables = Placeholders.variables(in: anyCluster)
            _ = try Predicate(expect, variables: variables)
            return nil
        } catch {
            return TakeoverProblem(
                .ownStep(index, ["observe", "expect"]), "`expect` is no jq program: \(error.reason)"
            )
        }
    }

    /// The variables have the same names on every cluster.
    private var anyCluster: Situation {
        Situation(
            takeover: takeover, cluster: Cluster("any"), management: nil, run: "ANY", epoch: 0)
    }

    private func tools(_ step: OwnStep, _ index: Int) -> [TakeoverProblem] {
        step.commands.compactMap { key, argv in
            guard let tool = ClusterTool(rawValue: argv[0]) else { return nil }
            let subject = TakeoverProblem.Subject.ownStep(index, [key, "run"])
            if step.place == .local {
                return TakeoverProblem(
                    subject, "\(tool) runs on a cluster, and `where` says local",
                    hint: "leave `where` out, or write cluster or management")
            }
            guard let flag = tool.clusterFlag(in: argv.dropFirst()) else { return nil }
            return TakeoverProblem(
                subject, "`\(flag)` chooses the cluster of step \(step.name.quoted)",
                hint: "leave it out: each cluster's own context is put in")
        }
    }

    private func placeholders(_ step: OwnStep, _ index: Int) -> [TakeoverProblem] {
        step.texts.flatMap { path, text in
            Placeholders.mistakes(in: text).map {
                TakeoverProblem(
                    .ownStep(index, path), $0,
                    hint: "there are \(Placeholders.names.joined(separator: ", ")); "
                        + "write `$${` for `${` itself")
            }
        }
    }
}

extension OwnStep {
    /// Its commands by the key they stand under.
    fileprivate var commands: [(key: String, argv: [String])] {
        var commands: [(key: String, argv: [String])] = []
        if case .command(let argv, _) = observe.source { commands.append(("observe", argv)) }
        if let act { commands.append(("act", act.argv)) }
        return commands
    }

    /// Its texts that are filled in for each cluster, with the path to each.
    fileprivate var texts: [(path: [String], text: String)] {
        var texts: [(path: [String], text: String)] = commands.flatMap { key, argv in
            argv.enumerated().map { ([key, "run", "\($0)"], $1) }
        }
        switch observe.source {
        case .path(let path): texts.append((["observe", "get"], path))
        case .command(_, let stdin?): texts.append((["observe", "stdin"], stdin))
        case .command: break
        }
        if let stdin = act?.stdin { texts.append((["act", "stdin"], stdin)) }
        return texts
    }
}
