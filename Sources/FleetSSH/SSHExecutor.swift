public import FleetModel
public import FleetRunner

/// Runs commands on bastions.
///
/// What only reads runs plainly, between marks that tell its output from anything
/// else. What mutates runs as a durable job of the bastion: see ``CommandExecutor``
/// for the promise and Docs/SSH.md for how it is kept.
public struct SSHExecutor: CommandExecutor {
    private let links: [BastionName: BastionLink]

    /// Opens the ways to bastions. Nothing is sent before it is needed.
    ///
    /// The marks of lines and the jitter of waits come from `chance`. `ended` is told
    /// which processes of a command were ended because it was cancelled, or a read at
    /// its deadline, each as `PID NAME`.
    public init(
        _ bastions: [BastionAccess], limits: SSHLimits = SSHLimits(),
        clock: any Clock<Duration> = ContinuousClock(),
        chance: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        ended: @escaping @Sendable (CommandID, [String]) -> Void = { _, _ in }
    ) {
        let chance = Chance(chance)
        let links = bastions.map { access in
            let caller = BastionCaller(
                access: access, limits: limits, chance: chance, clock: clock, ended: ended)
            return (access.bastion.name, BastionLink(caller))
        }
        self.links = Dictionary(links) { first, _ in first }
    }

    public func run(_ command: Command, id: CommandID) async -> CommandResult {
        guard let link = link(command.place) else {
            return CommandResult(.notStarted(strange(command.place)))
        }
        return await link.run(command, id: id)
    }

    public func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        guard let link = link(place) else { return .lost(strange(place)) }
        return await link.fate(of: id)
    }

    public func acknowledge(_ id: CommandID, at place: Command.Place) async {
        await link(place)?.acknowledge(id)
    }

    /// Removes from a bastion the files of jobs that are over and older than the age.
    /// Jobs that run are left alone, however old.
    public func collectGarbage(at bastion: BastionName, olderThan age: Duration) async {
        await links[bastion]?.collectGarbage(olderThan: age)
    }

    private func link(_ place: Command.Place) -> BastionLink? {
        guard case .bastion(let name) = place else { return nil }
        return links[name]
    }

    private func strange(_ place: Command.Place) -> String {
        switch place {
        case .local: "the SSH executor does not run commands on this host"
        case .bastion(let name): "bastion \(name.rawValue.quoted) is not in the inventory"
        }
    }
}
