import FleetModel
import FleetSSH
import FleetTestKit
import Testing

/// The contract over a bastion that is a shell of this host.
@Suite(.serialized) struct ShellContractTests {
    @Test(arguments: CommandExecutorContract.Clause.allCases)
    func `the SSH executor keeps its contract over a shell`(
        clause: CommandExecutorContract.Clause
    ) async throws {
        try await expectKept(clause, folder: nil)
    }

    @Test(arguments: PosixShell.allCases, clausesOfTheScripts)
    func `the scripts do the same in every shell`(
        shell: PosixShell, clause: CommandExecutorContract.Clause
    ) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        guard let folder = try shell.folder(in: scratch.path) else { return }
        try await expectKept(clause, folder: folder)
    }

    private func expectKept(
        _ clause: CommandExecutorContract.Clause, folder: String?
    ) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch, folder: folder)
        let contract = CommandExecutorContract(
            place: BastionScratch.place, outputKept: BastionScratch.limits.outputKept,
            prefix: scratch.name
        ) {
            scratch.executor(transport)
        }
        let breaches = try await contract.breaches(of: clause)
        #expect(breaches == [])
        await transport.drain()
        #expect(await scratch.remainingProcesses() == [])
    }
}

/// What our scripts themselves have a part in.
private let clausesOfTheScripts: [CommandExecutorContract.Clause] = [
    .exitStatus, .signal, .toolNotFound, .streamsApart, .stdinOfOneMegabyte, .awkwardArguments,
    .environment, .deadline, .cancellation, .stubbornTree, .tenStartsOfOneID, .unknownOutcome,
]
