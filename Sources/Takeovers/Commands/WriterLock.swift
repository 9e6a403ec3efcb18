import FleetModel

/// The Lease through which one coordinator at a time changes a cluster.
///
/// It names the run and, as an annotation, the epoch of the coordinator that
/// acts for it. Every act of a step goes through it, so a coordinator that was
/// believed dead and comes back finds a higher epoch and leaves the cluster be.
struct WriterLock: Hashable, Sendable {
    let run: RunID
    let epoch: Int
    let kubectl: Kubectl
    /// The run that this one takes back. It has come to rest, so its lease is ours to take.
    var predecessor: RunID?
    /// How long the lock outlives its holder's last act.
    private(set) var duration = Self.usualDuration
    /// Whether it is looked at by a step that only waits.
    private(set) var isForAWait = false

    static let name = "fleet-istio-migration"
    static let namespace = "default"
    static let epochAnnotation = "bellwether/epoch"

    /// Longer than nearly every step.
    static let usualDuration: Duration = .seconds(3_600)
    /// From which age on the next act renews it.
    static let renewal: Duration = .seconds(300)
    /// A wait renews it when less than a third is left: twice an hour, or nearly, and with time
    /// to try again.
    private static let partLeft = 3

    var reading: Reading {
        .path(APIPath.lease(Self.name, in: Self.namespace), on: .cluster)
    }

    /// The lock for a step that may take so long: nobody takes a cluster in the middle of one.
    func outliving(_ timeout: Duration) -> WriterLock {
        var lock = self
        if timeout >= duration { lock.duration = timeout + Self.usualDuration }
        return lock
    }

    /// The lock for a step that only waits, which renews it as late as may be.
    var whileWaiting: WriterLock {
        var lock = self
        lock.isForAWait = true
        return lock
    }

    /// How the lease stands towards us.
    enum Standing: Hashable, Sendable {
        case ours
        /// Ours to take or renew, by these commands.
        case toTake([Command], because: String)
        case denied(Failure)
    }

    func standing(_ view: ClusterView) throws(Pause) -> Standing {
        guard let lease = try view.object(path) else {
            return .toTake([creation(now: view.context.now)], because: "nobody holds the lease")
        }
        return standing(of: lease, now: view.context.now)
    }

    /// Deletes the lease, which must be ours.
    var release: Command {
        kubectl.delete("lease", [Self.name], in: Self.namespace, purpose: "release the lease")
    }

    func creation(now: Timestamp) -> Command {
        let lease: JSON = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": [
                "name": .string(Self.name), "namespace": .string(Self.namespace),
                "annotations": [Self.epochAnnotation: .string(String(epoch))],
            ],
            "spec": specification(now: now),
        ]
        return kubectl.create(lease, isKnown: true, purpose: "take the lease")
    }

    var path: String { APIPath.lease(Self.name, in: Self.namespace) }
}

extension WriterLock {
    func isHolder(of lease: JSON) -> Bool { holder(of: lease) == run.rawValue }

    private func holder(of lease: JSON) -> String? { lease.spec["holderIdentity"]?.nonEmpty }

    func standing(of lease: JSON, now: Timestamp) -> Standing {
        let renewed = lease.spec["renewTime"]?.string.flatMap(Timestamp.init(rfc3339:))
        guard isHolder(of: lease) else {
            return standing(of: lease, heldBy: holder(of: lease), renewed: renewed, now: now)
        }
        let theirs = lease.annotations[Self.epochAnnotation].flatMap { Int($0) } ?? 0
        if theirs > epoch { return .denied(newerEpoch(theirs)) }
        if theirs < epoch {
            return .toTake([taking(lease, now: now)], because: "the lease has an older epoch")
        }
        guard let renewed, !isDue(lease, renewed: renewed, now: now) else {
            return .toTake([taking(lease, now: now)], because: "the lease is due for renewal")
        }
        guard lifetime(of: lease) >= duration else {
            return .toTake([taking(lease, now: now)], because: "the lease is too short")
        }
        return .ours
    }

    /// One that was taken for a longer step than this lasts without us.
    private func isDue(_ lease: JSON, renewed: Timestamp, now: Timestamp) -> Bool {
        guard isForAWait else { return now - renewed >= Self.renewal }
        return renewed + lifetime(of: lease) - now < duration / Self.partLeft
    }

    private func lifetime(of lease: JSON) -> Duration {
        let seconds = lease.spec["leaseDurationSeconds"]?.int ?? Int(Self.usualDuration.seconds)
        return .seconds(min(max(seconds, 0), 1_000_000))
    }

    private func standing(
        of lease: JSON, heldBy holder: String?, renewed: Timestamp?, now: Timestamp
    ) -> Standing {
        guard let holder else {
            return .toTake([taking(lease, now: now)], because: "nobody holds the lease")
        }
        if holder == predecessor?.rawValue {
            return .toTake([taking(lease, now: now)], because: "\(holder) is taken back")
        }
        // A lease without a time was taken by somebody who does not renew: it counts as live.
        guard let renewed, renewed + lifetime(of: lease) < now else {
            return .denied(Failure(.blocked, heldReason(holder)))
        }
        return .toTake([taking(lease, now: now)], because: "the lease of \(holder) has run out")
    }

    private func heldReason(_ holder: String) -> String {
        "\(holder.quoted) holds the lease \(Self.namespace)/\(Self.name)"
    }

    private func newerEpoch(_ theirs: Int) -> Failure {
        Failure(
            .terminal,
            "a newer coordinator of this run (epoch \(theirs), ours is \(epoch)) holds the lease")
    }

    /// Takes or renews a lease, unless it changed since it was read.
    private func taking(_ lease: JSON, now: Timestamp) -> Command {
        var annotations = lease.annotations
        annotations[Self.epochAnnotation] = String(epoch)
        let patch = JSONPatch.against(resourceVersion: lease.resourceVersion)
            .setting("/metadata/annotations", to: JSON(annotations))
            .setting("/spec", to: specification(now: now))
        return kubectl.patch(
            "lease", Self.name, in: Self.namespace, with: patch, purpose: "take the lease")
    }

    private func specification(now: Timestamp) -> JSON {
        [
            "holderIdentity": .string(run.rawValue),
            "leaseDurationSeconds": .int(duration.seconds),
            "acquireTime": .string(now.microTime), "renewTime": .string(now.microTime),
        ]
    }
}

extension Duration {
    var seconds: Int64 { inMilliseconds / 1_000 }
}
