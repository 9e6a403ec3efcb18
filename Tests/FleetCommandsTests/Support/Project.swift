import FleetTestKit
import Foundation

/// An operator's directory: an inventory, policies, and in time a journal.
final class Project: Sendable {
    let directory: URL
    let words: URL
    private let started = Started()

    private init(_ directory: URL, _ words: URL) {
        (self.directory, self.words) = (directory, words)
    }

    /// Makes a directory with files in it, and removes it after use.
    static func with<Value>(
        files: [String: String], _ body: (Project) async throws -> Value
    ) async throws -> Value {
        try await Scratch.directory { scratch in
            let project = Project(
                scratch.appending(path: "project"), scratch.appending(path: "words"))
            try FileManager.default.createDirectory(
                at: project.words, withIntermediateDirectories: true)
            for (path, text) in files { try project.write(text, to: path) }
            defer { project.started.leave() }
            return try await body(project)
        }
    }

    /// A file of the project.
    func file(_ path: String) -> URL { directory.appending(path: path) }

    func write(_ text: String, to path: String) throws {
        let file = file(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Puts one text in the place of another.
    func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try text(of: path)
        precondition(text.contains(old), "\(path) has no \(old)")
        try write(text.replacing(old, with: new), to: path)
    }

    /// A file that can be run; its path.
    @discardableResult
    func writeScript(_ text: String, to path: String) throws -> String {
        try ExecutableFile.write(text, to: file(path).path)
        return file(path).path
    }

    func text(of path: String) throws -> String {
        try String(contentsOf: file(path), encoding: .utf8)
    }

    var journal: URL { file(".bellwether/journal.sqlite") }
}

// MARK: - Running the program

extension Project {
    /// Starts the program in the project's directory.
    func start(
        _ arguments: [String], environment: [String: String] = [:], terminal: FileHandle? = nil,
        behind launcher: [String] = []
    ) throws -> RunningProgram {
        let program = try RunningProgram(
            arguments, in: directory, words: words,
            environment: Program.environment(home: words).merging(environment) { $1 },
            terminal: terminal, behind: launcher)
        started.add(program)
        return program
    }

    /// Runs the program to its end.
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> ProgramRun
    {
        try await start(arguments, environment: environment).end()
    }

    /// Starts leading a run of the project's takeover, telling every event as JSON.
    func lead(_ arguments: String...) throws -> LeadingProgram {
        LeadingProgram(try start(arguments + ["--format", "json"]))
    }

    /// How the latest run stands.
    func status() async throws -> RunStatus {
        let id = try await run("status", "--quiet").lines.first ?? ""
        let status = try await run("status", id, "--format", "json")
        try status.expectSuccess()
        return try JSONDecoder().decode(RunStatus.self, from: Data(status.output.utf8))
    }
}

/// The processes that a test has started, none of which may outlive it.
private final class Started: @unchecked Sendable {
    private let lock = NSLock()
    private var programs: [RunningProgram] = []

    func add(_ program: RunningProgram) { lock.withLock { programs.append(program) } }

    func leave() {
        for program in lock.withLock({ programs }) { program.leave() }
    }
}
