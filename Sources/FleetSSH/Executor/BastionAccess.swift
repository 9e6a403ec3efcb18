public import FleetModel

/// A bastion and the way to it.
public struct BastionAccess: Sendable {
    public let bastion: Bastion
    public let transport: any BastionTransport

    public init(_ bastion: Bastion, through transport: any BastionTransport) {
        (self.bastion, self.transport) = (bastion, transport)
    }
}
