package import FleetModel
import Foundation

extension JobStore {
    /// The result of a job that ended, with at most `limit` bytes of each stream.
    func result(of id: CommandID, facts: JobFacts, limit: Int) -> CommandResult {
        let (output, errors) = ("\(path(of: id))/out", "\(path(of: id))/err")
        let sizes = [output, errors].map { SmallFile.size(of: $0) ?? 0 }
        var result = CommandResult(
            facts.ending, stdout: SmallFile.read(output, limit: limit) ?? [],
            stderr: SmallFile.read(errors, limit: limit) ?? [],
            isTruncated: sizes.contains { $0 > limit }, duration: facts.duration)
        result.killed = facts.killed
        return result
    }

    /// Moves streams of which a result carries only a part where they stay.
    func saveOutput(of id: CommandID, longerThan limit: Int, in directory: String) {
        for name in ["out", "err"] {
            let (source, target) = ("\(path(of: id))/\(name)", "\(directory)/\(id).\(name)")
            guard let size = SmallFile.size(of: source), size > limit else { continue }
            // On another file system this fails, and only the part is left.
            if rename(source, target) == 0 { chmod(target, 0o600) }
        }
    }
}

extension JobFacts {
    /// Said of every lost job: which of the two it was can't be told for sure.
    package static let lossReason = "its supervisor was killed while it ran, or the host went down"

    /// How the command ended. What was stopped did not end by itself, whatever
    /// its status: many tools answer TERM with a plain exit.
    package var ending: CommandResult.Ending {
        switch (stopReason, end) {
        case (.deadline, _): .timedOut
        case (.cancelled, _): .cancelled
        case (.orphaned, _), (nil, nil): .lost(Self.lossReason)
        case (nil, let end?): .ofShell(status: end.status)
        }
    }

    /// Why a job that was claimed never began its command.
    package var abandonment: String {
        stopReason == .cancelled
            ? "it was cancelled before it began" : "its supervisor died before it began the command"
    }

    package var duration: Duration {
        guard let startedAt, let end else { return .zero }
        return max(.zero, end.at - startedAt)
    }
}

extension CommandResult.Ending {
    /// A shell reports death by signal n as status 128 + n, and so can't tell it
    /// from an exit with that status. Signals end at 64.
    package static func ofShell(status: Int32) -> CommandResult.Ending {
        (129...192).contains(status) ? .signalled(status - 128) : .exited(status)
    }
}
