import ArgumentParser
import FleetJournal
import FleetModel
import Foundation

struct RunVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Carry a plan out, wave by wave, and halt when a canary fails.",
        discussion: """
            Ctrl-C once halts at safe points, twice aborts; both can be resumed.

            Examples:
              bellwether run 7F3K
              bellwether run gloo-1-25 --policy careful
            """)

    @Argument(help: "A plan's id; or a takeover, together with --policy.")
    var plan: String
    @OptionGroup var options: PlanOptions
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var passphrases: PassphraseOptions

    func run() async throws {
        let wiring = Wiring(project: project)
        if options.policy == nil { try requirePlan(wiring) }
        let database = try wiring.journal()
        let stored = try storedPlan(wiring, database)
        try RollbackRules(reader: database.reader).requireRunnable(stored, reason: options.reason)
        let run = try database.createRun(of: stored.id, at: .now)
        try await Lead(
            database: database, project: project, output: output, passphrases: passphrases
        ).lead(run, of: stored, failures: .retry, reason: options.reason ?? stored.reason)
    }

    /// A takeover is no plan, but easily taken for one.
    private func requirePlan(_ wiring: Wiring) throws {
        do {
            _ = try wiring.reader().plan(matching: plan)
        } catch {
            let isTakeover = FileManager.default.fileExists(atPath: project.takeoverPath(plan))
            throw isTakeover ? UsageError.policyMissing(takeover: plan) : error
        }
    }

    private func storedPlan(_ wiring: Wiring, _ database: JournalDatabase) throws -> StoredPlan {
        guard options.policy != nil else { return try database.reader.plan(matching: plan) }
        let made = try wiring.plan(plan, options)
        wiring.warnings(about: made).forEach(Speech.standard.remark)
        return try database.save(PlanDocument(made), at: .now)
    }
}
