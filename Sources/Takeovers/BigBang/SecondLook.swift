import FleetModel

/// Whether Flux has looked at a release twice, and the second time found nothing to do.
///
/// The token of the second request says at which revision of the release it was made, so
/// that the cluster itself tells, whoever asked.
struct SecondLook: Sendable {
    let bigBang: BigBangSituation

    var first: FluxRequest { FluxRequest(token: bigBang.token("first")) }

    enum Progress: Hashable, Sendable {
        case done
        case toAsk(FluxRequest)
        case waiting(String)
        case failed(String)
    }

    func progress(of release: HelmRelease) -> Progress {
        let asked = release.object.annotations[FluxRequest.annotation]
        let words = "HelmRelease \(release.name) is \(release.state)"
        if let asked, asked.hasSuffix(suffix(release)) {
            return standing(of: release, since: asked, words) ?? .done
        }
        guard asked == first.token else { return .toAsk(first) }
        return standing(of: release, since: first.token, words)
            ?? .toAsk(FluxRequest(token: bigBang.token("second") + suffix(release)))
    }

    /// How it stands; `nil` when it is ready.
    private func standing(
        of release: HelmRelease, since token: String, _ words: String
    ) -> Progress? {
        switch FluxState(of: release.object, token: token) {
        case .ready: nil
        case .waiting, .retrying: .waiting(words)
        default: .failed(words)
        }
    }

    private func suffix(_ release: HelmRelease) -> String {
        "-unchanged-since-v\(release.latest?.number ?? 0)"
    }
}
