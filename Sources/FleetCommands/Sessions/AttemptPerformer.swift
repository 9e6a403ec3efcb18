import FleetCoordinator
import FleetJournal
import FleetModel
import FleetRunner
import Takeovers

/// Takes the attempts of a run to their ends, each as the plan has its step.
struct AttemptPerformer: Sendable {
    private let plan: Plan
    private let runbook: any Runbook.Type
    private let run: RunID
    private let epoch: Int
    private let executor: any CommandExecutor
    private let log: JournaledCommands
    private let clock: RunClock
    private let rehearsal: RehearsalConditions?
    private let bastions: BastionPreflight
    private let locks = KeyedLock<ClusterName>()
    private let clusters: [ClusterName: Cluster]

    init(
        plan: Plan, runbook: any Runbook.Type, run: RunID, epoch: Int,
        executor: any CommandExecutor, log: JournaledCommands, clock: RunClock,
        rehearsal: RehearsalConditions?
    ) {
        (self.plan, self.runbook) = (plan, runbook)
        (self.run, self.epoch) = (run, epoch)
        (self.executor, self.log, self.clock) = (executor, log, clock)
        self.rehearsal = rehearsal
        bastions = BastionPreflight(plan: plan, executor: executor, now: clock.now)
        clusters = Dictionary(uniqueKeysWithValues: plan.clusters.map { ($0.name, $0) })
    }

    var performer: RunDriver<RunJournal>.Performer {
        { attempt, signals, testimony in await perform(attempt, signals, testimony) }
    }

    private func perform(
        _ attempt: Attempt, _ signals: AttemptSignals, _ testimony: Testimony
    ) async -> Outcome {
        guard let cluster = clusters[attempt.cluster] else {
            return .failed(Failure(.terminal, "the plan has no such cluster"))
        }
        let situation = plan.situation(of: cluster, run: run, epoch: epoch)
        if let failure = await bastions.obstacle(on: situation, in: attempt.phase) {
            return .failed(failure)
        }
        guard let step = step(of: attempt, in: situation) else {
            let reason = "the plan was made for another edition of this runbook"
            return .failed(Failure(.terminal, reason))
        }
        let runner = { (executor: any CommandExecutor, clock: RunClock) in
            StepRunner(
                step: step.paced(by: cluster.speed), attempt: attempt, situation: situation,
                surroundings: StepRunner.Surroundings(
                    executor: executor, log: log, clock: clock, locks: locks,
                    testimony: testimony),
                signals: signals)
        }
        guard let rehearsal else { return await runner(executor, clock).run() }
        return await rehearsal.take(attempt, of: step.outline, by: executor, runner)
    }

    /// The runbook's step, if it is still the one that the plan has there.
    private func step(of attempt: Attempt, in situation: Situation) -> Step? {
        let steps = runbook.allSteps(of: plan.phases[attempt.phase].name, in: situation)
        guard steps.indices.contains(attempt.step),
            steps[attempt.step].outline == plan.step(of: attempt)
        else { return nil }
        return steps[attempt.step]
    }
}
