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

    /// How the line ended, as far as the client knows: a command that was killed leaves
    /// no status, and neither does one whose connection died.
    func result(
        _ ending: ChildProgram.Ending, _ route: SSHRoute
    ) -> Result<RemoteExit, TransportFailure> {
        switch ending {
        case .cancelled: .failure(.cancelled)
        case .notStarted(let reason):
            .failure(.notSent(SSHTrouble(.unusable, "ssh can't be run: \(reason)")))
        case .exited(let status) where hasStatus: .success(.exited(status))
        case .exited, .signalled:
            if wasRefused {
                .failure(.notSent(refusal(route)))
            } else if wasSent {
                .success(.unknown)
            } else {
                .failure(.notSent(loss(route)))
            }
        }
    }

    func loss(_ route: SSHRoute) -> SSHTrouble {
        SSHTrouble(.unreachable, "the connection to \(route.destination) was lost")
    }

    private func refusal(_ route: SSHRoute) -> SSHTrouble {
        SSHTrouble(
            .busy, "\(route.destination) has no room for another session",
            hint: "raise MaxSessions in its sshd_config")
    }
}
