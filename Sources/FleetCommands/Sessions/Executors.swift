import FleetJournal
import FleetModel
import FleetRunner
import FleetSSH
import Foundation

/// Opens what runs the commands of a project: here, and on its bastions.
struct Executors: Sendable {
    let project: ProjectOptions
    /// Who knows the passphrases of keys, until the work begins.
    let passphrases: any PassphraseSource
    /// Variables that commands see beside ours, or instead of them.
    var variables: [String: String] = [:]

    /// Runs something with an executor for these bastions and closes their
    /// connections afterwards. Who changes things there also tidies up there. `limits` say
    /// how long a bastion that is away is tried.
    func with<Value>(
        _ bastions: [Bastion], tidying: Bool = true,
        limits: SSHLimits = SSHLimits(),
        _ body: (any CommandExecutor) async throws -> Value
    ) async throws -> Value {
        let local = try local()
        guard !bastions.isEmpty else { return try await body(local) }
        return try await withWays(to: bastions, local: local) { ways in
            let remote = SSHExecutor(ways.map(\.access), limits: limits)
            if tidying { try collectGarbage(of: bastions, by: remote) }
            return try await body(RoutingExecutor(local: local, bastions: remote))
        }
    }

    /// The same with the ways alone, for whoever looks after bastions.
    func withWays<Value>(
        to bastions: [Bastion], local: LocalExecutor? = nil,
        _ body: ([BastionWay]) async throws -> Value
    ) async throws -> Value {
        let ways = BastionWays(
            local: try local ?? self.local(), environment: environment, passphrases: passphrases)
        do {
            let value = try await body(try await ways.find(bastions))
            await ways.close()
            return value
        } catch {
            await ways.close()
            throw error
        }
    }

    private var environment: LocalEnvironment {
        LocalEnvironment(from: ProcessInfo.processInfo.environment, adding: variables)
    }

    private func local() throws -> LocalExecutor {
        var limits = LocalLimits()
        if let count = ProcessInfo.processInfo.environment["BELLWETHER_PROXIES"].flatMap(Int.init) {
            limits.proxies.count = count
        }
        let executor = try LocalExecutor(
            jobsDirectory: project.jobsPath, tools: ToolPaths(searchPath: environment.searchPath),
            environment: environment, limits: limits)
        executor.collectGarbage(olderThan: garbageAge, keeping: try wanted(), now: .now)
        return executor
    }

    /// Nobody waits for it: a bastion may be away, and there is another day.
    private func collectGarbage(of bastions: [Bastion], by executor: SSHExecutor) throws {
        let wanted = try wanted()
        for bastion in bastions {
            Task {
                await executor.collectGarbage(
                    at: bastion.name, olderThan: garbageAge, keeping: wanted)
            }
        }
    }

    /// The commands whose end the journal still waits for.
    private func wanted() throws -> Set<CommandID> {
        guard FileManager.default.fileExists(atPath: project.journalPath) else { return [] }
        return try Wiring(project: project).reader().openCommands()
    }
}

/// Nobody comes back for the files of a job after a week.
private let garbageAge = Duration.seconds(7 * 24 * 3_600)
