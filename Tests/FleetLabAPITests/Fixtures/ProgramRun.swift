import Foundation

/// What came of running a program.
struct ProgramRun: Sendable {
    var exitCode: Int32
    var output: String
    var complaint: String

    /// Runs a program to its end without blocking a thread of the tests.
    static func of(
        _ path: String, _ arguments: [String], environment: [String: String], input: String,
        in folder: URL
    ) async throws -> ProgramRun {
        let name = UUID().uuidString
        let files = ["in", "out", "err"].map { folder.appendingPathComponent("\(name).\($0)") }
        try Data(input.utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        let exitCode = try await exitCode(of: process)
        return ProgramRun(
            exitCode: exitCode, output: try String(contentsOf: files[1], encoding: .utf8),
            complaint: try String(contentsOf: files[2], encoding: .utf8))
    }

    private static func exitCode(of process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}
