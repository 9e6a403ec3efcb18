import FleetModel

/// How one step looks and acts, before it is made into a ``Step``.
protocol StepRecipe: Sendable {
    var outline: StepOutline { get }
    /// How long the step may take, and how long to wait between two looks.
    var patience: Patience { get }
    var edits: Target { get }
    /// The lock that every act goes through; `nil` for steps that handle it themselves.
    var lock: WriterLock? { get }
    var preview: StepPreview { get }

    func observe(_ view: ClusterView) throws(Pause) -> Observation
    func act(_ view: ClusterView) throws(Pause) -> [Command]
    /// What it found that somebody has answered for.
    func waived(_ view: ClusterView) throws(Pause) -> [WaivedFinding]
}

struct Patience: Hashable, Sendable {
    let timeout: Duration
    let poll: Duration

    func poll(atMost longest: Duration?) -> Duration {
        guard let longest else { return poll }
        return max(Self.shortestPoll, min(poll, longest))
    }

    /// More often than this only heats the API server.
    private static let shortestPoll = Duration.milliseconds(100)
}

extension StepRecipe {
    var edits: Target { .cluster }
    var lock: WriterLock? { nil }
    func act(_ view: ClusterView) throws(Pause) -> [Command] { [] }
    func waived(_ view: ClusterView) throws(Pause) -> [WaivedFinding] { [] }

    /// The step, looking at least as often as asked.
    func step(pollingEvery longest: Duration? = nil) -> Step {
        Step(
            outline, timeout: patience.timeout, poll: patience.poll(atMost: longest), edits: edits,
            preview: preview, observe: { self.observation($0) }, act: { self.commands($0) },
            remedy: { self.remedy($0) }, waived: { self.waivers($0) })
    }

    private func observation(_ context: StepContext) -> Observation {
        let view = ClusterView(context)
        do throws(Pause) {
            let observation = try observe(view)
            guard case .notDone = observation, let lock else { return observation }
            return try denial(lock, view) ?? observation
        } catch {
            return answer(to: error, view)
        }
    }

    /// A remedy goes through the lock, too, so that has to be read before the step fails.
    private func answer(to pause: Pause, _ view: ClusterView) -> Observation {
        do throws(Pause) {
            _ = try remedy(of: pause, view)
        } catch {
            if case .needs = error { return error.observation }
        }
        return pause.observation
    }

    /// Nothing is changed in a cluster that somebody else holds.
    private func denial(_ lock: WriterLock, _ view: ClusterView) throws(Pause) -> Observation? {
        guard case .denied(let failure) = try lock.standing(view) else { return nil }
        return .failed(Failure(.terminal, failure.reason))
    }

    /// The runner asks only after `notDone`, with the same readings, so nothing
    /// is missing; if something were, nothing would be run.
    private func commands(_ context: StepContext) -> [Command] {
        let view = ClusterView(context)
        do throws(Pause) {
            return try locked(try act(view), view)
        } catch {
            return []
        }
    }

    /// Commands that change something, after what takes the lock.
    private func locked(_ commands: [Command], _ view: ClusterView) throws(Pause) -> [Command] {
        guard let lock, !commands.isEmpty else { return commands }
        let lasting = lock.outliving(patience.timeout)
        guard case .toTake(let taking, _) = try lasting.standing(view) else { return commands }
        return taking + commands
    }

    /// The runner asks only once the step has seen the end, with the same readings. A step that
    /// failed before it had read what it needs has found nothing.
    private func waivers(_ context: StepContext) -> [WaivedFinding] {
        do throws(Pause) {
            return try waived(ClusterView(context))
        } catch {
            return []
        }
    }

    private func remedy(_ context: StepContext) -> Remedy? {
        let view = ClusterView(context)
        do throws(Pause) {
            _ = try observe(view)
        } catch {
            return try? remedy(of: error, view)
        }
        return nil
    }

    /// What the failure itself says is to be done, unless somebody else holds the cluster by now.
    private func remedy(of pause: Pause, _ view: ClusterView) throws(Pause) -> Remedy? {
        guard case .remediable(_, let remedy) = pause else { return nil }
        if let lock, try denial(lock, view) != nil { return nil }
        return Remedy(try locked(remedy.commands, view), words: remedy.words)
    }
}
