import FleetModel

/// What a controller sees and does during one pass.
struct Scene {
    let store: ClusterStore
    /// The store of the management cluster that this cluster is registered with.
    let management: ClusterStore?
    let now: LabTime
    let pace: WorldPace
    let seed: UInt64
    let faults: ActiveFaults
    var waits: Waits
    private var lists: [String: (version: Int, objects: [JSON])] = [:]
    private var owned: (version: Int, pods: [String: [JSON]])?

    init(
        store: ClusterStore, management: ClusterStore?, now: LabTime, pace: WorldPace,
        seed: UInt64, faults: ActiveFaults, waits: Waits
    ) {
        self.store = store
        self.management = management
        self.now = now
        self.pace = pace
        self.seed = seed
        self.faults = faults
        self.waits = waits
        self.waits.beginPass(at: now)
    }

    // MARK: - Seeing

    mutating func list(_ resource: String) -> [JSON] {
        let version = store.resourceVersion
        if let known = lists[resource], known.version == version { return known.objects }
        let objects = store.list(resource)
        lists[resource] = (version, objects)
        return objects
    }

    /// Whether the controller has seen the last edit: it needs a moment for each.
    mutating func hasNoticed(_ owner: JSON) -> Bool {
        owner.generation <= owner.count("status", "observedGeneration")
            || waits.isOver("\(owner.uid)/\(owner.generation)", after: pace.observation)
    }

    /// The pods that an object controls.
    mutating func pods(of owner: JSON) -> [JSON] {
        let version = store.resourceVersion
        if let owned, owned.version == version { return owned.pods[owner.uid] ?? [] }
        var byOwner: [String: [JSON]] = [:]
        for pod in list("pods") {
            guard let uid = pod.controllerReference?["uid"]?.string else { continue }
            byOwner[uid, default: []].append(pod)
        }
        owned = (version, byOwner)
        return byOwner[owner.uid] ?? []
    }

    /// Chance that belongs to one object, the same whenever it is asked.
    func chance(_ text: String) -> Chance { Chance(seed: seed, text) }

    /// How long something takes for one object.
    func duration(_ range: ClosedRange<Int>, _ text: String) -> Int64 {
        var chance = chance(text)
        return Int64(chance.number(in: range))
    }

    // MARK: - Doing

    /// Creates an object, and looks again soon when that is refused.
    @discardableResult
    mutating func create(_ resource: String, _ object: JSON) -> JSON? {
        do {
            return try store.create(resource, object)
        } catch {
            retry(after: error)
            return nil
        }
    }

    @discardableResult
    mutating func update(
        _ key: ObjectKey, status: Bool = false, _ edit: (inout JSON) -> Void
    ) -> JSON? {
        do {
            return try store.update(key, status: status) { edit(&$0) }
        } catch {
            retry(after: error)
            return nil
        }
    }

    mutating func delete(_ key: ObjectKey) {
        do {
            try store.delete(key)
        } catch {
            retry(after: error)
        }
    }

    /// A client or another controller came first, or a namespace is going. A later
    /// pass finds out what that means, so only the wish to have one is kept.
    private mutating func retry(after error: StatusError) {
        guard error.reason != "NotFound", error.reason != "AlreadyExists" else { return }
        _ = waits.isOver(LabTime(milliseconds: now.milliseconds + pace.createRetry))
    }
}
