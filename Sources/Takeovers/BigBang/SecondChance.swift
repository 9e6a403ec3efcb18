import FleetModel

/// One more try for a release that Flux has given up, and no other after it: what was in the
/// way, such as an API server that was away, may be gone.
struct SecondChance: Sendable {
    private let request: FluxRequest
    private let kubectl: Kubectl

    /// A release gets one for each purpose.
    init(_ purpose: String, _ bigBang: BigBangSituation) {
        request = FluxRequest(token: bigBang.token("again-\(purpose)"), forces: true, resets: true)
        kubectl = bigBang.kubectl
    }

    /// How a release stands, since it got its chance if it did.
    func state(of release: HelmRelease) -> FluxState { request.state(of: release.object) }

    /// Whether Flux has given the release up, and nobody has asked once more.
    func isDue(for release: HelmRelease) -> Bool {
        state(of: release).isGivenUp && !isGiven(to: release)
    }

    /// Whether it was asked for, even where somebody asked for something else since.
    func isGiven(to release: HelmRelease) -> Bool {
        release.object.annotations[FluxRequest.forceAnnotation] == request.token
            || FluxObject(.helmRelease, release.object).hasForced(request.token)
    }

    func command(_ name: String) -> Command {
        request.command(.helmRelease, name, in: BigBangPackages.namespace, kubectl)
    }
}

extension FluxState {
    /// Whether Flux tries no more. Before `v2` only the message of a failure tells.
    fileprivate var isGivenUp: Bool {
        switch self {
        case .stalled: true
        case .failed(let words): words.contains("retries exhausted")
        default: false
        }
    }
}
