import ArgumentParser
import FleetJournal
import FleetModel

struct ResumeVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run that was halted, aborted, or whose process died.",
        discussion: """
            Clusters of the wave at hand that had failed are tried again, from the step
            that failed. To go on without them, accept their failure and say why.

            Examples:
              bellwether resume 7F3K
              bellwether resume 7F3K --accept-failures --reason "edge-12 is being retired"
            """)

    @Argument(help: "The run's id.")
    var run: String
    @Flag(help: "Leave the failed clusters as they are. Needs --reason.")
    var acceptFailures = false
    @Option(help: ArgumentHelp("Why the run may go on without them.", valueName: "text"))
    var reason: String?
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var passphrases: PassphraseOptions

    func run() async throws {
        let database = try Wiring(project: project).existingJournal()
        let summary = try database.reader.run(matching: run)
        // What is over stays so: going on would only open it again.
        guard !summary.state.isOver else { throw JournalError.runIsOver(summary.id, summary.state) }
        let treatment = try treatment()
        try RollbackRules(reader: database.reader).requireResumable(
            summary, acceptsFailures: treatment != .retry)
        let plan = try database.reader.plan(matching: summary.plan.rawValue)
        try await Lead(
            database: database, project: project, output: output, passphrases: passphrases
        ).lead(summary.id, of: plan, failures: treatment)
    }

    private func treatment() throws -> FailureTreatment {
        guard acceptFailures else { return .retry }
        guard let reason, !reason.isEmpty else { throw UsageError.acceptNeedsReason }
        return .accept(reason: reason)
    }
}
