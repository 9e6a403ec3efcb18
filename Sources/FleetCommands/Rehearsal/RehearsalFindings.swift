import FleetCoordinator
import FleetModel
import FleetTerminal

/// Makes a report of what a rehearsal's journal and stopwatch hold.
struct RehearsalFindings: Sendable {
    /// The plan as it was made for earnest, whose soaks and waves count.
    let plan: Plan
    let entries: [JournalEntry]
    let laps: [Stopwatch.Lap]
    let snapshot: RunSnapshot

    init(
        plan: Plan, entries: [JournalEntry], laps: [Stopwatch.Lap], snapshot: RunSnapshot
    ) {
        (self.plan, self.entries, self.laps) = (plan, entries, laps)
        self.snapshot = snapshot
    }

    /// As many of the slowest are shown.
    private static let mostShown = 5

    func fill(_ report: inout RehearsalReport) {
        report.waves = waves
        report.slowestSteps = Array(
            steps.sorted { $0.length > $1.length }.prefix(Self.mostShown))
        report.slowestClusters = Array(
            clusters.sorted { $0.length > $1.length }.prefix(Self.mostShown))
        report.troubles = troubles
        report.halt = halt
    }

    // MARK: - How long

    private var waves: [RehearsalReport.WaveTime] {
        zip(positions, snapshot.waves).map { position, view in
            let wave = plan.wave(at: position)
            let lengths = wave.clusters.compactMap { totals[Part($0, position.phase)] }
            let soak = hasSoaked.contains(position) ? wave.soak : .zero
            let work = Schedule(
                lengths: lengths.map(\.length), atOnce: wave.maxConcurrency
            ).length
            return RehearsalReport.WaveTime(
                phase: plan.phases[position.phase].name, name: wave.name,
                clusters: wave.clusters.count, succeeded: view.succeeded,
                length: lengths.isEmpty ? nil : work + soak,
                commands: lengths.reduce(.zero) { $0 + $1.commands }, soak: soak)
        }
    }

    private var positions: [WavePosition] {
        plan.phases.indices.flatMap { phase in
            plan.phases[phase].waves.indices.map { WavePosition(phase: phase, wave: $0) }
        }
    }

    private var hasSoaked: Set<WavePosition> {
        Set(
            entries.compactMap { entry in
                if case .soakStarted(let position, _) = entry.event { position } else { nil }
            })
    }

    /// A cluster's way through one phase.
    private struct Part: Hashable {
        let cluster: ClusterName
        let phase: Int
        init(_ cluster: ClusterName, _ phase: Int) { (self.cluster, self.phase) = (cluster, phase) }
    }

    private struct Total {
        var length = Duration.zero
        var commands = Duration.zero

        mutating func add(_ lap: Stopwatch.Lap) {
            length += lap.length
            commands += lap.commands
        }
    }

    private var totals: [Part: Total] {
        laps.reduce(into: [:]) { totals, lap in
            totals[Part(lap.attempt.cluster, lap.attempt.phase), default: Total()].add(lap)
        }
    }

    private var clusters: [RehearsalReport.ClusterTime] {
        plan.clusters.compactMap { cluster in
            let own = laps.filter { $0.attempt.cluster == cluster.name }
            guard !own.isEmpty else { return nil }
            let total = own.reduce(into: Total()) { $0.add($1) }
            return RehearsalReport.ClusterTime(
                cluster: cluster.name, length: total.length, commands: total.commands)
        }
    }

    private var steps: [RehearsalReport.StepTime] {
        struct Place: Hashable {
            let cluster: ClusterName
            let phase: Int
            let step: Int
        }
        var order: [Place] = []
        var totals: [Place: Total] = [:]
        for lap in laps {
            let attempt = lap.attempt
            let place = Place(
                cluster: attempt.cluster, phase: attempt.phase, step: attempt.step)
            if totals[place] == nil { order.append(place) }
            totals[place, default: Total()].add(lap)
        }
        return order.map { place in
            let total = totals[place] ?? Total()
            return RehearsalReport.StepTime(
                phase: plan.phases[place.phase].name,
                step: plan.phases[place.phase].steps[place.step].name, cluster: place.cluster,
                length: total.length, commands: total.commands)
        }
    }

    // MARK: - What stood in the way

    private var troubles: [RehearsalReport.Trouble] {
        snapshot.clusters.filter { $0.state.isTrouble }.map { view in
            let isKnown = snapshot.waves.indices.contains(view.wave)
            let wave = isKnown ? snapshot.waves[view.wave] : nil
            return RehearsalReport.Trouble(
                cluster: view.name, state: view.state, phase: wave?.phase ?? "",
                wave: wave?.name ?? "", step: view.step, words: view.words)
        }
    }

    private var halt: RehearsalReport.Halted? {
        guard let halt = snapshot.halt else { return nil }
        let position = haltedAt ?? WavePosition(phase: 0, wave: 0)
        return RehearsalReport.Halted(
            reason: halt.reason, phase: plan.phases[position.phase].name,
            wave: plan.wave(at: position).name, touched: touched.count)
    }

    /// The wave that was under way when the halt came.
    private var haltedAt: WavePosition? {
        var position: WavePosition?
        for entry in entries {
            switch entry.event {
            case .waveStarted(let started): position = started
            case .runHalting: return position
            default: break
            }
        }
        return position
    }

    /// Clusters on which anything but looking had begun.
    private var touched: Set<ClusterName> {
        Set(
            entries.compactMap { entry in
                guard case .attemptStarted(let attempt) = entry.event,
                    !plan.step(of: attempt).isBaseline
                else { return nil }
                return attempt.cluster
            })
    }
}

extension RunSnapshot.ClusterView.State {
    /// Whether the cluster did not get through; one that waits for others did nothing wrong.
    fileprivate var isTrouble: Bool { self != .running && self != .waiting }
}
