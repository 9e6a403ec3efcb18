import FleetConfig
import Testing

struct PolicyMistakeTests {
    @Test func `a wrong type says what was expected and what came`() {
        let complaint = wave("name: a, canary: true, clusters: rest, maxConcurrency: lots")
        #expect(
            complaint == """
                error: `maxConcurrency` should be a number or a percentage, got: "lots"
                  at careful.yaml:3:59
                """)
    }

    @Test func `a bare number is no duration, and the hint says what to add`() {
        #expect(
            wave("name: a, canary: true, clusters: rest, soak: 90") == """
                error: `soak` should be a duration such as `90s` or `1h30m`, got: 90
                  at careful.yaml:3:49
                hint: add a unit: `90s`, `90m`
                """)
    }

    @Test func `a cluster in two waves is placed in both`() {
        let complaint = Complaint.policy(
            """
            rollout: a
            waves:
              - {name: a, canary: true, clusters: [edge-01]}
              - {name: b, clusters: [edge-02, edge-01]}
            """)
        #expect(
            complaint == """
                error: cluster "edge-01" is already in the wave at careful.yaml:3:40
                  at careful.yaml:4:35
                hint: keep it in one wave
                """)
    }

    @Test func `a wave after the rest would be empty`() {
        #expect(
            Complaint.policy("rollout: a\nwaves: [1, rest, 10%]") == """
                error: wave "wave-3" would be empty: the wave at careful.yaml:2:12 takes the rest
                  at careful.yaml:2:18
                hint: move the wave with `rest` to the end
                """)
    }

    @Test(arguments: [
        ("name: a, clusters: 0", "`clusters` should be at least 1, got: 0"),
        ("name: a, clusters: 0%", "`clusters` should be from 1% to 100%, got: 0%"),
        ("name: a, clusters: -1", "`clusters` should be at least 1, got: -1"),
        ("name: a, clusters: 101%", "`clusters` should be from 1% to 100%, got: 101%"),
        ("name: a, clusters: []", "wave \"a\" takes no clusters"),
        ("name: a, clusters: {}", "the selector asks for nothing"),
        ("name: a, clusters: rets", "`clusters` should be a selector, a list of names, a number"),
        ("name: a, clusters: [[b]]", "`clusters` should be a list of cluster names, got: a list"),
        ("name: a, clusters: [b, b]", "cluster \"b\" is already in the wave at"),
        ("name: a", "wave 1 needs the key `clusters`"),
        ("clusters: rest", "wave 1 needs the key `name`"),
        ("name: a, clusters: rest, maxConcurrency: 0", "`maxConcurrency` should be at least 1"),
        ("name: a, clusters: rest, maxConcurrency: 0%", "`maxConcurrency` should be from 1% to"),
        ("name: a, clusters: rest, maxConcurrency: -5%", "`maxConcurrency` should be from 1% to"),
        (
            "name: a, clusters: rest, maxConcurrency: 12.5%",
            "`maxConcurrency` should be a number or"
        ),
        ("name: a, clusters: rest, maxFailures: -1", "`maxFailures` should be at least 0, got: -1"),
        ("name: a, clusters: rest, maxFailures: 100%", "wave \"a\" tolerates the failure of all"),
        (
            "name: a, clusters: rest, maxFailures: 99999999999999999999%",
            "`maxFailures` should be from 0% to 100%, got: 99999999999999999999%"
        ),
        ("name: a, canary: true, clusters: 1, maxFailures: 1", "wave \"a\" is a canary, and a"),
        (
            "name: a, clusters: rest, canary: yes",
            "`canary` should be `true` or `false`, got: \"yes\""
        ),
        ("name: a, clusters: rest, soak: 1m1h", "`soak` should be a duration such as"),
        ("name: a, clusters: rest, soak: 99999999999999999d", "`soak` should be a duration such"),
        (
            "name: a, clusters: rest, soak: 400d",
            "`soak` should be from 0s to 365d 0h, got: \"400d\""
        ),
        ("name: a, clusters: rest, progressDeadline: 0s", "`progressDeadline` should be from 1s"),
        (
            "name: a, clusters: rest, exposure: strikt",
            "`exposure` should be `strict` or `soft`, got:"
        ),
        ("name: a, clusters: rest, gate: {aproval: true}", "`gate` has no key `aproval`"),
        ("name: a, clusters: rest, gate: true", "`gate` should be a mapping, got: true"),
        (
            "name: a, clusters: {matchExpressions: [{key: b, operator: in, values: [c]}]}",
            "`operator` should be `In` or `NotIn` or `Exists` or `DoesNotExist`, got: \"in\""
        ),
        (
            "name: a, clusters: {matchExpressions: [{key: b, operator: In}]}",
            "the operator `In` needs `values`"
        ),
        (
            "name: a, clusters: {matchExpressions: [{key: b, operator: Exists, values: [c]}]}",
            "the operator `Exists` takes no `values`"
        ),
    ])
    func `a wave that can't be is said in one clause`(text: String, problem: String) throws {
        #expect(try #require(wave(text)).contains("error: \(problem)"))
    }

    @Test(arguments: [
        ("rollout: a", "the policy needs the key `waves`"),
        ("waves: [1, rest]", "the policy needs the key `rollout`"),
        ("rollout: a\nwaves: []", "the policy has no waves"),
        ("rollout: a\nwaves: [rest]", "no wave is a canary"),
        ("rollout: a\nwaves: [[1]]", "`waves` should be a list of mappings, numbers, percentages"),
        ("rollout: a\nwaves: [1, 1, wave]", "`waves` should be a list of mappings, numbers"),
        (
            "rollout: a\nwaves: [1, {name: b, canary: true, clusters: 1}, 1]\nx: 1",
            "the policy has no"
        ),
        (
            "rollout: a\nwaves: [1, 2, {name: b, canary: true, clusters: 1}]",
            "wave \"b\" is a canary"
        ),
        ("rollout: a\nwaves: [1, rest]\nphases: {retier: {waves: [1]}}", "`phases` has no key"),
        ("rollout: a\nwaves: [1, rest]\nphases: {retire: {}}", "phase \"retire\" needs the key"),
        ("rollout: a\nwaves: [1, rest]\nmaxConcurrency: 0", "`maxConcurrency` should be from 1 to"),
        ("rollout: a\nwaves: [1, rest]\nmaxConcurrency: 10%", "`maxConcurrency` should be a whole"),
        ("rollout: a\nwaves: [1, rest]\nmaxAttempts: 11", "`maxAttempts` should be from 1 to 10"),
        ("rollout: a\nwaves: [1, rest]\ndrainDeadline: 0s", "`drainDeadline` should be from 1s"),
        ("rollout: a\nwaves: [1, rest]\nunplaced: lastwave", "`unplaced` should be `error` or"),
        ("rollout: a\nwaves: [1, rest]\ndefaults: {clusters: 1}", "`defaults` has no key"),
        (
            "rollout: a\nwaves: [1, {name: b, clusters: 1}, {name: b, clusters: 2}]",
            "wave \"b\" is listed twice, first at careful.yaml:2:12"
        ),
    ])
    func `a policy that can't be is said in one clause`(text: String, problem: String) throws {
        let complaint = try #require(Complaint.policy(text))
        #expect(complaint.contains("error: \(problem)"))
    }

    @Test func `a tolerance of nothing is fine, however it is written`() {
        #expect(wave("name: a, canary: true, clusters: 1, maxFailures: 0%") == nil)
    }

    /// What is said about a policy of one wave, on line 3 from column 3.
    private func wave(_ text: String) -> String? {
        Complaint.policy("rollout: a\nwaves:\n- {\(text)}")
    }
}
