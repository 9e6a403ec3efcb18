import Foundation

/// What `ssh` knows of where it runs: who asks, and from where.
public struct SSHSurroundings: Hashable, Sendable {
    /// The local user's name.
    public var user: String
    public var userID: UInt32
    /// The home directory of the user database, which is the one that `ssh` takes.
    public var home: String
    public var hostName: String
    public var environment: [String: String]

    public init(
        user: String, userID: UInt32, home: String, hostName: String,
        environment: [String: String]
    ) {
        (self.user, self.userID, self.home) = (user, userID, home)
        (self.hostName, self.environment) = (hostName, environment)
    }

    /// Those of this process, with the environment it was started with unless told
    /// otherwise.
    public static func current(environment: [String: String]? = nil) -> Self {
        let entry = getpwuid(getuid())?.pointee
        let name = entry.flatMap { $0.pw_name }.map { String(cString: $0) }
        let home = entry.flatMap { $0.pw_dir }.map { String(cString: $0) }
        return Self(
            user: name ?? NSUserName(), userID: getuid(), home: home ?? NSHomeDirectory(),
            hostName: ProcessInfo.processInfo.hostName,
            environment: environment ?? ProcessInfo.processInfo.environment)
    }
}
