import Testing

extension Project {
    /// Takes the lab's first cluster as far as an approval, and back; a second time there is
    /// nothing left to take back.
    func goesThereAndBack(
        _ lab: Lab, there: () async throws -> Void, back: () async throws -> Void
    ) async throws {
        let forward = try await lead("run", "lab", "--policy", "lab").end()
        #expect(forward.exit == 4, "\(forward.story)")
        try await there()
        let run = try await goesBack()
        try await back()
        let moment = try lab.moment()
        let again = try await lead("rollback", run, "--yes").end()
        #expect(again.exit == 0, "\(again.story)")
        #expect(try lab.changes(of: [Flock.name(1)], since: moment).isEmpty)
    }

    /// Halts the latest run and takes it back.
    @discardableResult
    func goesBack() async throws -> String {
        let run = try await status().run
        try await self.run("halt", run).expectSuccess()
        let back = try await lead("rollback", run, "--yes").end()
        #expect(back.exit == 0, "\(back.story)")
        return run
    }

    /// Goes over once more after that, without an approval on the way, to the end.
    func goesOverOnceMore() async throws {
        try edit("Policies/Rollouts/lab.yaml", ", gate: {approval: true}", "")
        let forth = try await lead("run", "lab", "--policy", "lab", "--reason", "once more").end()
        #expect(forth.exit == 0, "\(forth.story)")
    }
}
