import FleetJournal
import FleetModel
import FleetRunner
import Foundation

/// Opens what runs the commands of a project: here, and on its bastions.
struct Executors {
    let project: ProjectOptions

    func open(for bastions: [Bastion]) throws -> any CommandExecutor { try local() }

    private func local() throws -> LocalExecutor {
        let environment = LocalEnvironment(from: ProcessInfo.processInfo.environment)
        let executor = try LocalExecutor(
            jobsDirectory: project.jobsPath, tools: ToolPaths(searchPath: environment.searchPath),
            environment: environment)
        executor.collectGarbage(olderThan: garbageAge, keeping: try wanted(), now: .now)
        return executor
    }

    /// The commands whose end the journal still waits for.
    private func wanted() throws -> Set<CommandID> {
        guard FileManager.default.fileExists(atPath: project.journalPath) else { return [] }
        return try Wiring(project: project).reader().openCommands()
    }
}

/// Nobody comes back for the files of a job after a week.
private let garbageAge = Duration.seconds(7 * 24 * 3_600)
