/// The SSH configuration by our own reading, where there is no `ssh` to ask.
///
/// It knows `Include`, `Host`, `Match` by host and user, quotes and tokens. What it
/// doesn't, such as `Match exec`, becomes a reason to need OpenSSH.
public struct OwnSSHConfiguration: SSHConfigurationSource {
    /// A file, and where relative `Include` lines in it start from.
    struct Root: Hashable, Sendable {
        let path: String
        let includes: String
        /// Whether the file must be nobody else's to write; `ssh -F` trusts its file.
        let isChecked: Bool
    }

    private let roots: [Root]
    private let surroundings: SSHSurroundings

    /// Reads one file alone, as after `ssh -F`, or the user's and the system's.
    public init(surroundings: SSHSurroundings, file: String? = nil) {
        let own = "\(surroundings.home)/.ssh"
        self.surroundings = surroundings
        roots =
            file.map { [Root(path: $0, includes: own, isChecked: false)] } ?? [
                Root(path: "\(own)/config", includes: own, isChecked: true),
                Root(path: "/etc/ssh/ssh_config", includes: "/etc/ssh", isChecked: false),
            ]
    }

    public func options(for query: SSHQuery) async throws(SSHTrouble) -> SSHOptions {
        guard query.isSafe else { throw .badQuery(query) }
        var reading = SSHConfigurationReading(query: query, surroundings: surroundings)
        for root in roots { try reading.read(root) }
        return reading.finished()
    }
}
