import FleetModel
import FleetTestKit

extension RunSnapshot {
    /// A snapshot of any shape: odd names, counts that do not add up, clusters
    /// of waves that are not there.
    static func random(using random: inout SeededGenerator) -> RunSnapshot {
        let phases = (0..<Int.random(in: 1...4, using: &random)).map { _ in odd(using: &random) }
        let waves = phases.flatMap { phase in
            (0..<Int.random(in: 0...9, using: &random)).map { _ in
                wave(phase, using: &random)
            }
        }
        let clusters = (0..<([0, 3, 12, 400].randomElement(using: &random) ?? 0)).map { _ in
            cluster(waves.count, using: &random)
        }
        return RunSnapshot(
            run: RunID(odd(using: &random)), takeover: odd(using: &random),
            policy: odd(using: &random), state: state(using: &random),
            startedAt: random.chance(80) ? at(-5) : nil, takenAt: at(0),
            halt: random.chance(30) ? .canaryFailed("edge", reason: odd(using: &random)) : nil,
            waves: waves, clusters: clusters, next: odd(using: &random))
    }

    private static func wave(
        _ phase: String, using random: inout SeededGenerator
    ) -> WaveView {
        let states: [WaveView.State] = [
            .pending, .awaitingApproval, .rolling, .soaking, .passed, .skipped,
        ]
        let number = { (random: inout SeededGenerator) in Int.random(in: 0...30, using: &random) }
        return WaveView(
            phase: phase, name: odd(using: &random),
            state: states.randomElement(using: &random) ?? .pending, isCanary: random.chance(20),
            clusters: number(&random), succeeded: number(&random), unchanged: number(&random),
            inFlight: number(&random), waiting: number(&random), failed: number(&random),
            deferred: number(&random), maxConcurrency: 3, maxFailures: number(&random),
            soak: .seconds(number(&random)),
            soaksUntil: random.chance(50) ? at(Int64(number(&random)) - 9) : nil)
    }

    private static func cluster(
        _ waves: Int, using random: inout SeededGenerator
    ) -> ClusterView {
        let states: [ClusterView.State] = [
            .running, .waiting, .failed, .timedOut, .unreachable, .inDoubt, .quarantined,
            .deferred,
        ]
        return ClusterView(
            name: ClusterName(odd(using: &random)),
            wave: Int.random(in: -1...waves, using: &random),
            state: states.randomElement(using: &random) ?? .running, step: odd(using: &random),
            attempt: Int.random(in: 0...12, using: &random),
            since: at(Int64.random(in: -400_000...9, using: &random)),
            words: odd(using: &random))
    }

    private static func state(using random: inout SeededGenerator) -> State {
        let states: [State] = [
            .planned, .awaitingApproval, .running, .soaking, .halting, .halted, .aborting,
            .aborted, .completed, .completedWithExceptions,
        ]
        return states.randomElement(using: &random) ?? .running
    }

    /// A text such as an inventory or a cluster's words may hold.
    private static func odd(using random: inout SeededGenerator) -> String {
        let texts = [
            "edge-01", "", "x", "集群-一", "한국어", "🚀🚀🚀", "👩‍👩‍👧‍👦", "e\u{301}\u{302}",
            "\u{301}", "\u{FE0F}", "a\nb\r\nc", "\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{07}",
            "edge\u{202E}10", "tab\tbed", "`a b c", "❤️ 🇳🇱", "\u{9B}2J", "word word word word word",
            String(repeating: "long", count: 60), String(repeating: "宽", count: 90),
        ]
        return texts.randomElement(using: &random) ?? ""
    }
}
