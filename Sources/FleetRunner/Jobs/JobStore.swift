import FleetModel
import Foundation

/// The directory of durable jobs: one directory for each, named by its id.
///
/// `facts` is written by the job script alone; `out` and `err` hold the
/// command's output; `cancel` is there once somebody asked it to stop.
struct JobStore: Sendable {
    /// An absolute path without a trailing slash.
    let directory: String

    private let scriptName = ".runner.sh"

    init(directory: String) { self.directory = directory }

    var scriptPath: String { "\(directory)/\(scriptName)" }

    func path(of id: CommandID) -> String { "\(directory)/\(id)" }

    func facts(of id: CommandID) -> JobFacts? {
        SmallFile.read("\(path(of: id))/facts").map {
            JobFacts(text: String(decoding: $0, as: UTF8.self))
        }
    }

    /// Where a job stands now, with the facts that say so.
    ///
    /// When its supervisors are dead the facts are read once more: they may
    /// have written the end between the first reading and their own.
    func look(at id: CommandID) -> (state: JobState, facts: JobFacts?) {
        guard let first = facts(of: id) else { return (.unknown, nil) }
        let state = first.state(isAlive: isAlive(in: first))
        guard [.lost, .abandoned, .orphaned].contains(state) else { return (state, first) }
        guard let facts = facts(of: id) else { return (.unknown, nil) }
        let certain = facts.state(isAlive: isAlive(in: facts))
        let isOrphaned = certain == .lost && !orphans(of: id).isEmpty
        return (isOrphaned ? .orphaned : certain, facts)
    }

    /// Makes the job's directory, which only its owner may enter.
    func prepare(_ id: CommandID) throws(SystemFailure) {
        guard mkdir(path(of: id), 0o700) == 0 || errno == EEXIST else {
            throw SystemFailure("the job directory \(path(of: id).quoted) can't be made")
        }
    }

    /// Asks a job to stop. Its guard can take the signal before it makes its
    /// claim and looks for the mark after it, so one of the two reaches it.
    func requestStop(of id: CommandID) {
        let mark = open("\(path(of: id))/cancel", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if mark >= 0 { close(mark) }
        guard let facts = facts(of: id), facts.end == nil, facts.stopReason == nil else { return }
        if let claim = facts.claim, isAlive(in: facts)(claim) { claim.send(SIGTERM) }
    }

    /// Removes a job's files. What is left by a crash half-way is collected later.
    func discard(_ id: CommandID) {
        let grave = "\(directory)/.discarded-\(id)"
        // Fails when there is nothing to discard, or an earlier half-way grave
        // is in the way: that one goes first.
        if rename(path(of: id), grave) != 0 {
            remove(grave)
            rename(path(of: id), grave)
        }
        remove(grave)
    }

    /// What there is, running or not, in the order of the names.
    func ids() -> [CommandID] {
        entries.filter { !$0.hasPrefix(".") }.map { CommandID($0) }
    }

    /// Removes what a crash left behind half-way: of discarding at once, of
    /// writing the script when it is as old as that.
    func removeRemains(changedBefore limit: Timestamp) {
        for name in entries where name.hasPrefix(".discarded-") { remove("\(directory)/\(name)") }
        FileAge.removeFiles(in: directory, changedBefore: limit) { $0 != scriptName }
    }

    private var entries: [String] {
        // A directory that can't be read holds nothing to collect.
        (try? FileManager.default.contentsOfDirectory(atPath: directory))?.sorted() ?? []
    }

    private func remove(_ path: String) {
        // What can't be removed now is tried again by the next collection.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Whether a process is alive, for facts written in this boot of the host.
    private func isAlive(in facts: JobFacts) -> (ProcessIdentity) -> Bool {
        let isThisBoot = facts.boot == Self.boot
        return { isThisBoot && $0.isAlive }
    }

    private static let boot = SmallFile.read("/proc/sys/kernel/random/boot_id").map {
        String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace }
    }
}
