import Foundation

/// The program while it runs, with its words in files, so that it never waits
/// for us to read them.
///
/// Unchecked: a process may be signalled and asked about from any thread.
final class RunningProgram: @unchecked Sendable {
    private let process = Process()
    private let output: URL
    private let complaint: URL

    /// Starts the program, with other words in front of it if there must be. What it says
    /// goes to files in `words`, or to a `terminal`.
    init(
        _ arguments: [String], in directory: URL, words: URL, environment: [String: String],
        terminal: FileHandle? = nil, behind launcher: [String] = []
    ) throws {
        let name = UUID().uuidString
        output = words.appending(path: "\(name).out")
        complaint = words.appending(path: "\(name).err")
        for file in [output, complaint] { try Data().write(to: file) }
        let command = launcher + [Program.path] + arguments
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = environment
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try terminal ?? FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: complaint)
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }

    /// What it has said so far on stdout, whole lines only.
    var lines: [String] {
        var beginning = 0
        return lines(since: &beginning)
    }

    /// The same since a place, which is moved to where they end: a line is looked at once,
    /// however often somebody looks.
    func lines(since place: inout Int) -> [String] {
        // The file was made before the process was started.
        let said = (try? Data(contentsOf: output)) ?? Data()
        let newline = UInt8(ascii: "\n")
        guard let end = said.lastIndex(of: newline), end >= place else { return [] }
        defer { place = end + 1 }
        return said[place..<end].split(separator: newline).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// What it has said so far on stderr.
    var remarks: String { words(complaint) }

    /// Sends a signal to this process alone.
    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits until something can be seen, and fails when it ends without.
    @discardableResult
    func shows<Answer>(_ what: String, _ look: () async throws -> Answer?) async throws -> Answer {
        try await Patience.until(what) {
            let isRunning = process.isRunning
            if let answer = try await look() { return answer }
            guard isRunning else {
                throw Impatience(what: "\(what); it ended with\n\(words(output))\(remarks)")
            }
            return nil
        }
    }

    /// Waits for its end.
    func end() async throws -> ProgramRun {
        try await Patience.until("the end of the program") { process.isRunning ? nil : true }
        let status = process.terminationStatus
        return ProgramRun(
            exit: process.terminationReason == .uncaughtSignal ? 128 + status : status,
            output: words(output), complaint: remarks)
    }

    /// Ends it for good, should a test have left it running.
    func leave() {
        if process.isRunning { signal(SIGKILL) }
    }

    private func words(_ file: URL) -> String {
        // The files were made before the process was started; a half-written
        // character at the end is replaced and read again the next time.
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
}
