public import FleetModel
public import FleetRunner

/// Sends each command where it belongs: to this host, or to its bastion.
public struct RoutingExecutor: CommandExecutor {
    private let local: any CommandExecutor
    private let remote: any CommandExecutor

    public init(local: any CommandExecutor, bastions remote: any CommandExecutor) {
        (self.local, self.remote) = (local, remote)
    }

    public func run(_ command: Command, id: CommandID) async -> CommandResult {
        await executor(command.place).run(command, id: id)
    }

    public func read(_ command: Command, id: CommandID) async -> CommandResult {
        await executor(command.place).read(command, id: id)
    }

    public func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        await executor(place).fate(of: id, at: place)
    }

    public func acknowledge(_ id: CommandID, at place: Command.Place) async {
        await executor(place).acknowledge(id, at: place)
    }

    private func executor(_ place: Command.Place) -> any CommandExecutor {
        switch place {
        case .local: local
        case .bastion: remote
        }
    }
}
