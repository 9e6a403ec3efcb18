import FleetModel
import FleetRunner
import FleetTestKit
import Foundation
import Testing

struct LocalExecutorContractTests {
    @Test(arguments: CommandExecutorContract.Clause.allCases)
    func `the local executor keeps its contract`(
        clause: CommandExecutorContract.Clause
    ) async throws {
        try await expectKept(clause, shell: ["/bin/sh"])
    }

    @Test(arguments: TestShell.allCases, clausesOfTheScript)
    func `the job script does the same in every shell`(
        shell: TestShell, clause: CommandExecutorContract.Clause
    ) async throws {
        guard let path = shell.path else { return shell.reportMissing() }
        try await expectKept(clause, shell: [path] + shell.arguments)
    }

    private func expectKept(
        _ clause: CommandExecutorContract.Clause, shell: [String]
    ) async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let contract = CommandExecutorContract(
            outputKept: scratch.limits.outputKept, prefix: scratch.name
        ) {
            try scratch.executor(shell: shell)
        }
        let breaches = try await contract.breaches(of: clause)
        #expect(breaches == [])
    }
}

/// What the job script itself has a part in.
private let clausesOfTheScript: [CommandExecutorContract.Clause] = [
    .exitStatus, .awkwardArguments, .deadline, .cancellation, .stubbornTree, .tenStartsOfOneID,
    .unknownOutcome,
]
