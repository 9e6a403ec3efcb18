import FleetCalendar
import FleetConfig
import FleetJournal
import FleetModel
import FleetPlanner
import Takeovers

/// The one place that knows every part: makes plans of files, and finds runs.
struct Wiring {
    let project: ProjectOptions

    /// Opens the journal to write, and makes one where there is none.
    func journal() throws -> JournalDatabase {
        try JournalDatabase(path: project.journalPath)
    }

    /// Opens the journal to write, where there is one.
    func existingJournal() throws -> JournalDatabase {
        try JournalDatabase.openExisting(path: project.journalPath)
    }

    /// Opens the journal to look into it.
    func reader() throws -> JournalReader {
        try JournalDatabase.openForReading(path: project.journalPath)
    }

    /// The inventory alone.
    func fleet() throws -> Fleet {
        try InventoryReader(files: LocalFiles(), checks: Runbooks.checkNumbers)
            .read(project.inventoryPath).value
    }

    /// Makes a plan of the project's files; `edit` may change what the inventory says.
    func plan(
        _ takeover: String, _ options: PlanOptions, edit: (inout Fleet) -> Void = { _ in }
    ) throws -> Plan {
        guard let policy = options.policy else {
            throw UsageError.policyMissing(takeover: takeover)
        }
        let reader = ConfigurationReader(
            files: LocalFiles(), runbooks: Runbooks.forms, checks: Runbooks.checkNumbers,
            requiresCanary: !options.noCanary)
        let configuration = try reader.read(
            inventory: project.inventoryPath, policy: project.policyPath(policy),
            takeover: project.takeoverPath(takeover))
        var fleet = configuration.fleet.value
        edit(&fleet)
        return try plan(configuration, of: fleet, noCanaryReason: options.noCanaryReason)
    }

    private func plan(
        _ configuration: Configuration, of fleet: Fleet, noCanaryReason: String?
    ) throws -> Plan {
        let takeover = configuration.takeover
        let runbook = try Runbooks.required(takeover.value.runbook)
        let mistakes = runbook.allProblems(in: takeover.value)
            .map { $0.placed(in: takeover.sources) }
        guard mistakes.isEmpty else { throw ConfigurationErrors(mistakes) }
        let plan = try Planner(
            fleet: fleet, policy: configuration.policy.value,
            takeover: takeover.value, outline: runbook.wholeOutline(for: takeover.value),
            noCanaryReason: noCanaryReason
        ).plan()
        let times = try WindowTimes(of: plan.windows, from: .now, for: windowHorizon)
        try WindowChecks(plan: plan, times: times, at: .now).check()
        try units(of: plan, runbook).check()
        return plan
    }

    private func units(of plan: Plan, _ runbook: any Runbook.Type) -> UnitChecks {
        UnitChecks(plan: plan) { phase, cluster in
            runbook.allSteps(
                of: phase.name,
                in: Situation(
                    takeover: plan.takeover, cluster: cluster,
                    management: plan.managementClusters.first { $0.name == cluster.management },
                    run: "any", epoch: 0))
        }
    }

    /// What whoever makes a plan should know of it, where nothing is wrong with it.
    ///
    /// Where the new control plane takes the old one's place, nobody serves users in between.
    func warnings(about plan: Plan) -> [String] {
        guard let runbook = Runbooks.named(plan.takeover.runbook), runbook.form.isInPlace else {
            return []
        }
        return units(of: plan, runbook).unguarded.map { unit, count in
            "warning: the policy has no maintenance window (`windows`) for \(count) of the "
                + "clusters. A cluster may serve nobody for \(unit.length.short), \(unit.words)."
        }
    }
}

extension TakeoverProblem {
    /// The mistake with its place in the takeover's file.
    fileprivate func placed(in sources: SourceMap) -> ConfigurationMistake {
        let path: [String] =
            switch subject {
            case .revision: ["revision"]
            case .version: ["version"]
            case .oldRevision: ["oldRevision"]
            case .parameter(let name): ["parameters", name]
            case .manifest(let role): ["manifests", role]
            case .content(let role, let path): ["content", role] + path
            case .ownSteps: ["steps"]
            case .ownStep(let number, let path): ["steps", "\(number)"] + path
            }
        return ConfigurationMistake(problem, at: sources.location(of: path), hint: hint)
    }
}
