import FleetSSH

extension SSHLimits {
    /// While an operator waits: a bastion that is away is away.
    static var attended: SSHLimits {
        var limits = SSHLimits()
        limits.connectPatience = .seconds(10)
        return limits
    }
}
