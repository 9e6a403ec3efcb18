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
    static let forceAnnotation = "reconcile.fluxcd.io/forceAt"

    func command(
        _ kind: FluxObject.Kind, _ name: String, in namespace: String, _ kubectl: Kubectl
    ) -> Command {
        var annotations = ["\(Self.annotation)=\(token)"]
        if forces { annotations.append("\(Self.forceAnnotation)=\(token)") }
        if resets { annotations.append("reconcile.fluxcd.io/resetAt=\(token)") }
        return kubectl.change(
            ["-n", namespace, "annotate", "--overwrite", "\(kind.resource)/\(name)"] + annotations,
            purpose: "\(forces ? "force" : "reconcile") \(kind.rawValue) \(name)")
    }

    func command(of object: FluxObject, _ kubectl: Kubectl) -> Command {
        command(object.kind, object.object.name, in: object.object.namespace, kubectl)
    }

    /// Whether it was made of an object, handled or not.
    func isMade(of object: JSON) -> Bool { object.annotations[Self.annotation] == token }

    /// How an object stands since it was made; as it is, where it was not.
    ///
    /// Flux takes `Stalled` off when it begins with a reset: until then it is of before.
    func state(of object: JSON) -> FluxState {
        guard isMade(of: object) else { return FluxState(of: object) }
        let state = FluxState(of: object, token: token)
        let isHandled = object.status["lastHandledReconcileAt"]?.string == token
        guard resets, !isHandled, case .stalled = state else { return state }
        return .waiting("the request has not been handled yet")
    }
}

extension FluxObject.Kind {
    /// The resource as kubectl takes it, with its group.
    var resource: String {
        switch self {
        case .helmRelease: "helmreleases.helm.toolkit.fluxcd.io"
        case .kustomization: "kustomizations.kustomize.toolkit.fluxcd.io"
        case .gitRepository: "gitrepositories.source.toolkit.fluxcd.io"
        case .helmRepository: "helmrepositories.source.toolkit.fluxcd.io"
        case .ociRepository: "ocirepositories.source.toolkit.fluxcd.io"
        case .helmChart: "helmcharts.source.toolkit.fluxcd.io"
        }
    }
}
