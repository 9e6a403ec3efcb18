import ArgumentParser
import FleetCoordinator
import FleetJournal
import FleetModel
import FleetTerminal

struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how a run stands, or all runs.",
        discussion: """
            Answers from the journal alone, while a run is going and after its
            process died.

            Examples:
              bellwether status
              bellwether status 7F3K
            """)

    @Argument(help: "The run's id. Without one, all runs are listed.")
    var run: String?
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let reader = try Wiring(project: project).reader()
        guard let run else { return try await list(reader) }
        let summary = try reader.run(matching: run)
        let snapshot = try await RunLook(reader: reader).snapshot(of: summary.id)
        let rollback = try rollback(of: summary, reader)
        switch output.format {
        case _ where output.quiet: Speech.standard.tell(snapshot.state.rawValue)
        case .json:
            Speech.standard.tell(
                SnapshotJSON.text(snapshot, isAttended: summary.isLed, rollback: rollback))
        case .table:
            Speech.standard.tell(
                StatusView.draw(
                    snapshot, isAttended: summary.isLed, rollback: rollback,
                    width: Screen.width, style: Screen.style))
            Speech.standard.tell(leader(of: summary))
        }
    }

    private func rollback(
        of run: RunSummary, _ reader: JournalReader
    ) throws -> RollbackView? {
        guard let rollback = try reader.rollbacks(of: run.id).first else { return nil }
        let (all, back) = (try clusters(of: run, reader), try clusters(of: rollback, reader))
        return RollbackView(
            run: rollback.id, isOver: rollback.state.isOver, plan: run.plan.rawValue,
            part: back.count < all.count ? back : [])
    }

    private func clusters(of run: RunSummary, _ reader: JournalReader) throws -> [ClusterName] {
        try reader.plan(matching: run.plan.rawValue).plan.clusters.map(\.name)
    }

    /// Who leads the run, or that nobody does although it isn't at rest.
    private func leader(of summary: RunSummary) -> [String] {
        guard let coordinator = summary.coordinator, !summary.state.isOver else { return [] }
        if summary.isLed { return ["Led by \(coordinator.place)."] }
        guard !coordinator.hasEnded, summary.state.isUnderWay else {
            return []
        }
        return ["Its coordinator, \(coordinator.place), is gone."]
    }

    private func list(_ reader: JournalReader) async throws {
        let runs = try reader.runs()
        guard !runs.isEmpty else { throw try UsageError.noRuns(in: reader) }
        if output.quiet { return Speech.standard.tell(runs.map(\.id.rawValue)) }
        let look = RunLook(reader: reader)
        var snapshots: [RunSnapshot] = []
        for run in runs { snapshots.append(try await look.snapshot(of: run.id)) }
        switch output.format {
        case .json:
            Speech.standard.tell(
                try zip(snapshots, runs).map { snapshot, run in
                    SnapshotJSON.text(
                        snapshot, isAttended: run.isLed, rollback: try rollback(of: run, reader))
                })
        case .table:
            Speech.standard.tell(
                RunList.draw(snapshots, width: Screen.width, style: Screen.style))
        }
    }
}
