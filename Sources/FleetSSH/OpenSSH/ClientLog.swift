import FleetRunner

/// What a client of a shared connection wrote about its own doings.
///
/// Its exit status alone can't be believed: 255 is also what a command may exit with,
/// and what is left when the connection dies under it.
struct ClientLog: Hashable, Sendable {
    let text: String

    /// Nothing of a line leaves us before the request for its session does.
    private var wasSent: Bool { text.contains("session request sent") }
    private var hasStatus: Bool { text.contains("Received exit status from master") }
    private var wasRefused: Bool { text.contains("Session open refused by peer") }

    func result(
        _ ending: ChildProgram.Ending, isMasterAlive: Bool, _ route: SSHRoute
    ) -> Result<RemoteExit, TransportFailure> {
        switch ending {
        case .cancelled: return .failure(.cancelled)
        case .notStarted(let reason):
            return .failure(.notSent(SSHTrouble(.unusable, "ssh can't be run: \(reason)")))
        case .exited(let status) where hasStatus: return .success(.exited(status))
        case .exited, .signalled: break
        }
        if wasRefused {
            let reason = "\(route.destination) has no room for another session"
            return .failure(
                .notSent(SSHTrouble(.busy, reason, hint: "raise MaxSessions in its sshd_config")))
        }
        let trouble = SSHTrouble(
            .unreachable, "the connection to \(route.destination) was lost")
        guard wasSent else { return .failure(.notSent(trouble)) }
        // A command that was killed leaves no status, and the connection is well.
        return isMasterAlive ? .success(.unknown) : .failure(.lost(trouble))
    }
}
