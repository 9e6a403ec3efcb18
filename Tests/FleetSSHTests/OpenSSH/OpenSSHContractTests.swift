import FleetModel
import FleetSSH
import FleetTestKit
import Testing

/// The contract over OpenSSH's program and a real sshd.
@Suite(.serialized) struct OpenSSHContractTests {
    @Test(arguments: CommandExecutorContract.Clause.allCases)
    func `the SSH executor keeps its contract over OpenSSH`(
        clause: CommandExecutorContract.Clause
    ) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let secret = CommandExecutorContract.secret
        var options = TestSSHD.Options()
        options.lines = ["SetEnv SHLVL=1 \(secret.name)=\(secret.value)"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        let transport = try server.openSSH()
        let contract = CommandExecutorContract(
            place: BastionScratch.place, outputKept: BastionScratch.limits.outputKept,
            prefix: scratch.name
        ) {
            scratch.executor(transport)
        }
        let breaches = try await contract.breaches(of: clause)
        #expect(breaches == [])
        await transport.close()
        #expect(await scratch.remainingProcesses() == [])
    }
}
