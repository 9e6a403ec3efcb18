import Testing

extension Project {
    /// Lets a run of these clusters go as far as `retire`.
    static func policyBeforeRetire(_ numbers: [Int]) -> String {
        policy(numbers, approvedBefore: "retire")
    }

    /// The canary first, then the others, and an approval before one of the phases.
    static func policy(_ numbers: [Int], approvedBefore phase: String) -> String {
        let canary = "name: canary, canary: true, clusters: {matchLabels: {role: first}}"
        let rest = numbers.count > 1 ? ["{name: rest, clusters: rest, maxConcurrency: 100%}"] : []
        let waves = ["{\(canary)}"] + rest
        let gated = ["{\(canary), gate: {approval: true}}"] + rest
        return """
            rollout: lab
            defaults: {gate: {approval: false}}
            waves: [\(waves.joined(separator: ", "))]
            phases:
              \(phase):
                waves: [\(gated.joined(separator: ", "))]
            """
    }

    /// Which revision the sidecars of each cluster belong to, but for the test workload's and
    /// those beside the bare pod of `telemetry`, which no takeover moves.
    func expectSidecars(of revision: String, on numbers: [Int]) async throws {
        for number in numbers {
            let asked = try await run(
                "exec", Flock.name(number), "--", "kubectl", "get", "pods", "-A", "-o", columns)
            try asked.expectSuccess()
            let sidecars = asked.lines.filter {
                $0.contains("revision") && !$0.hasPrefix("petstore ")
                    && !$0.hasPrefix("telemetry ")
            }
            #expect(!sidecars.isEmpty, "\(asked.story)")
            let strangers = sidecars.filter { !$0.contains(#""revision":"\#(revision)""#) }
            #expect(strangers.isEmpty, "\(asked.story)")
        }
    }
}

private let columns =
    "jsonpath={range .items[*]}{.metadata.namespace} "
    + #"{.metadata.annotations.sidecar\.istio\.io/status}{"\n"}{end}"#
