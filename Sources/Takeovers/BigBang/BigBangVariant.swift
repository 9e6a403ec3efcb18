import FleetModel

/// Which packages a version of Big Bang has for the new Istio.
///
/// Read from the parent release, never assumed: the document that the steps come
/// from describes the oldest shape only.
enum BigBangVariant: Hashable, Sendable {
    /// Before 2.49 there is nothing to go to: 2.48 has other packages for the gateways, and
    /// earlier ones have none. Values that its schema does not know fail the parent release.
    case tooOld
    /// 2.49 and 2.50: one release `istio-core`.
    case core
    /// From 2.51 on: the releases `istio-crds` and `istiod`.
    case crdsAndIstiod
    /// From 3.0 on there is no old Istio left to move from.
    case nothingToDo

    static let nothingToDoWords = "this Big Bang has no operator to move from"

    /// Reads the parent HelmRelease `bigbang`; `nil` while it has deployed nothing, or a
    /// chart whose version is no number.
    init?(parent: HelmRelease) {
        guard let version = parent.deployed?.chartVersion ?? parent.latest?.chartVersion else {
            return nil
        }
        self.init(chartVersion: version)
    }

    init?(chartVersion: String) {
        let numbers = chartVersion.split(separator: ".").prefix(2).map { Int($0) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1], major > 0 else {
            return nil
        }
        switch (major, minor) {
        case (3..., _): self = .nothingToDo
        case (2, 51...): self = .crdsAndIstiod
        case (2, 49...): self = .core
        default: self = .tooOld
        }
    }

    /// The releases that bring the new control plane, in the order they come.
    var controlPlaneReleases: [String] {
        switch self {
        case .core: ["istio-core"]
        case .crdsAndIstiod: ["istio-crds", "istiod"]
        case .tooOld, .nothingToDo: []
        }
    }

    /// What the values call the packages behind those releases.
    var controlPlaneValues: [String] {
        switch self {
        case .core: ["istioCore"]
        case .crdsAndIstiod: ["istioCRDs", "istiod"]
        case .tooOld, .nothingToDo: []
        }
    }
}
