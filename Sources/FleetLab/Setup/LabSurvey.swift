import FleetModel

/// What `lab status` shows of one cluster.
struct LabSurvey: Sendable {
    let cluster: LabCluster
    let store: ClusterStore
    let faults: [ScheduledFault]

    func document(at now: LabTime) -> JSON {
        var document: JSON = [
            "name": .string(cluster.name), "region": .string(cluster.region),
            "labels": JSON(cluster.labels),
            "faults": .array(faults.map { $0.document(at: now) }),
            "resourceVersion": .int(Int64(store.resourceVersion)),
            "revisions": .array(revisions), "proxies": proxies, "owners": owners,
        ]
        document["management"] = cluster.management.map(JSON.string)
        return document
    }

    private var revisions: [JSON] {
        store.list("deployments.apps").filter { $0.labels["app"] == "istiod" }.map { istiod in
            let ready = istiod.count("status", "availableReplicas") > 0
            return [
                "revision": .string(istiod.labels["istio.io/rev"] ?? IstioRevision.unrevisioned),
                "ready": .bool(ready),
            ]
        }
    }

    /// Living proxies by revision.
    private var proxies: JSON {
        let revisions = store.list("pods").filter(\.isActive).compactMap(ProxyReader.init)
            .map { $0.revision ?? "unknown" }
        let counts = Dictionary(grouping: revisions) { $0 }.mapValues { JSON.int(Int64($0.count)) }
        return .object(counts)
    }

    /// How many owners of pods there are, and how many have all they want.
    private var owners: JSON {
        let replicated = ["deployments.apps", "statefulsets.apps"].flatMap { store.list($0) }
        let ready = replicated.filter {
            $0.count("status", "readyReplicas") >= $0.count("spec", "replicas")
        }
        let daemons = store.list("daemonsets.apps")
        let serving = daemons.filter {
            $0.count("status", "numberReady") >= $0.count("status", "desiredNumberScheduled")
        }
        return [
            "total": .int(Int64(replicated.count + daemons.count)),
            "ready": .int(Int64(ready.count + serving.count)),
        ]
    }
}
