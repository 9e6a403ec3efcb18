import FleetModel

/// Asks Flux to look at an object now, by annotations, as `flux reconcile` does.
///
/// A token is any text that was not used before; Flux repeats it in the status once it
/// has handled the request.
struct FluxRequest: Hashable, Sendable {
    let token: String
    /// Whether a HelmRelease is to be upgraded although nothing has changed.
    var forces = false
    /// Whether its counts of failures are to be set back.
    var resets = false

    static let annotation = "reconcile.fluxcd.io/requestedAt"

    func command(
        _ kind: FluxObject.Kind, _ name: String, in namespace: String, _ kubectl: Kubectl
    ) -> Command {
        var annotations = ["\(Self.annotation)=\(token)"]
        if forces { annotations.append("reconcile.fluxcd.io/forceAt=\(token)") }
        if resets { annotations.append("reconcile.fluxcd.io/resetAt=\(token)") }
        return kubectl.change(
            ["-n", namespace, "annotate", "--overwrite", "\(kind.resource)/\(name)"] + annotations,
            purpose: "\(forces ? "force" : "reconcile") \(kind.rawValue) \(name)")
    }

    /// Whether it was made of an object, handled or not.
    func isMade(of object: JSON) -> Bool { object.annotations[Self.annotation] == token }
}

extension FluxObject.Kind {
    /// The resource as kubectl takes it, with its group.
    var resource: String {
        switch self {
        case .helmRelease: "helmreleases.helm.toolkit.fluxcd.io"
        case .kustomization: "kustomizations.kustomize.toolkit.fluxcd.io"
        case .gitRepository: "gitrepositories.source.toolkit.fluxcd.io"
        }
    }
}
