import FleetModel
import Synchronization

/// How one cluster behaves: its controllers, its faults, and when it has to be
/// looked at again.
///
/// Nothing happens between two calls of `advance(to:)`, and what a call does
/// follows from the stores, the seed and the time alone.
public final class ClusterWorld: Sendable {
    public let store: ClusterStore
    let management: ClusterStore?
    let faults: FaultBoard
    private let seed: UInt64
    private let pace: WorldPace
    private let state: Mutex<State>

    private struct State {
        var controllers: [any Controller]
        var waits: [Waits]
        /// The last change of each store that was acted upon; `nil` before the first pass.
        var seen: Int?
        var seenManagement: Int?
        /// The faults of the last call, and the count of breaks and mends it knew.
        var active: ActiveFaults?
        var faultVersion: Int?
    }

    /// More rounds than any cascade needs: a controller that never rests is a bug,
    /// and must not stop the others for good.
    private static let mostRounds = 200

    init(
        store: ClusterStore, management: ClusterStore? = nil, seed: UInt64,
        pace: WorldPace = WorldPace(), controllers: [any Controller]
    ) {
        self.store = store
        self.management = management
        self.seed = seed
        self.pace = pace
        faults = FaultBoard()
        state = Mutex(
            State(
                controllers: controllers, waits: controllers.map { _ in Waits() }))
        let faults = faults
        store.setAdmission { resource, object, store throws(StatusError) in
            try faults.admit(resource, object, now: store.clock.now)
            return try WebhookAdmission(store: store).admit(resource, object)
        }
    }

    /// Lets everything happen that is due.
    /// - Returns: when something will be due if nothing changes before; `nil` if never.
    @discardableResult
    public func advance(to now: LabTime) -> LabTime? {
        state.withLock { state in
            let active = notice(faults.active(at: now), &state)
            for _ in 0..<Self.mostRounds {
                let due = indices(toRunAt: now, &state)
                state.active = active
                guard !due.isEmpty else { break }
                for index in due { run(index, at: now, active, &state) }
            }
            let waits = state.waits.compactMap(\.due).min()
            return [waits, faults.nextChange(after: now)].compactMap { $0 }.min()
        }
    }

    /// Whether somebody changed what this cluster depends on since the last `advance`.
    public var hasNews: Bool {
        state.withLock {
            $0.seen != store.resourceVersion || $0.seenManagement != management?.resourceVersion
                || $0.faultVersion != faults.version
        }
    }

    /// Other faults than before make every controller look again.
    private func notice(_ active: ActiveFaults, _ state: inout State) -> ActiveFaults {
        state.faultVersion = faults.version
        guard state.active != active else { return active }
        active.play(on: store)
        state.active = nil
        return active
    }

    /// The versions that were acted upon last.
    var versions: (own: Int, management: Int?) {
        state.withLock { ($0.seen ?? 0, $0.seenManagement) }
    }

    private func run(
        _ index: Int, at now: LabTime, _ active: ActiveFaults, _ state: inout State
    ) {
        var scene = Scene(
            store: store, management: management, now: now, pace: pace, seed: seed,
            faults: active, waits: state.waits[index])
        state.controllers[index].reconcile(&scene)
        scene.waits.endPass()
        state.waits[index] = scene.waits
    }

    private func indices(toRunAt now: LabTime, _ state: inout State) -> [Int] {
        let isFirst = state.active == nil
        let changed = Self.changedKinds(of: store, after: &state.seen)
        let managed = management.map { Self.changedKinds(of: $0, after: &state.seenManagement) }
        return state.controllers.indices.filter { index in
            let controller = state.controllers[index]
            return isFirst || state.waits[index].due.map { $0 <= now } ?? false
                || Self.touches(changed, controller.watches)
                || Self.touches(managed ?? [], controller.managementWatches)
        }
    }

    /// Whether a watched kind is among those; `nil` stands for all kinds.
    private static func touches(_ kinds: Set<String>?, _ watched: Set<String>) -> Bool {
        guard let kinds else { return !watched.isEmpty }
        return !kinds.isDisjoint(with: watched)
    }

    /// The kinds that changed; `nil` when the history no longer tells.
    private static func changedKinds(
        of store: ClusterStore, after seen: inout Int?
    ) -> Set<String>? {
        guard let version = seen else {
            seen = store.resourceVersion
            return nil
        }
        do {
            let changes = try store.changes(after: version)
            seen = changes.last?.resourceVersion ?? version
            return Set(changes.map(\.key.resource))
        } catch {
            seen = store.resourceVersion
            return nil
        }
    }
}
