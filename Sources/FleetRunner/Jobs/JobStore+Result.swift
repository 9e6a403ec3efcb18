import FleetModel

extension JobStore {
    /// The result of a job that ended, with at most `limit` bytes of each stream.
    func result(of id: CommandID, facts: JobFacts, limit: Int) -> CommandResult {
        let (output, errors) = ("\(path(of: id))/out", "\(path(of: id))/err")
        let sizes = [output, errors].map { SmallFile.size(of: $0) ?? 0 }
        return CommandResult(
            facts.ending, stdout: SmallFile.read(output, limit: limit) ?? [],
            stderr: SmallFile.read(errors, limit: limit) ?? [],
            isTruncated: sizes.contains { $0 > limit }, duration: facts.duration)
    }
}

extension JobFacts {
    /// How the command ended. What was stopped did not end by itself, whatever
    /// its status: many tools answer TERM with a plain exit.
    var ending: CommandResult.Ending {
        switch (stopReason, end) {
        case (.deadline, _): .timedOut
        case (.cancelled, _): .cancelled
        case (.orphaned, _), (nil, nil): .lost("its supervisor was killed while it ran")
        case (nil, let end?): .ofShell(status: end.status)
        }
    }

    var duration: Duration {
        guard let startedAt, let end else { return .zero }
        return max(.zero, end.at - startedAt)
    }
}

extension CommandResult.Ending {
    /// A shell reports death by signal n as status 128 + n, and so can't tell it
    /// from an exit with that status. Signals end at 64.
    fileprivate static func ofShell(status: Int32) -> CommandResult.Ending {
        (129...192).contains(status) ? .signalled(status - 128) : .exited(status)
    }
}
