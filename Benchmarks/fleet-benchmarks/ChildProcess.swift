import Foundation

/// A program started by nothing but `posix_spawn`, the floor under everything
/// that starts programs.
struct ChildProcess {
    let pid: pid_t
    private let output: Int32
    private let errors: Int32
    private let start: ContinuousClock.Instant

    struct End {
        let status: Int32
        let output: Data
        let errors: Data
        let elapsed: Duration
        /// The largest resident size the child had, in bytes.
        let peakMemory: Int

        var succeeded: Bool { status == 0 }
    }

    /// Starts a program with both of its streams in pipes of ours.
    ///
    /// - Throws: ``BenchmarkFailure`` when it can't be started.
    init(_ argv: [String]) throws {
        start = .now
        let (output, errors) = (try Pipe(), try Pipe())
        defer {
            close(output.writing)
            close(errors.writing)
        }
        pid = try Self.spawn(argv, output: output.writing, errors: errors.writing)
        (self.output, self.errors) = (output.reading, errors.reading)
    }

    static func run(_ argv: [String]) throws -> End { try ChildProcess(argv).end() }

    /// Reads both streams to their ends and reaps the child. Its stderr must
    /// fit in a pipe: it is read second.
    func end() -> End {
        let (words, complaints) = (drain(output), drain(errors))
        var (status, usage) = (Int32(0), rusage())
        while wait4(pid, &status, 0, &usage) == -1, errno == EINTR {}
        return End(
            status: status, output: words, errors: complaints, elapsed: .now - start,
            peakMemory: usage.ru_maxrss << 10)
    }

    func kill() { Foundation.kill(pid, SIGKILL) }

    private static func spawn(_ argv: [String], output: Int32, errors: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        var arguments = argv.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var pid = pid_t()
        let failure = posix_spawn(&pid, argv[0], &actions, nil, &arguments, &variables)
        guard failure == 0 else {
            throw BenchmarkFailure("\(argv[0]): \(String(cString: strerror(failure)))")
        }
        return pid
    }

    private static let environment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
}

private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_CLOEXEC) == 0 else {
            throw BenchmarkFailure("pipe2: \(String(cString: strerror(errno)))")
        }
        (reading, writing) = (ends[0], ends[1])
    }
}

private func drain(_ descriptor: Int32) -> Data {
    defer { close(descriptor) }
    var (all, chunk) = (Data(), [UInt8](repeating: 0, count: 64 << 10))
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count == -1, errno == EINTR { continue }
        guard count > 0 else { return all }
        all.append(contentsOf: chunk[..<count])
    }
}
