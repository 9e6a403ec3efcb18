import FleetModel

/// The pods of one gateway's Deployment, told from those of another one that select alike.
struct GatewayPods: Sendable {
    /// What the Deployment is called, for people.
    let label: String
    /// `nil` when there is none.
    let deployment: JSON?
    /// Those that live, the ending ones too.
    let alive: [Pod]

    init(of name: String, in namespace: String, _ workloads: Workloads) {
        let owner = OwnerReference(kind: "Deployment", namespace: namespace, name: name)
        label = "\(owner)"
        deployment = workloads.objects[owner]
        alive = workloads.all.first { $0.owner == owner }?.pods ?? []
    }

    var staying: [Pod] { alive.filter { !$0.isTerminating } }

    /// How many pods it is to have.
    var wanted: Int { deployment?.spec.count("replicas", default: 1) ?? 0 }

    /// What keeps so many pods of it from serving behind a Service, each where a move wants it;
    /// `nil` when they do.
    func lack(of needed: Int, behind endpoints: [String], _ move: Move) -> String? {
        guard let deployment else { return "\(label) is not there yet" }
        if let complaint = Rollout(of: deployment, kind: "Deployment").complaint {
            return "\(label): \(complaint)"
        }
        if let pod = staying.first(where: { $0.proxy.map(move.isOnTarget) != true }) {
            return "pod \(pod.object.qualifiedName) does not run \(move.target)"
        }
        let ready = staying.filter(\.isReady)
        guard ready.count >= max(needed, 1) else {
            return "\(label) has \(ready.count) of \(max(needed, 1)) ready pods"
        }
        let missing = ready.first { !endpoints.contains($0.name) }
        return missing.map { "the Service does not lead to pod \($0.object.qualifiedName) yet" }
    }

    /// What changes when a pod is made anew, or a container of it.
    var fingerprint: String {
        staying.map { "\($0.name) \($0.restarts)" }.sorted().joined(separator: ",")
    }
}
