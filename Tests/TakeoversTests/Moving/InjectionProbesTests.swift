import FleetModel
import Testing

@testable import Takeovers

/// Dry-run pods in many namespaces at once.
@Suite struct InjectionProbesTests {
    private let kubectl = Kubectl(cluster: Cluster("cluster-1"))

    /// A cluster with so many more namespaces that the old revision injects.
    private func world(_ names: [String]) throws -> World {
        var world = try World("00")
        world.cluster += names.map { name in
            [
                "kind": "Namespace",
                "metadata": ["name": .string(name), "labels": ["istio-injection": "enabled"]],
            ]
        }
        return world
    }

    private func names(_ count: Int) -> [String] { (0..<count).map { "team-\($0)" } }

    /// What comes of probes, and what was asked for it in turn.
    private func ask(
        _ probes: [InjectionProbe], _ world: World,
        silent isSilent: (Reading) -> Bool = { _ in false }
    ) throws -> (answers: [InjectionProbes.Answered], asked: [[Reading]]) {
        var (context, asked) = (StepContext(now: world.now), [[Reading]]())
        for _ in 0..<4 {
            do throws(Pause) {
                let probes = InjectionProbes(probes, by: kubectl)
                return (try probes.answers(ClusterView(context)), asked)
            } catch {
                guard case .needs(let readings) = error else { throw error }
                asked.append(readings)
                for reading in readings {
                    let silence = ToolReport(exit: 1, stderr: "Unable to connect to the server")
                    context.readings[reading] =
                        isSilent(reading) ? .found(silence.json) : world.answer(reading)
                }
            }
        }
        throw Fixture.Missing(name: "an end to the questions")
    }

    private func pods(of reading: Reading) -> [JSON] {
        guard case .trial(let command) = reading,
            let list = command.stdin.flatMap({ JSON(parsing: $0) })
        else { return [] }
        return list.items("items")
    }

    @Test func `a hundred namespaces are asked for by one kubectl`() throws {
        let names = names(100)
        let (answers, asked) = try ask(
            names.map { InjectionProbe(namespace: $0) }, try world(names))
        #expect(asked.map(\.count) == [1])
        #expect(answers.map(\.probe.namespace) == names)
        #expect(answers.allSatisfy { $0.answer.revision == .unnamed } == true)
        let first = try #require(asked.first?.first)
        guard case .trial(let command) = first else {
            Issue.record("\(first)")
            return
        }
        #expect(!command.isMutating && !command.argv.contains("-n"))
        #expect(
            command.argv.suffix(7) == [
                "create", "--dry-run=server", "--validate=false", "-o", "json", "-f", "-",
            ])
        #expect(pods(of: .trial(command)).map(\.namespace) == names)
    }

    @Test func `whoever is refused is asked alone, and has words of its own`() throws {
        let names = names(12)
        var world = try world(names)
        world.denials = [
            "team-3": { _ in #"admission webhook "a" denied the request: no"# },
            "team-7": { _ in "failed calling webhook \"b\":\n}\n{ in lines" },
        ]
        world.remove("Namespace", "team-9")
        let (answers, asked) = try ask(names.map { InjectionProbe(namespace: $0) }, world)
        #expect(asked.map(\.count) == [1, 2])
        let words = answers.filter { $0.answer.isRefusal }.map {
            "\($0.probe.namespace) \($0.answer.description)"
        }
        #expect(
            words == [
                #"team-3 is refused by a policy: admission webhook "a" denied the request: no"#,
                "team-7 cannot take new pods: failed calling webhook \"b\":\n}\n{ in lines",
            ])
    }

    @Test func `of a server that is not reached nobody is taken for refused`() throws {
        let names = names(3)
        let (answers, asked) = try ask(
            names.map { InjectionProbe(namespace: $0) }, try world(names),
            silent: { if case .trial = $0 { true } else { false } })
        #expect(asked.map(\.count) == [1, 3])
        #expect(answers.allSatisfy { !$0.answer.isRefusal } == true)
    }

    @Test func `no list is longer than what a bastion takes at once`() throws {
        let names = names(230)
        let note = String(repeating: "x", count: 2_000)
        let small = try ask(names.map { InjectionProbe(namespace: $0) }, try world(names))
        let large = try ask(
            names.map { InjectionProbe(namespace: $0, annotations: ["note": note]) },
            try world(names))
        for (answers, asked) in [small, large] {
            #expect(answers.map(\.probe.namespace) == names && asked.count == 1)
            #expect(asked[0].flatMap(pods).map(\.namespace) == names)
            for reading in asked[0] {
                guard case .trial(let command) = reading else { continue }
                #expect((command.stdin ?? "").utf8.count < 64_000)
            }
        }
        #expect((3...4).contains(small.asked[0].count))
        #expect((10...16).contains(large.asked[0].count))
    }

    @Test func `one namespace is asked for as ever, and so is one that is asked about twice`()
        throws
    {
        let world = try world(["team-0", "team-1"])
        let one = InjectionProbe(namespace: "team-0")
        let (_, asked) = try ask([one], world)
        #expect(asked == [[one.reading(kubectl)]])
        var other = one
        other.labels = ["sidecar.istio.io/inject": "false"]
        let (answers, _) = try ask([one, other], world)
        #expect(answers.map(\.answer.revision) == [.unnamed, nil])
    }
}
