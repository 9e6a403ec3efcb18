import FleetConfig
import FleetModel
import Testing

struct PolicyReaderTests {
    @Test func `the short form names its waves and makes the first a canary`() throws {
        let policy = try read("rollout: swift\nwaves: [1, 10%, rest]")
        #expect(
            policy
                == Policy(
                    name: "swift",
                    waves: [
                        WavePolicy("canary", members: .size(.count(1)), isCanary: true),
                        WavePolicy("wave-2", members: .size(.percent(10))),
                        WavePolicy("rest", members: .rest),
                    ]))
    }

    @Test func `every key of a policy is read`() throws {
        let policy = try read(
            """
            rollout: careful
            clusters: {matchLabels: {tier: edge}}
            maxConcurrency: 7
            managementConcurrency: 4
            maxFailures: 2
            maxDeferred: 1
            maxAttempts: 5
            drainDeadline: 1h30m
            unplaced: lastWave
            waves: [1, rest]
            """)
        let expected = Policy(
            name: "careful", waves: policy.waves,
            clusters: Selector(matchLabels: ["tier": "edge"]), maxConcurrency: 7,
            managementConcurrency: 4, maxFailures: 2, maxDeferred: 1, maxAttempts: 5,
            drainDeadline: .minutes(90), unplaced: .lastWave)
        #expect(policy == expected)
    }

    @Test func `every key of a wave is read`() throws {
        let policy = try read(
            """
            rollout: careful
            waves:
              - 1
              - name: rest
                clusters: rest
                maxConcurrency: 20%
                maxFailures: 100%
                allowTotalLoss: true
                soak: 2d
                progressDeadline: 90s
                exposure: soft
                gate: {approval: true}
            """)
        let rest = WavePolicy(
            "rest", members: .rest, maxConcurrency: .percent(20), maxFailures: .percent(100),
            soak: .seconds(172_800), progressDeadline: .seconds(90), needsApproval: true,
            exposure: .soft, allowTotalLoss: true)
        #expect(policy.waves.last == rest)
    }

    @Test(arguments: [
        ("[a, b]", WavePolicy.Members.named(["a", "b"])), ("3", .size(.count(3))),
        ("\"10%\"", .size(.percent(10))), ("rest", .rest),
        (
            "{matchLabels: {a: \"1\", b: x}}",
            .matching(Selector(matchLabels: ["a": "1", "b": "x"]))
        ),
        (
            "{matchExpressions: [{key: a, operator: NotIn, values: [x, y]}]}",
            .matching(Selector([.init(key: "a", test: .isNotIn(["x", "y"]))]))
        ),
        (
            "{matchExpressions: [{key: a, operator: Exists}, {key: b, operator: DoesNotExist}]}",
            .matching(
                Selector([
                    .init(key: "a", test: .exists), .init(key: "b", test: .doesNotExist),
                ]))
        ),
    ])
    func `a wave takes its clusters in any of five ways`(
        written: String, members: WavePolicy.Members
    ) throws {
        let policy = try read(
            "rollout: a\nwaves: [{name: x, canary: true, clusters: \(written)}]")
        #expect(policy.waves[0].members == members)
    }

    @Test func `defaults hold for every wave but leave the canary without tolerance`() throws {
        let policy = try read(
            """
            rollout: swift
            defaults: {maxConcurrency: 50%, maxFailures: 10%, soak: 2m}
            waves: [1, {name: slow, clusters: 10%, soak: 1h}, rest]
            """)
        #expect(policy.waves.map(\.maxFailures) == [.count(0), .percent(10), .percent(10)])
        #expect(policy.waves.map(\.soak) == [.minutes(2), .minutes(60), .minutes(2)])
        #expect(policy.waves.allSatisfy { $0.maxConcurrency == .percent(50) })
    }

    @Test func `a phase can have waves of its own, even all at once`() throws {
        let policy = try read(
            "rollout: a\nwaves: [1, rest]\nphases: {retire: {waves: [rest]}}")
        #expect(policy.phases == ["retire": [WavePolicy("rest", members: .rest)]])
    }

    @Test func `a policy without a canary needs permission`() throws {
        let files = MemoryFiles(["a.yaml": "rollout: a\nwaves: [rest]"])
        let policy = try PolicyReader(files: files, requiresCanary: false).read("a.yaml").value
        #expect(policy.waves.map(\.isCanary) == [false])
    }

    @Test func `each wave can be found again`() throws {
        let text = "rollout: a\nwaves: [1, rest]\nphases:\n  retire:\n    waves: [1, rest]"
        let sources = try PolicyReader(files: MemoryFiles(["a.yaml": text])).read("a.yaml").sources
        #expect(sources["waves", "1"]?.description == "a.yaml:2:12")
        #expect(sources["phases", "retire", "waves", "1", "soak"]?.description == "a.yaml:5:16")
    }

    private func read(_ text: String) throws -> Policy {
        try PolicyReader(files: MemoryFiles(["a.yaml": text])).read("a.yaml").value
    }
}
