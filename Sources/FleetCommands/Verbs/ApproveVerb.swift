import ArgumentParser
import FleetCoordinator
import FleetJournal
import FleetModel

struct ApproveVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let the wave start that waits for approval, or for its windows.",
        discussion: """
            Examples:
              bellwether approve 7F3K && bellwether resume 7F3K
              bellwether approve 7F3K --outside-windows --reason "the CVE can't wait"
            """)

    @Argument(help: "The run's id.")
    var run: String
    @Flag(help: "Let the clusters of the wave begin outside their windows. Needs --reason.")
    var outsideWindows = false
    @Option(help: ArgumentHelp("Why they need not wait.", valueName: "text"))
    var reason: String?
    @OptionGroup var project: ProjectOptions

    func run() async throws {
        let database = try Wiring(project: project).existingJournal()
        let summary = try database.reader.run(matching: run)
        let coordinator = try await RunLook(reader: database.reader).replay(summary.id)
        let (position, controls) = try wishes(coordinator, summary.id)
        for control in controls { try database.send(control, to: summary.id, at: .now) }
        let isIdle = try IdleTurn(database: database, run: summary.id).take()
        let wave = coordinator.plan.wave(at: position).name
        let phase = coordinator.plan.phases[position.phase].name
        let extent = outsideWindows ? ", outside its windows" : ""
        Speech.standard.remark("Approved: wave \(wave) of \(phase)\(extent).")
        if isIdle {
            Speech.standard.remark("To start it, run `bellwether resume \(summary.id)`.")
        }
    }

    private func wishes(
        _ coordinator: Coordinator, _ run: RunID
    ) throws -> (WavePosition, [Control]) {
        let me = Host.operatorName
        let approval = coordinator.waitingForApproval.map { Control.approve($0, by: me) }
        guard outsideWindows else {
            guard let position = coordinator.waitingForApproval else {
                throw UsageError.nothingToApprove(run)
            }
            return (position, approval.map { [$0] } ?? [])
        }
        guard let reason, !reason.isEmpty else { throw UsageError.windowsNeedReason }
        guard coordinator.plan.windows != nil, let position = coordinator.waveAtHand else {
            throw UsageError.noWindowToWaive(run)
        }
        let waiver = Control.waiveWindows(position, by: me, reason: reason)
        return (position, [waiver] + (approval.map { [$0] } ?? []))
    }
}
