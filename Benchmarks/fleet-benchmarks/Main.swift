import FleetRunner
import Foundation

/// Measures what Benchmarks/README.md promises, and prints it as Markdown.
///
/// Usage: `fleet-benchmarks [a] [b] [c] [d]`, from the root of the repository;
/// without a letter, all. `lead` and `reopen` are what it starts itself as.
@main
struct Main {
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            exit(70)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        switch arguments.first {
        case "lead" where arguments.count == 3:
            let shape = try FleetShape.named(arguments[1])
            try tell(await FleetRun(shape: shape, journalPath: arguments[2]).lead())
        case "reopen" where arguments.count == 2:
            try tell(Reopening(journalPath: arguments[1]).measure())
        default:
            try await report(arguments)
        }
    }

    private static func tell(_ figures: some Encodable) throws {
        FileHandle.standardOutput.write(try JSONEncoder().encode(figures))
    }

    private static func report(_ chosen: [String]) async throws {
        let workshop = try Workshop()
        let tools = ToolPaths(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
        defer { try? workshop.close() }  // Only litter in the build directory is at stake.
        say("Before: \(Machine.words)\n")
        func wants(_ letter: String) -> Bool { chosen.isEmpty || chosen.contains(letter) }
        if wants("a") { say(try SmallFleetReport(workshop: workshop).section().text) }
        if wants("b") {
            say(try LargeFleetReport(workshop: workshop).section().text)
            say(try DecisionReport().section().text)
        }
        if wants("c") {
            say(try await CommandReport(workshop: workshop, tools: tools).section().text)
        }
        if wants("d") { say(try StartUpReport(workshop: workshop, tools: tools).section().text) }
        say("After: load \(Machine.load)")
    }

    private static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
