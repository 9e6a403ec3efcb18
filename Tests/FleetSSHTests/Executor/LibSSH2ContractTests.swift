import FleetModel
import FleetSSH
import FleetTestKit
import Testing

/// The contract over libssh2 and a real sshd.
@Suite(.serialized) struct LibSSH2ContractTests {
    @Test(arguments: CommandExecutorContract.Clause.allCases, [false, true])
    func `the SSH executor keeps its contract over libssh2`(
        clause: CommandExecutorContract.Clause, isDispatched: Bool
    ) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let secret = CommandExecutorContract.secret
        var options = TestSSHD.Options()
        options.lines = ["SetEnv SHLVL=1 \(secret.name)=\(secret.value)"]
        let bastion = try await TestBastion.start(
            options, limits: isDispatched ? .dispatching : PoolLimits())
        defer { bastion.stop() }
        let contract = CommandExecutorContract(
            place: BastionScratch.place, outputKept: BastionScratch.limits.outputKept,
            prefix: scratch.name
        ) {
            scratch.executor(bastion.transport)
        }
        let breaches = try await contract.breaches(of: clause)
        #expect(breaches == [])
        await bastion.connections.close()
        #expect(await scratch.remainingProcesses() == [])
    }
}
