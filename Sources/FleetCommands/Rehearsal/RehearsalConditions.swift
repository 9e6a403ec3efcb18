import FleetModel
import FleetRunner

/// What is otherwise for a run that is only a rehearsal.
struct RehearsalConditions: Sendable {
    /// The time the run lives by, as fast as the lab's.
    let clock: RunClock
    let stopwatch: Stopwatch
    /// The only kubeconfigs that a command may name.
    let kubeconfigs: Set<String>
    /// Steps that count as done, for nothing of the lab could do them.
    let assumed: Set<String>

    init(
        clock: RunClock, stopwatch: Stopwatch, kubeconfigs: Set<String>, assumed: Set<String>
    ) {
        (self.clock, self.stopwatch) = (clock, stopwatch)
        (self.kubeconfigs, self.assumed) = (kubeconfigs, assumed)
    }

    /// The executor, for nothing but the lab.
    func confined(_ executor: any CommandExecutor) -> any CommandExecutor {
        LabOnlyExecutor(executor, kubeconfigs: kubeconfigs)
    }

    /// Takes an attempt to its end, and measures it.
    func take(
        _ attempt: Attempt, of step: StepOutline, by executor: any CommandExecutor,
        _ runner: (any CommandExecutor, RunClock) -> StepRunner
    ) async -> Outcome {
        guard !assumed.contains(step.name) else { return .succeeded(changed: false) }
        let measurement = stopwatch.start(at: clock.now())
        defer { stopwatch.stop(measurement, of: attempt) }
        return await runner(measurement.measured(executor), measurement.clock).run()
    }
}
