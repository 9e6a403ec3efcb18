import ArgumentParser
import FleetJournal
import FleetModel
import FleetPlanner
import Foundation
import Takeovers

struct RollbackVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Take a run back to the old revision: a cluster, a wave, or all of it.",
        discussion: """
            It is a run of its own: the same clusters, three times as many at once, no
            canary and no soak. What the old revision has gone from is left out. A run
            that is still going has to be halted first.

            Examples:
              bellwether rollback edge-014
              bellwether rollback ten-percent --run 7F3K --plan-only
              bellwether rollback 7F3K --yes
            """)

    @Argument(help: "A cluster (more with commas between them), a wave, or a run's id.")
    var target: String
    @Option(
        help: ArgumentHelp(
            "The run whose cluster or wave is meant. Default: the latest that went forward.",
            valueName: "run"))
    var run: String?
    @Option(help: ArgumentHelp("Why, for the journal.", valueName: "text"))
    var reason: String?
    @Flag(help: "Don't ask.")
    var yes = false
    @Flag(help: "Show the plan and touch nothing.")
    var planOnly = false
    @Option(help: ArgumentHelp("Show every command for this cluster.", valueName: "cluster"))
    var explain: String?
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var passphrases: PassphraseOptions

    func run() async throws {
        let database = try Wiring(project: project).existingJournal()
        let target = try RollbackTarget(target, ofRun: run, in: database.reader)
        try RollbackRules(reader: database.reader).requireRest(of: target.run)
        let stored = try database.save(PlanDocument(await plan(target, database)), at: .now)
        let display = PlanDisplay(output: output)
        if let explain { return try display.explain(ClusterName(explain), in: stored.plan) }
        let isShown = planOnly || !yes || (output.format == .table && !output.quiet)
        if isShown { display.show(stored, isBeginning: yes && !planOnly) }
        if planOnly { return }
        guard yes || isConfirmed(stored.plan) else {
            throw RollbackRefusal.notConfirmed(stored.id)
        }
        let run = try database.createRun(of: stored.id, at: .now)
        try await Lead(
            database: database, project: project, output: output, passphrases: passphrases
        ).lead(run, of: stored, failures: .retry, reason: reason)
    }

    private func plan(_ target: RollbackTarget, _ database: JournalDatabase) async throws -> Plan {
        let takeover = target.plan.takeover
        let runbook = try Runbooks.required(takeover.runbook)
        let forward = try await RunLook(reader: database.reader).replay(target.run.id)
        return try RollbackPlanner(
            plan: target.plan, run: target.run.id, way: runbook.wayBack(for: takeover),
            reach: forward.reach
        ).plan(of: target.clusters)
    }

    /// Off a terminal nobody can answer, so nobody is asked.
    private func isConfirmed(_ plan: Plan) -> Bool {
        guard Screen.isTerminal, isatty(STDIN_FILENO) == 1 else { return false }
        let clusters = counted(plan.clusters.count, "cluster")
        Speech.standard.remark("Roll \(clusters) back? Type yes to begin:")
        return readLine() == "yes"
    }
}
