/// The host we hop through to reach a cluster's API server.
public struct Bastion: Hashable, Sendable, Codable {
    public let name: BastionName
    public var host: String
    public var port: Int
    /// The remote user; `nil` leaves the choice to the SSH configuration.
    public var user: String?
    public var identityFiles: [String]
    /// The bastion through which this one is reached.
    public var via: BastionName?

    public init(
        _ name: BastionName, host: String, port: Int = 22, user: String? = nil,
        identityFiles: [String] = [], via: BastionName? = nil
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.user = user
        self.identityFiles = identityFiles
        self.via = via
    }
}
