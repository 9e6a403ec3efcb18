import ArgumentParser
import FleetCoordinator
import FleetJournal
import FleetModel
import Foundation

struct HaltVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "halt",
        abstract: "Stop a run from starting clusters; those in flight go on to a safe point.",
        discussion: """
            Examples:
              bellwether halt 7F3K --reason "error rate in eu-west"
              bellwether halt 7F3K --now --reason "power is failing"
            """)

    @Argument(help: "The run's id.")
    var run: String
    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?
    @Flag(help: "Don't wait for safe points: stop what is in flight. Needs --reason.")
    var now = false
    @OptionGroup var project: ProjectOptions

    func validate() throws {
        if now && (reason ?? "").isEmpty { throw ValidationError("--now needs --reason TEXT.") }
    }

    func run() async throws {
        let database = try Wiring(project: project).existingJournal()
        let summary = try database.reader.run(matching: run)
        try database.send(control, to: summary.id, at: .now)
        // With nobody to take the wish up, it becomes a fact here and now.
        let settled = try IdleTurn(database: database, run: summary.id).take()
        Speech.standard.remark(
            settled
                ? "Run \(summary.id) is halted; nobody was leading it."
                : "Halting run \(summary.id): no cluster starts from here on.")
        Speech.standard.remark("To follow it, run `bellwether status \(summary.id)`.")
    }

    private var control: Control {
        now
            ? .abort(by: Host.operatorName, reason: reason ?? "")
            : .halt(by: Host.operatorName, reason: reason)
    }
}
