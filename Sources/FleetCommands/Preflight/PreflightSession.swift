import FleetModel
import FleetRunner
import FleetTerminal
import Takeovers

/// Asks the questions of a preflight on many clusters, some at once.
struct PreflightSession: Sendable {
    let plan: Plan
    let runbook: any Runbook.Type
    let executor: any CommandExecutor
    let maxConcurrency: Int
    let clock: RunClock

    /// The reports in the clusters' order.
    func examine(_ clusters: [Cluster]) async -> [PreflightReport] {
        let bastions = BastionPreflight(plan: plan, executor: executor, now: clock.now)
        return await clusters.concurrentMap(atMost: maxConcurrency) { _, cluster in
            await examine(cluster, bastions)
        }
    }

    private func examine(
        _ cluster: Cluster, _ bastions: BastionPreflight
    ) async -> PreflightReport {
        let situation = plan.situation(of: cluster, run: "preflight", epoch: 1)
        if let failure = await bastions.obstacle(on: situation, in: 0) {
            return PreflightReport(cluster: cluster.name, trouble: failure.reason)
        }
        return await insist(situation)
    }

    /// A cluster in the middle of a change may make sense a moment later.
    private func insist(_ situation: Situation) async -> PreflightReport {
        var unclear = ""
        for _ in 0..<lookLimit {
            switch await look(situation) {
            case .findings(let findings):
                return PreflightReport(cluster: situation.cluster.name, findings: findings)
            case .unclear(let words): unclear = words
            case .failed(let failure):
                return PreflightReport(cluster: situation.cluster.name, trouble: failure.reason)
            case .needs: unclear = "the preflight never stops asking"
            }
            await clock.sleep(lookPause)
        }
        return PreflightReport(cluster: situation.cluster.name, trouble: unclear)
    }

    /// Reads until there is an answer.
    private func look(_ situation: Situation) async -> PreflightAnswer {
        let reader = ClusterReader(
            executor: executor, cluster: situation.cluster, management: situation.management,
            prefix: "preflight.\(situation.cluster.name).\(clock.now().milliseconds)")
        var context = StepContext(now: clock.now())
        for _ in 0..<readRoundLimit {
            let answer = runbook.preflight(in: situation, context)
            guard case .needs(let readings) = answer else { return answer }
            do throws(ReadingFailed) {
                let missing = readings.filter { context[$0] == nil }
                context.readings.merge(try await reader.read(missing)) { $1 }
            } catch {
                return .failed(Failure(.unreachable, error.failure.words))
            }
        }
        return .needs([])
    }
}

/// More rounds of reading than any preflight needs to make up its mind.
private let readRoundLimit = 32
private let lookLimit = 3
private let lookPause = Duration.seconds(3)
