import FleetModel

/// The workloads of a cluster sorted by how far they are with the move.
struct RestartQueue: Sendable {
    /// Sidecars are not where they should be, and a restart would bring them there.
    private(set) var waiting: [Workload] = []
    /// Sidecars are not where they should be, and no restart of ours can help.
    private(set) var leftBehind: [(workload: Workload, reason: String)] = []
    /// Jobs whose sidecars are not where they should be: they are waited for.
    private(set) var ending: [Workload] = []
    /// May stay where they are, as the takeover says.
    private(set) var waived: [Workload] = []
    /// Every sidecar is on target, though pods may still be coming or going.
    private(set) var moved: [Workload] = []
    /// Has to move, but what it is restarted through was not found. Look again.
    private(set) var unclear: [Workload] = []
    /// Came back without a sidecar, although an injector selects them.
    private(set) var stripped: [Workload] = []
    /// Some of its pods lack the sidecar that an injector, whichever, would give them.
    private(set) var bare: [Workload] = []
    private let selection: SidecarSelection?

    /// Sorts workloads, of which a selection tells whether an injector of the new revision
    /// would be given a pod, and which ask for the old one. Given what is to be `spared`, all
    /// others of which any pod lacks its sidecar are to be restarted, too, and first. Who has
    /// only pods that are `staying` belongs to nobody's move.
    init(
        _ workloads: Workloads, for move: Move, sparing spared: Set<String>? = nil,
        staying: (Pod) -> Bool = { _ in false }, selection: SidecarSelection?
    ) {
        self.selection = selection
        let isSelected = { (pod: Pod) in selection?.wants(pod) == true }
        var repaired: [Workload] = []
        for workload in workloads.all where !move.isGateway(workload.owner) {
            if workload.pods.allSatisfy(staying) { continue }
            if workload.pods.allSatisfy(move.settings.isWaived) {
                if workload.isInMesh { waived.append(workload) }
            } else if let spared, workload.lacksSidecars(isSelected), move.canRestart(workload),
                !spared.contains(workload.owner.description)
            {
                repaired.append(workload)
            } else if workload.isInMesh {
                add(workload, move)
            } else if workload.lacksSidecars(isSelected), workload.restartedAt != nil,
                spared == nil || !move.canRestart(workload)
            {
                stripped.append(workload)
            }
        }
        bare = workloads.all.filter {
            $0.lacksSidecars { selection?.isWanted($0) == true && !move.settings.isWaived($0) }
        }
        waiting = repaired + move.inOrder(waiting)
        moved = move.inOrder(moved)
    }

    private mutating func add(_ workload: Workload, _ move: Move) {
        let proxies = workload.injectedPods.compactMap(\.proxy)
        if proxies.contains(where: { $0.revision == nil }) {
            leftBehind.append((workload, "nothing tells which revision its proxy belongs to"))
        } else if !proxies.contains(where: { move.shouldMove($0) }) {
            // The pods of Jobs come and go: there is nothing that could hold still.
            if proxies.contains(where: move.isOnTarget), !workload.endsByItself {
                moved.append(workload)
            }
        } else if workload.endsByItself, !workload.isHeldBySidecars {
            ending.append(workload)
        } else if workload.isUnclear {
            unclear.append(workload)
        } else if let obstacle = move.obstacle(to: workload) ?? pinObstacle(of: workload) {
            leftBehind.append((workload, obstacle))
        } else {
            waiting.append(workload)
        }
    }

    /// Why a template that asks for the old revision cannot be told to ask for the new one.
    private func pinObstacle(of workload: Workload) -> String? {
        guard isPinned(workload) else { return nil }
        if ["Rollout", "DeploymentConfig"].contains(workload.owner.kind) {
            return "its template asks for the old revision: change that as you release it"
        }
        let selector = workload.object?.spec["selector"] ?? .null
        let labels = selector["matchLabels"]?.strings ?? selector.strings
        return labels[IstioLabel.revision] == nil ? nil : "its selector names the old revision"
    }

    /// Whether its template asks for the old revision, in a namespace that leaves that to it.
    func isPinned(_ workload: Workload) -> Bool {
        workload.object.map { selection?.asksForOld($0) == true } ?? false
    }

    /// The left-behind ones for people, with the reasons.
    var leftBehindWords: [String] {
        leftBehind.map { "\($0.workload.owner) (\($0.reason))" }
    }
}

extension Move {
    /// Why nothing of ours would bring a workload's pods anew; `nil` when something would.
    fileprivate func obstacle(to workload: Workload) -> String? {
        if let obstacle = workload.obstacle { return obstacle }
        guard RestartWay(of: workload) == .rolloutLatest, !settings.isOpenShift else { return nil }
        return #"OpenShift's client restarts it: set the parameter "platform" to "openshift""#
    }

    fileprivate func canRestart(_ workload: Workload) -> Bool {
        !workload.isUnclear && obstacle(to: workload) == nil
    }

    /// Workloads in the order they are restarted, which on the way back is the reverse.
    fileprivate func inOrder(_ workloads: [Workload]) -> [Workload] {
        let ordered = settings.inOrder(workloads)
        return isBack ? ordered.reversed() : ordered
    }
}

extension MoveSettings {
    /// Workloads in the order they are restarted: those listed first, the rest by
    /// namespace and name, those listed last.
    func inOrder(_ workloads: [Workload]) -> [Workload] {
        workloads.sorted { lhs, rhs in
            let (left, right) = (rank(lhs.owner), rank(rhs.owner))
            return left == right ? lhs.owner < rhs.owner : left < right
        }
    }

    private func rank(_ owner: OwnerReference) -> Int {
        if let position = first.firstIndex(of: owner.path) { return position - first.count }
        return last.firstIndex(of: owner.path).map { $0 + 1 } ?? 0
    }
}

extension Workload {
    /// Whether any of its pods lacks a sidecar that its selectors and its own words ask for:
    /// one such pod is enough for calls to fail now and then.
    func lacksSidecars(_ isSelected: (Pod) -> Bool) -> Bool {
        pods.contains { pod in
            !pod.isTerminating && pod.proxy == nil && isSelected(pod)
                && !PodWishes(of: pod.object).declinesSidecar
        }
    }
}
