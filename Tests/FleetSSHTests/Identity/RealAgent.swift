import Foundation

@testable import FleetSSH

/// An `ssh-agent` of a test's own.
final class RealAgent: Sendable {
    let socket: String
    private let process: pid_t

    init(in scratch: ScratchDirectory) throws {
        socket = scratch.unique("agent")
        process = try Program.start("/usr/bin/ssh-agent", ["-D", "-a", socket])
        while !FileManager.default.fileExists(atPath: socket) { usleep(1_000) }
    }

    /// Ends the agent. Its process has our mask of signals, so that only KILL is sure.
    func stop() {
        kill(process, SIGKILL)
        Program.end(of: process)
    }

    func add(_ path: String, in scratch: ScratchDirectory) throws {
        let added = try Program.run(
            "/usr/bin/ssh-add", ["-q", path], environment: ["SSH_AUTH_SOCK": socket], in: scratch)
        if added.status != 0 { throw SSHTrouble(.unusable, added.stderr) }
    }
}

/// A socket that answers every request with the same bytes, or never.
final class FakeAgent: Sendable {
    let socket: String
    private let descriptor: Int32
    private let ended = DispatchSemaphore(value: 0)

    init(reply: [UInt8]?, in scratch: ScratchDirectory) throws {
        socket = scratch.unique("fake")
        let listener = Glibc.socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard var address = sockaddr_un(path: socket) else {
            throw SSHTrouble(.unusable, "the scratch directory's path is too long")
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        listen(listener, 8)
        descriptor = listener
        let thread = Thread { [ended] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                guard let reply else { continue }
                var request = [UInt8](repeating: 0, count: 1 << 16)
                _ = recv(client, &request, request.count, 0)
                _ = send(client, reply, reply.count, Int32(MSG_NOSIGNAL))
                close(client)
            }
            ended.signal()
        }
        thread.start()
    }

    /// Ends the thread before the socket: its number may be another agent's at once.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        ended.wait()
        close(descriptor)
    }
}
