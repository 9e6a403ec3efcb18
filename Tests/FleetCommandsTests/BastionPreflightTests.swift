import FleetModel
import FleetRunner
import FleetTestKit
import Synchronization
import Testing

@testable import FleetCommands

struct BastionPreflightTests {
    @Test func `a sound bastion is looked at once a wave, however many clusters come`() async {
        let host = AnsweringHost()
        let preflight = preflight(at: host)
        for cluster: ClusterName in ["a", "b", "c"] {
            #expect(await preflight.obstacle(on: situation(cluster), in: 0) == nil)
        }
        #expect(host.looks == 2, "one for the canary, one for the wave of two")
        #expect(await preflight.obstacle(on: situation("a"), in: 1) == nil)
        #expect(host.looks == 3)
    }

    @Test func `a cluster without a bastion is nobody's business`() async {
        let host = AnsweringHost()
        var near = situation("a")
        near = Situation(
            takeover: near.takeover, cluster: Cluster("a"), management: nil, run: near.run,
            epoch: 1)
        #expect(await preflight(at: host).obstacle(on: near, in: 0) == nil)
        #expect(host.looks == 0)
    }

    @Test(arguments: [
        ("clock 0", "its clock is behind"), ("clock 9999999999", "its clock is ahead"),
        ("free 1024", "only 1 MB are free"), ("tool setsid", "it has no `setsid`"),
        ("tool kubectl", "it has no `kubectl`"), ("context b", "no context b"),
    ])
    func `what would go wrong there defers the cluster`(change: String, words: String) async {
        let host = AnsweringHost()
        host.replace(change)
        let failure = await preflight(at: host).obstacle(on: situation("b"), in: 0)
        #expect(failure?.kind == .blocked)
        #expect(failure?.reason.contains(words) == true, "\(String(describing: failure))")
        #expect(failure?.reason.contains("gate") == true)
    }

    @Test(arguments: [
        (CommandResult.Ending.unreachable("no route"), Failure.Kind.unreachable),
        (.timedOut, .unreachable), (.lost("cut"), .unreachable),
        (.untrusted("another key"), .identityMismatch), (.exited(1), .blocked),
    ])
    func `no answer is told by its kind`(
        ending: CommandResult.Ending, kind: Failure.Kind
    ) async {
        let host = AnsweringHost()
        host.answer { _ in CommandResult(ending) }
        let failure = await preflight(at: host).obstacle(on: situation("a"), in: 0)
        #expect(failure?.kind == kind)
    }

    @Test func `a bastion that was seen to is looked at again`() async {
        let host = AnsweringHost()
        let preflight = preflight(at: host)
        host.replace("free 0")
        #expect(await preflight.obstacle(on: situation("b"), in: 0) != nil)
        host.replace("free 9999999")
        #expect(await preflight.obstacle(on: situation("b"), in: 0) == nil)
        #expect(host.looks == 2)
    }

    @Test func `who is stopped while a look goes on leaves another to those who wait`() async {
        let host = AnsweringHost()
        let preflight = preflight(at: host)
        host.hold()
        let stopped = Task { await preflight.obstacle(on: situation("b"), in: 0) }
        let waiting = Task { await preflight.obstacle(on: situation("c"), in: 0) }
        while host.looks < 1 { await Task.yield() }
        stopped.cancel()
        #expect(await stopped.value == nil)
        host.letGo()
        #expect(await waiting.value == nil)
    }

    private func preflight(at host: AnsweringHost) -> BastionPreflight {
        BastionPreflight(plan: plan, executor: host, now: { Timestamp(milliseconds: 1_000_000) })
    }

    private var plan: Plan {
        let waves = [
            Wave("canary", clusters: ["a"], isCanary: true), Wave("rest", clusters: ["b", "c"]),
        ]
        return Plan(
            takeover: .small, policy: "p",
            phases: ["prepare", "takeover"].map {
                Phase($0, steps: [StepOutline("look")], waves: waves)
            },
            clusters: (["a", "b", "c"] as [ClusterName]).map { Cluster($0, bastion: "gate") },
            bastions: [Bastion("gate", host: "gate.example")])
    }

    private func situation(_ cluster: ClusterName) -> Situation {
        Situation(
            takeover: .small, cluster: Cluster(cluster, bastion: "gate"), management: nil,
            run: "r", epoch: 1)
    }
}

/// A bastion that answers the survey, well unless told otherwise.
private final class AnsweringHost: CommandExecutor {
    private struct State {
        var looks = 0
        var isHolding = false
        var lines = [
            "clock": "1000", "free": "9999999", "tool setsid": "/bin/setsid",
            "tool sleep": "/bin/sleep", "tool kubectl": "/bin/kubectl", "context a": "",
            "context b": "", "context c": "",
        ]
        var answer: (@Sendable (Command) -> CommandResult)?
    }

    private let state = Mutex(State())

    var looks: Int { state.withLock(\.looks) }

    func answer(_ answer: @escaping @Sendable (Command) -> CommandResult) {
        state.withLock { $0.answer = answer }
    }

    /// Sets a line, or leaves it out when nothing follows its name.
    func replace(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        state.withLock {
            if $0.lines[line] != nil { $0.lines[line] = nil } else { $0.lines[words[0]] = words[1] }
        }
    }

    func hold() { state.withLock { $0.isHolding = true } }
    func letGo() { state.withLock { $0.isHolding = false } }

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        state.withLock { $0.looks += 1 }
        while state.withLock(\.isHolding) {
            guard !Task.isCancelled else { return CommandResult(.cancelled) }
            await Task.yield()
        }
        return state.withLock { state in
            if let answer = state.answer { return answer(command) }
            let lines = state.lines.map { [$0.key, $0.value].filter { !$0.isEmpty } }
            let text = lines.map { $0.joined(separator: " ") }.joined(separator: "\n")
            return CommandResult(.exited(0), stdout: Array(text.utf8))
        }
    }

    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate { .unknown }
    func acknowledge(_ id: CommandID, at place: Command.Place) async {}
}
