import FleetCoordinator
import FleetJournal
import FleetModel
import FleetRunner
import FleetTerminal

/// Leads a run for an operator: with a view to follow, a last word, and the
/// right exit code.
struct Lead {
    let database: JournalDatabase
    let project: ProjectOptions
    let output: OutputOptions
    let passphrases: PassphraseOptions

    /// Leads a run to where it can go no further. The reason is that of a run that begins.
    func lead(
        _ run: RunID, of plan: StoredPlan, failures: FailureTreatment, reason: String? = nil
    ) async throws {
        let audience = audience(of: run, plan.document.plan)
        let session = RunSession(
            database: database, run: run, plan: plan,
            executors: Executors(project: project, passphrases: passphrases.source),
            audience: audience, failures: failures,
            reason: reason.flatMap { $0.isEmpty ? nil : $0 })
        let ending = try await session.lead()
        let snapshot = try await RunLook(reader: database.reader).snapshot(of: run)
        lastWord(snapshot)
        let code = ending.exitCode(snapshot)
        if code != .completed { throw code }
    }

    private func audience(of run: RunID, _ plan: Plan) -> any RunAudience {
        switch output.format {
        case _ where output.quiet: QuietAudience()
        case .json: EventAudience.json(of: plan)
        case .table where Screen.isTerminal: LiveAudience()
        case .table: EventAudience.lines(of: plan)
        }
    }

    private func lastWord(_ snapshot: RunSnapshot) {
        guard output.format == .table else { return }
        if output.quiet { return Speech.standard.tell(snapshot.run.rawValue) }
        Speech.standard.tell(
            [""]
                + StatusView.draw(
                    snapshot, isAttended: false, width: Screen.width, style: Screen.style))
    }
}

extension RunDriver.Ending {
    /// What a process says that led a run to this, and left it so.
    func exitCode(_ snapshot: RunSnapshot) -> FleetModel.ExitCode {
        switch self {
        case .completed(let withExceptions):
            withExceptions ? .completedWithExceptions : .completed
        case .halted where snapshot.clusters.contains { $0.state == .inDoubt }: .inDoubt
        case .halted, .awaitingApproval: .haltedOrWaiting
        case .aborted: .aborted
        }
    }
}
