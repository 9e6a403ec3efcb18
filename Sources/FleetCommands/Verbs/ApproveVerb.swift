import ArgumentParser
import FleetCoordinator
import FleetJournal
import FleetModel

struct ApproveVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let the wave start that waits for approval.",
        discussion: "Example:\n  bellwether approve 7F3K && bellwether resume 7F3K")

    @Argument(help: "The run's id.")
    var run: String
    @OptionGroup var project: ProjectOptions

    func run() async throws {
        let database = try Wiring(project: project).journal()
        let summary = try database.reader.run(matching: run)
        let coordinator = try await RunLook(reader: database.reader).replay(summary.id)
        guard let position = coordinator.waitingForApproval else {
            throw UsageError.nothingToApprove(summary.id)
        }
        try database.send(
            .approve(position, by: Host.operatorName), to: summary.id, at: .now)
        let isIdle = try IdleTurn(database: database, run: summary.id).take()
        let wave = coordinator.plan.wave(at: position).name
        let phase = coordinator.plan.phases[position.phase].name
        Speech.standard.remark("Approved: wave \(wave) of \(phase).")
        if isIdle {
            Speech.standard.remark("To start it, run `bellwether resume \(summary.id)`")
        }
    }
}
