import FleetModel
import FleetRunner

/// What one executor knows of the jobs of one bastion.
///
/// After a restart the coordinator asks for the fate of many commands at once; one
/// listing answers for all those that never got there. It is soon forgotten: a start
/// that a dead coordinator sent may have been on its way when the list was made.
actor JobRegister {
    private let caller: BastionCaller
    /// Ids that this executor has asked to start to start.
    private var touched: Set<CommandID> = []
    /// Ids that the bastion has told of: they were started, whatever can be reached now.
    private(set) var known: Set<CommandID> = []
    private var listing: Task<Set<CommandID>?, Never>?
    private var owed: [CommandID] = []
    private var settling: Task<Void, Never>?

    /// Longer than the coordinator takes to ask for all its fates.
    private static let listingLife: Duration = .seconds(30)
    /// More would make a line too long for sshd.
    private static let acknowledgedAtOnce = 100

    init(_ caller: BastionCaller) { self.caller = caller }

    func touch(_ id: CommandID) { touched.insert(id) }

    func know(_ id: CommandID) { known.insert(id) }

    /// Whether a listing says that no such job is there. False may also mean that
    /// there is no listing to be had.
    func isAbsent(_ id: CommandID) async -> Bool {
        guard !touched.contains(id), let ids = await listed() else { return false }
        return !touched.contains(id) && !ids.contains(id)
    }

    private func listed() async -> Set<CommandID>? {
        if let listing { return await listing.value }
        let task = Task { [caller] in await Self.list(caller) }
        listing = task
        let clock = caller.clock
        Task { [weak self] in
            // Nobody cancels the waiting.
            try? await clock.sleep(for: Self.listingLife)
            await self?.forgetListing()
        }
        let ids = await task.value
        known.formUnion(ids ?? [])
        return ids
    }

    private func forgetListing() { listing = nil }

    private static func list(_ caller: BastionCaller) async -> Set<CommandID>? {
        let place = JobsPlace(caller.access.bastion.jobsDirectory)
        let line = place.line(caller.chance.mark(), ["list"])
        guard case .answer(let answer) = await caller.send(line, within: caller.limits.patience)
        else { return nil }
        // Where the script never was, no job ever was.
        if answer.ending.first == "absent" { return [] }
        guard answer.ending.first == "listed", let jobs = answer.section("jobs"), !jobs.isTruncated
        else { return nil }
        return Set(
            jobs.text.split(separator: "\n").compactMap { line in
                line.split(separator: " ").first.map { CommandID(String($0)) }
            })
    }
}

extension JobRegister {
    /// Tells the bastion that jobs may be forgotten: what comes while it is being
    /// told goes along with the next telling.
    func acknowledge(_ id: CommandID) async {
        known.remove(id)
        owed.append(id)
        while owed.contains(id) {
            if let settling {
                await settling.value
            } else {
                await settle()
            }
        }
        await settling?.value
    }

    private func settle() async {
        let ids = Array(owed.prefix(Self.acknowledgedAtOnce))
        owed.removeFirst(ids.count)
        let task = Task { [caller] in await Self.tell(ids, caller) }
        settling = task
        await task.value
        settling = nil
    }

    /// What the bastion isn't told is collected there one day.
    private static func tell(_ ids: [CommandID], _ caller: BastionCaller) async {
        let place = JobsPlace(caller.access.bastion.jobsDirectory)
        let words = ["acknowledge"] + ids.map(\.rawValue)
        _ = await caller.insist(for: caller.limits.patience) { place.line($0, words) }
    }
}
