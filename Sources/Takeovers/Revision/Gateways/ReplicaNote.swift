import FleetModel

/// How many pods a Deployment had before it was scaled to nothing, as it stands written on it.
///
/// An autoscaler leaves a Deployment of no pods alone, and starts again from what it is given.
struct ReplicaNote: Hashable, Sendable {
    static let annotation = "bellwether/replicas"

    /// Reads how many were noted; `nil` when nothing was.
    static func count(on deployment: JSON) -> Int? {
        deployment.annotations[annotation].flatMap { Int($0) }
    }

    /// Scales to nothing, unless somebody has scaled it meanwhile. What was noted before stays
    /// when it is more: of those that came back by themselves there may be fewer.
    static func emptying(_ deployment: JSON, by kubectl: Kubectl) -> Command {
        let now = deployment.spec.count("replicas", default: 1)
        let noted = max(now, count(on: deployment) ?? 0)
        let patch = JSONPatch().testing("/spec/replicas", is: .int(Int64(now)))
            .annotating(deployment, annotation, with: "\(noted)")
        return command(
            deployment.name, in: deployment.namespace, patch.setting("/spec/replicas", to: 0),
            "scale \(deployment.qualifiedName) to nothing", by: kubectl)
    }

    /// Scales back to as many as there were, or leaves those that are more; the note goes.
    static func refilling(_ deployment: JSON, to wanted: Int, by kubectl: Kubectl) -> Command {
        let now = deployment.spec.count("replicas", default: 1)
        var patch = JSONPatch().testing("/spec/replicas", is: .int(Int64(now)))
            .setting("/spec/replicas", to: .int(Int64(max(now, wanted))))
        if count(on: deployment) != nil {
            patch = patch.removing(JSONPatch.pointer(toAnnotation: annotation))
        }
        return command(
            deployment.name, in: deployment.namespace, patch,
            "scale \(deployment.qualifiedName) to \(max(now, wanted))", by: kubectl)
    }

    /// The commands as a plan shows them.
    static func emptying(_ gateway: NewGateway, by kubectl: Kubectl) -> Command {
        let patch = JSONPatch().testing("/spec/replicas", is: "<replicas>")
            .setting(JSONPatch.pointer(toAnnotation: annotation), to: "<replicas>")
            .setting("/spec/replicas", to: 0)
        return command(
            gateway.deployment, in: gateway.namespace, patch,
            "scale \(gateway.namespace)/\(gateway.deployment) to nothing", by: kubectl)
    }

    static func refilling(_ gateway: NewGateway, by kubectl: Kubectl) -> Command {
        let patch = JSONPatch().testing("/spec/replicas", is: 0)
            .setting("/spec/replicas", to: "<as noted>")
            .removing(JSONPatch.pointer(toAnnotation: annotation))
        return command(
            gateway.deployment, in: gateway.namespace, patch,
            "scale \(gateway.namespace)/\(gateway.deployment) to what it was", by: kubectl)
    }

    private static func command(
        _ name: String, in namespace: String, _ patch: JSONPatch, _ purpose: String,
        by kubectl: Kubectl
    ) -> Command {
        kubectl.patch("deployment", name, in: namespace, with: patch, purpose: purpose)
    }
}
