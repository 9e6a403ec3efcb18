import FleetRunner
import Synchronization

/// One connection of OpenSSH that carries many commands: `ssh -M -N`.
///
/// It is our child and ends with us, even if we are killed: a shell beside it notices
/// that a pipe of ours has closed.
final class ControlMaster: Sendable {
    let socket: String
    private let process: Task<SSHTrouble, Never>
    private let end: FirstValue<SSHTrouble>
    /// `nil` once commands may be sent, or why they never may.
    private let readiness: Task<SSHTrouble?, Never>

    /// Waits for a socket to appear, or for the end.
    private static let poll: Duration = .milliseconds(10)
    private static let noticePatience: Duration = .milliseconds(500)

    init(_ socket: String, _ openSSH: OpenSSHProgram) {
        let end = FirstValue<SSHTrouble>()
        let tail = Tail()
        (self.socket, self.end) = (socket, end)
        process = Task {
            let ending = await openSSH.master(socket).run(.heldOpen) { _, bytes in
                tail.take(bytes)
            }
            let trouble = Self.trouble(ending, tail.text, openSSH.route)
            end.fill(trouble)
            return trouble
        }
        readiness = Task {
            while !openSSH.directory.holds(socket) {
                if end.isThere { return await end.value }
                // Nobody cancels this, and the process's end ends it.
                try? await openSSH.clock.sleep(for: Self.poll)
            }
            return nil
        }
    }

    deinit { process.cancel() }

    var hasEnded: Bool { end.isThere }

    /// Waits until commands may be sent. Throws why they can't be.
    func getReady() async throws(TransportFailure) {
        switch await readiness.valueUnlessCancelled {
        case .none: throw .cancelled
        case .some(.some(let trouble)): throw .notSent(trouble)
        case .some(.none): break
        }
    }

    /// Whether the connection ends within the time that its program takes to notice.
    func ends(soonOn clock: any Clock<Duration>) async -> Bool {
        let timer = Task {
            // Cancelled or not, time is up.
            try? await clock.sleep(for: Self.noticePatience)
        }
        let watch = Task { [process] in
            _ = await process.valueUnlessCancelled
            timer.cancel()
        }
        await timer.value
        watch.cancel()
        return hasEnded
    }

    /// Ends the connection, and with it what waits for commands on it.
    func close() async {
        process.cancel()
        _ = await process.value
    }

    private static func trouble(
        _ ending: ChildProgram.Ending, _ complaint: String, _ route: SSHRoute
    ) -> SSHTrouble {
        switch ending {
        case .notStarted(let reason): SSHTrouble(.unusable, "ssh can't be run: \(reason)")
        case .cancelled:
            SSHTrouble(.unreachable, "the connection to \(route.destination) was closed")
        case .exited, .signalled: SSHTrouble(complaint: complaint, of: route)
        }
    }
}

/// The last words of a program.
private final class Tail: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private static let kept = 8_192

    func take(_ more: [UInt8]) {
        bytes.withLock { $0 = ($0 + more).suffix(Self.kept) }
    }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
