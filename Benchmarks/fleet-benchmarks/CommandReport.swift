import FleetRunner
import Foundation

/// (c) What we add to a command.
struct CommandReport {
    let workshop: Workshop
    let tools: ToolPaths

    func section() async throws -> Section {
        var section = Section(
            "(c) One local command",
            columns: ["command", "bare posix_spawn", "plain", "÷ bare", "durable", "÷ bare", "aim"])
        for command in commands { try await add(command, to: &section) }
        section.remark(
            "Medians; the three take turns. Bare is posix_spawn, two pipes read to their ends, "
                + "wait4. Plain is how a reading runs, durable how a mutation does: supervised, its "
                + "outcome in files, acknowledged afterwards.")
        if tools.path(of: "kubectl") == nil { section.remark("There is no kubectl here.") }
        return section
    }

    private struct Measured {
        let argv: [String]
        let rounds: Int
        let aim: String
    }

    private var commands: [Measured] {
        let kubectl = tools.path(of: "kubectl").map { [$0, "version", "--client"] }
        return [
            Measured(argv: ["/bin/true"], rounds: 200, aim: ""),
            Measured(argv: ["/bin/sleep", "0.04"], rounds: 60, aim: "< 1.15×"),
        ] + (kubectl.map { [Measured(argv: $0, rounds: 60, aim: "< 1.15×")] } ?? [])
    }

    private func add(_ command: Measured, to section: inout Section) async throws {
        let executor = try LocalExecutor(
            jobsDirectory: workshop.directory.appending(path: "jobs").path, tools: tools,
            environment: LocalEnvironment(from: ProcessInfo.processInfo.environment))
        let figures = try await CommandCost(
            executor: executor, argv: command.argv, rounds: command.rounds
        ).measure()
        let bare = figures.bare.median
        section.add(
            "`\(command.argv.joined(separator: " "))`", bare.words, figures.plain.median.words,
            figures.plain.median.times(bare), figures.durable.median.words,
            figures.durable.median.times(bare), command.aim)
    }
}
