import FleetModel
import FleetRunner
import Synchronization
import Testing

@testable import FleetCommands

/// How a survey reads, beside API servers that are no more than words.
struct SurveySessionTests {
    private func survey(_ servers: SpokenServers, clusters count: Int, atOnce: Int) async
        -> FleetSurvey
    {
        let clusters = (1...count).map { Cluster(ClusterName("c\($0)")) }
        return await SurveySession(executor: servers, maxConcurrency: atOnce).run(on: clusters)
    }

    @Test func `clusters come in their order, whoever answers first`() async {
        let survey = await survey(SpokenServers(), clusters: 7, atOnce: 3)
        #expect(survey.sightings.map(\.cluster) == (1...7).map { ClusterName("c\($0)") })
        #expect(survey.sightings.map { $0.survey?.identity } == (1...7).map { "uid-c\($0)" })
    }

    @Test func `no more clusters and lists are read at once than allowed`() async {
        let servers = SpokenServers()
        _ = await survey(servers, clusters: 12, atOnce: 3)
        let crowd = servers.crowd
        #expect((2...3).contains(crowd.clusters))
        #expect((2...4).contains(crowd.reads))
    }

    @Test func `every command only reads, with a timeout of kubectl's own`() async {
        let servers = SpokenServers()
        _ = await survey(servers, clusters: 1, atOnce: 1)
        #expect(servers.commands.count > 15)
        for command in servers.commands {
            #expect(!command.isMutating)
            #expect(command.argv.contains("--request-timeout=30s"))
            #expect(command.argv.dropLast().suffix(2) == ["get", "--raw"])
        }
    }

    @Test func `what may not be read is a gap, and the rest is shown`() async {
        let servers = SpokenServers(forbidden: ["poddisruptionbudgets", "istiooperators"])
        let sighting = await survey(servers, clusters: 1, atOnce: 1).sightings[0]
        #expect(sighting.survey?.gaps.count == 2)
        #expect(sighting.survey?.gaps.allSatisfy { $0.contains("cannot list") } == true)
        #expect(sighting.survey?.concerns.contains { $0.hasPrefix("not read: ") } == true)
    }

    @Test func `without pods there is no survey, and the reason is the server's`() async {
        let servers = SpokenServers(forbidden: ["pods"])
        let missed = await survey(servers, clusters: 1, atOnce: 1).missed
        #expect(missed.first?.reason.contains("cannot list") == true)
    }

    @Test func `a cluster that is away is asked once, and the others are shown`() async {
        let servers = SpokenServers(away: ["c2"])
        let survey = await survey(servers, clusters: 3, atOnce: 2)
        #expect(survey.sightings.map { $0.survey == nil } == [false, true, false])
        #expect(survey.missed.map(\.cluster) == ["c2"])
        #expect(servers.commands.filter { $0.argv.contains("c2") }.count == 1)
    }
}

/// API servers with nothing in them, one behind each context.
private final class SpokenServers: CommandExecutor {
    private struct State {
        var commands: [Command] = []
        var reading: [String: Int] = [:]
        var crowd = (clusters: 0, reads: 0)
    }

    private let state = Mutex(State())
    private let forbidden: [String]
    private let away: Set<String>

    init(forbidden: [String] = [], away: Set<String> = []) {
        (self.forbidden, self.away) = (forbidden, away)
    }

    var commands: [Command] { state.withLock(\.commands) }
    /// The most clusters, and lists of one cluster, that were ever read at once.
    var crowd: (clusters: Int, reads: Int) { state.withLock(\.crowd) }

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        let context = command.argv.firstIndex(of: "--context").map { command.argv[$0 + 1] } ?? ""
        state.withLock { state in
            state.commands.append(command)
            state.reading[context, default: 0] += 1
            state.crowd.clusters = max(state.crowd.clusters, state.reading.count)
            state.crowd.reads = max(state.crowd.reads, state.reading[context] ?? 0)
        }
        // Others get a chance to come while this one is being answered.
        for _ in 0..<20 { await Task.yield() }
        state.withLock { state in
            let left = (state.reading[context] ?? 1) - 1
            state.reading[context] = left == 0 ? nil : left
        }
        return answer(command.argv.last ?? "", of: context)
    }

    private func answer(_ path: String, of context: String) -> CommandResult {
        if away.contains(context) {
            return failure("Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout")
        }
        if let kind = forbidden.first(where: { path.contains("/\($0)?") }) {
            return failure(
                "Error from server (Forbidden): \(kind) is forbidden: User \"x\" cannot list "
                    + "resource \"\(kind)\" at the cluster scope")
        }
        if path.hasSuffix("/kube-system") {
            return found(["metadata": ["uid": .string("uid-\(context)")]])
        }
        if path.hasPrefix("/api/v1/") || path.hasPrefix("/apis/apps/") {
            return found(["metadata": [:], "items": []])
        }
        return failure(
            "Error from server (NotFound): the server could not find the requested resource")
    }

    private func found(_ document: JSON) -> CommandResult {
        CommandResult(.exited(0), stdout: Array(document.description.utf8))
    }

    private func failure(_ words: String) -> CommandResult {
        CommandResult(.exited(1), stderr: Array(words.utf8))
    }

    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate { .unknown }
    func acknowledge(_ id: CommandID, at place: Command.Place) async {}
}
