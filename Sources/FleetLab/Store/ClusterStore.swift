public import FleetModel
import Synchronization

/// Everything one API server stores, and the rules it stores it by: versions,
/// uids, generations, finalizers, namespaces, owners and watches.
///
/// Every call is synchronous and atomic. Closures it is given run outside its
/// lock and may call it.
public final class ClusterStore: Sendable {
    public let cluster: String
    public let clock: any LabClock
    private let state: Mutex<StoreState>
    private let waiters = ChangeWaiters()
    let encoded = EncodedObjects()
    private let admission = Mutex<Admission?>(nil)
    private let faults = Mutex(Faults())

    private struct Faults {
        var transport: TransportFault?
        /// Requests over a flaky way.
        var passages = 0
        var denied: [AccessRule] = []
        var failing: [ScheduledFault] = []
    }

    /// A change that lost the race this often is given up as a conflict.
    private static let updateAttempts = 64

    /// A store with the namespaces every cluster is born with.
    ///
    /// - Parameters:
    ///   - cluster: its name, for messages.
    ///   - clock: what every time stamp comes from.
    ///   - seed: what every uid comes from.
    ///   - historyLimit: how many changes a watch may lag behind.
    public init(
        cluster: String, clock: any LabClock, seed: UInt64, historyLimit: Int = 2048
    ) {
        self.cluster = cluster
        self.clock = clock
        state = Mutex(StoreState(seed: seed, historyLimit: historyLimit))
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            // A fresh store has no namespace that one of these could clash with.
            _ = try? create("namespaces", ["metadata": ["name": .string(name)]])
        }
    }

    // MARK: - Reading

    /// The version of the last change.
    public var resourceVersion: Int { state.withLock { $0.history.lastVersion } }

    public func get(_ key: ObjectKey) -> JSON? {
        state.withLock { $0[key] }
    }

    /// The objects of a kind, in the order of namespace and name.
    public func list(_ resource: String, namespace: String? = nil) -> [JSON] {
        state.withLock { $0.list(resource, namespace: namespace) }
    }

    /// A list and the version it shows, from one moment.
    func snapshot(_ resource: String, namespace: String?) -> (objects: [JSON], version: Int) {
        state.withLock { ($0.list(resource, namespace: namespace), $0.history.lastVersion) }
    }

    /// Every kind there is now, by group and plural.
    public var types: [ResourceType] { state.withLock { $0.types.all } }

    public func type(_ resource: String) -> ResourceType? {
        state.withLock { $0.types[resource] }
    }

    // MARK: - Creating

    /// Stores a new object: with its defaults, after admission, stamped.
    ///
    /// - Parameters:
    ///   - resource: the id of its kind, such as `deployments.apps`.
    ///   - object: needs `metadata.name` or `generateName`, and a namespace if its kind has one.
    ///   - dryRun: does and checks everything but storing.
    /// - Returns: the object as it was stored, or would have been.
    /// - Throws: `AlreadyExists`, `NotFound` for its namespace or kind, `Forbidden` in a
    ///   namespace that is going, `Invalid`, or what admission says.
    @discardableResult
    public func create(
        _ resource: String, _ object: JSON, dryRun: Bool = false
    ) throws(StatusError) -> JSON {
        let type = try change { state throws(StatusError) in try state.type(resource) }
        var draft = ObjectDefaults.identified(object, as: type)
        nameIfGenerated(&draft)
        let key = ObjectKey(resource, namespace: draft.namespace, name: draft.name)
        try ObjectValidation.checkIdentity(draft, as: type)
        // Asked before admission too: nobody calls a webhook for a namespace that isn't there.
        try change { state throws(StatusError) in try state.checkNamespace(of: key) }
        ObjectDefaults.fill(&draft, as: type)
        if let admit = admission.withLock({ $0 }) { draft = try admit(resource, draft, self) }
        try ObjectValidation.check(draft, as: type)
        let admitted = draft
        return try change { state throws(StatusError) in
            try state.insert(admitted, at: key, as: type, dryRun: dryRun)
        }
    }

    /// Puts an object there as it once was: its uid, its status and its finalizers are its own.
    ///
    /// Nobody is asked for admission, and what is there already makes way.
    /// - Throws: `NotFound` for its namespace or kind, `Invalid`.
    func restore(_ resource: String, _ object: JSON) throws(StatusError) {
        let type = try change { state throws(StatusError) in try state.type(resource) }
        var draft = ObjectDefaults.identified(object, as: type)
        try ObjectValidation.checkIdentity(draft, as: type)
        ObjectDefaults.fill(&draft, as: type)
        try ObjectValidation.check(draft, as: type)
        let key = ObjectKey(resource, namespace: draft.namespace, name: draft.name)
        let restored = draft
        try change { state throws(StatusError) in
            try state.restore(restored, at: key, as: type)
        }
    }

    /// Registers what every object passes on creation, replacing what was registered before.
    public func setAdmission(_ admit: @escaping Admission) {
        admission.withLock { $0 = admit }
    }

    private func nameIfGenerated(_ draft: inout JSON) {
        guard draft.name.isEmpty, let prefix = draft["metadata"]?["generateName"]?.string,
            !prefix.isEmpty
        else { return }
        // The API server cuts the prefix so that the name keeps within 63 characters.
        let suffix = state.withLock { $0.identities.suffix() }
        draft.metadata["name"] = .string(prefix.prefix(58) + suffix)
    }

    // MARK: - Changing

    /// Reads an object, lets `edit` change it, and writes it in one step.
    ///
    /// `edit` runs again when another writer came first. A changed
    /// `metadata.resourceVersion` is a conflict. Nothing is written when nothing changed.
    ///
    /// - Parameters:
    ///   - key: which object.
    ///   - status: writes `status` and nothing else; otherwise everything else, for
    ///     kinds whose status is a subresource.
    ///   - dryRun: does and checks everything but storing.
    ///   - edit: changes its copy; must be able to run more than once.
    /// - Returns: the object as it is now, or would be.
    /// - Throws: `NotFound`, `Conflict`, `Invalid`, or what `edit` throws.
    @discardableResult
    public func update(
        _ key: ObjectKey, status: Bool = false, dryRun: Bool = false,
        _ edit: (inout JSON) throws(StatusError) -> Void
    ) throws(StatusError) -> JSON {
        let type = try change { state throws(StatusError) in try state.type(key.resource) }
        for _ in 0..<Self.updateAttempts {
            guard let current = get(key) else { throw .notFound(key.resource, key.name) }
            var draft = current
            try edit(&draft)
            if !status {
                ObjectDefaults.fill(&draft, as: type)
                try ObjectValidation.check(draft, as: type)
            }
            let edited = draft
            let written = try change { state throws(StatusError) in
                try state.replace(
                    key, current, with: edited, as: type, status: status, dryRun: dryRun)
            }
            if let written { return written }
        }
        throw .conflict(key.resource, key.name)
    }

    // MARK: - Deleting

    /// Asks an object to go, as a client does.
    ///
    /// It goes at once unless finalizers, its contents or (a pod) a grace period hold it;
    /// then it is marked, and goes when the last of them is gone.
    ///
    /// - Returns: the object as it is now or last was.
    /// - Throws: `NotFound`, or `Conflict` when a precondition doesn't hold.
    @discardableResult
    public func delete(
        _ key: ObjectKey, _ options: DeleteOptions = DeleteOptions(), dryRun: Bool = false
    ) throws(StatusError) -> JSON {
        try deletion(of: key, options, dryRun: dryRun).object
    }

    func deletion(
        of key: ObjectKey, _ options: DeleteOptions, dryRun: Bool
    ) throws(StatusError) -> StoreState.Deletion {
        try change { state throws(StatusError) in
            try state.delete(key, options, dryRun: dryRun)
        }
    }

    /// Takes an object out for good, whatever its finalizers: the word of a kubelet
    /// whose containers have ended.
    public func remove(_ key: ObjectKey) {
        state.withLock { state in
            state.now = clock.now
            _ = state.erase(key)
        }
        waiters.wake()
    }

    private func change<Result: Sendable>(
        _ body: (inout StoreState) throws(StatusError) -> Result
    ) throws(StatusError) -> Result {
        let now = clock.now
        let (result, hasChanged) = try state.withLock { state throws(StatusError) in
            let version = state.history.lastVersion
            state.now = now
            let result = try body(&state)
            return (result, state.history.lastVersion != version)
        }
        if hasChanged { waiters.wake() }
        return result
    }

    // MARK: - Watching

    /// Everything that changed after a version, in order.
    ///
    /// - Throws: 410 `Expired` when that is further back than the history goes: list again.
    public func changes(after version: Int) throws(StatusError) -> [StoreChange] {
        try state.withLock { state throws(StatusError) in try state.history.after(version) }
    }

    /// Returns once something has changed after a version, or the task is cancelled.
    public func waitForChange(after version: Int) async {
        await waiters.wait { self.resourceVersion > version }
    }

    // MARK: - Faults

    /// How the way to this cluster is broken; `nil` when it isn't.
    public var transportFault: TransportFault? {
        get { faults.withLock { $0.transport } }
        set {
            faults.withLock { $0.transport = newValue }
            // Open watches have to notice.
            waiters.wake()
        }
    }

    /// How the next request gets through.
    func passage(every share: Int) -> Passage {
        faults.withLock { faults in
            faults.passages += 1
            return Passage(faults.passages, every: share)
        }
    }

    /// Returns once something has changed after a version, or the way to the cluster is
    /// broken, or the task is cancelled.
    func waitForNews(after version: Int) async {
        await waiters.wait { self.transportFault != nil || self.resourceVersion > version }
    }

    /// Returns once the API server isn't hung, or the task is cancelled.
    func waitWhileHung() async {
        while transportFault == .hung, !Task.isCancelled {
            await waiters.wait { self.transportFault != .hung }
        }
    }

    /// What everybody is forbidden at the moment.
    public var deniedAccess: [AccessRule] {
        get { faults.withLock { $0.denied } }
        set { faults.withLock { $0.denied = newValue } }
    }

    /// Whose pods answer users with errors.
    var failingBackends: [ScheduledFault] {
        get { faults.withLock { $0.failing } }
        set { faults.withLock { $0.failing = newValue } }
    }
}
