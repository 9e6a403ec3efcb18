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
    private var telling: Task<Void, Never>?
    private var nextTelling: Task<Void, Never>?

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
    /// Tells the bastion that a job may be forgotten.
    func acknowledge(_ id: CommandID) async {
        known.remove(id)
        owed.append(id)
        await (nextTelling ?? agreeToTell()).value
    }

    /// One telling at a time: what comes while one is under way goes along with the next.
    private func agreeToTell() -> Task<Void, Never> {
        let before = telling
        let task = Task {
            await before?.value
            await tellOwed()
        }
        nextTelling = task
        return task
    }

    private func tellOwed() async {
        (telling, nextTelling) = (nextTelling, nil)
        let ids = owed
        owed = []
        for start in stride(from: 0, to: ids.count, by: Self.acknowledgedAtOnce) {
            await Self.tell(Array(ids[start...].prefix(Self.acknowledgedAtOnce)), caller)
        }
    }

    /// What the bastion isn't told is collected there one day.
    private static func tell(_ ids: [CommandID], _ caller: BastionCaller) async {
        let place = JobsPlace(caller.access.bastion.jobsDirectory)
        let words = ["acknowledge"] + ids.map(\.rawValue)
        _ = await caller.insist(for: caller.limits.patience) { place.line($0, words) }
    }
}
