import Foundation

/// A program of OpenSSH's, run to its end, to compare ourselves with.
struct Program {
    let status: Int32
    let stdout: String
    let stderr: String

    /// Output goes through files, so that neither stream can block the other.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:],
        in scratch: ScratchDirectory
    ) throws -> Program {
        let (out, err) = (scratch.unique("stdout"), scratch.unique("stderr"))
        let base = ["PATH": "/usr/bin:/bin:/usr/sbin", "HOME": scratch.path]
        let child = try start(
            path, arguments, environment: base.merging(environment) { $1 }, stdout: out,
            stderr: err)
        return Program(
            status: end(of: child), stdout: try String(contentsOfFile: out, encoding: .utf8),
            stderr: try String(contentsOfFile: err, encoding: .utf8))
    }

    /// Starts a child that reads nothing.
    static func start(
        _ path: String, _ arguments: [String], environment: [String: String] = [:],
        stdout: String = "/dev/null", stderr: String = "/dev/null"
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, stdout, writing, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, stderr, writing, 0o600)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let reason = posix_spawn(&child, path, &actions, nil, &words, &variables)
        guard reason == 0 else { throw POSIXError(POSIXErrorCode(rawValue: reason) ?? .EIO) }
        return child
    }

    /// Waits for a child; answers its exit status, or 128 and the signal that ended it.
    @discardableResult
    static func end(of child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }
}
