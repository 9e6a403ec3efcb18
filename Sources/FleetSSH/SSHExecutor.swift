public import FleetModel
public import FleetRunner

/// Runs commands on bastions.
///
/// What only reads runs plainly, between marks that tell its output from anything
/// else. What mutates runs as a durable job of the bastion: see ``CommandExecutor``
/// for the promise and Docs/SSH.md for how it is kept.
public struct SSHExecutor: CommandExecutor {
    private let links: [BastionName: BastionLink]
    private let killed = KilledProcesses()

    /// Opens the ways to bastions. Nothing is sent before it is needed.
    ///
    /// The marks of lines and the jitter of waits come from `chance`.
    public init(
        _ bastions: [BastionAccess], limits: SSHLimits = SSHLimits(),
        clock: any Clock<Duration> = ContinuousClock(),
        chance: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        let chance = Chance(chance)
        let killed = killed
        let links = bastions.map { access in
            let caller = BastionCaller(
                access: access, limits: limits, chance: chance, clock: clock,
                ended: { killed.note($1, of: $0) })
            return (access.bastion.name, BastionLink(caller))
        }
        self.links = Dictionary(links) { first, _ in first }
    }

    public func run(_ command: Command, id: CommandID) async -> CommandResult {
        guard let link = link(command.place) else {
            return CommandResult(.notStarted(strange(command.place)))
        }
        killed.expect(id)
        var result = await link.run(command, id: id)
        let told = killed.take(of: id)
        // What a job's guard wrote down itself is the whole of it.
        if result.killed.isEmpty { result.killed = told }
        result.ending = result.ending.redacted(by: command)
        return result
    }

    public func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        guard let link = link(place) else { return .lost(strange(place)) }
        return await link.fate(of: id)
    }

    public func acknowledge(_ id: CommandID, at place: Command.Place) async {
        await link(place)?.acknowledge(id)
    }

    /// Removes from a bastion the files of jobs that are over and older than the age.
    ///
    /// Jobs that run are left alone, however old, and so are those whose end is still
    /// wanted. A bastion that can't be reached soon is left for another day.
    public func collectGarbage(
        at bastion: BastionName, olderThan age: Duration, keeping wanted: Set<CommandID> = []
    ) async {
        await links[bastion]?.collectGarbage(olderThan: age, keeping: wanted)
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

extension CommandResult.Ending {
    /// The ending without what must not be seen of the command: a bastion that doesn't do
    /// what it is asked to is quoted, and may repeat what it was asked.
    fileprivate func redacted(by command: Command) -> Self {
        switch self {
        case .exited, .signalled, .timedOut, .cancelled: self
        case .notStarted(let reason): .notStarted(command.redacted(reason))
        case .unreachable(let reason): .unreachable(command.redacted(reason))
        case .untrusted(let reason): .untrusted(command.redacted(reason))
        case .lost(let reason): .lost(command.redacted(reason))
        }
    }
}
