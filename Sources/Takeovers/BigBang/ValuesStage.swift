import FleetModel

/// The two changes of Big Bang's values, in their order.
enum ValuesStage: String, Hashable, Sendable, CaseIterable {
    /// The old mesh off, the new control plane on; the operator stays to clean up.
    case one = "step-1"
    /// The operator off, the gateways on.
    case two = "step-2"

    /// The values to lay over all others.
    func values(_ variant: BigBangVariant) -> JSON {
        var values: JSON = [
            "istioOperator": Self.flag(self == .one), "istio": Self.flag(false),
            "istioGateway": Self.flag(self == .two),
        ]
        for package in variant.controlPlaneValues { values[package] = Self.flag(true) }
        return values
    }

    /// The values to lay over all others in one cluster.
    ///
    /// Where 2.54 takes charts from a Helm repository, it looks for the gateways' by a name that
    /// nothing is published under.
    func values(for packages: BigBangPackages) -> JSON {
        var values = values(packages.variant)
        if packages.comesFromHelmRepository, packages.isMinor("2.54") {
            values[path: ["istioGateway", "helmRepo", "chartName"]] = "gateway"
        }
        return values
    }

    /// Those that hold from this stage on, whatever comes later.
    func lastingValues(_ variant: BigBangVariant) -> JSON {
        var values = values(variant)
        if self == .one { (values["istioOperator"], values["istioGateway"]) = (nil, nil) }
        return values
    }

    /// The values that this stage changes, as they were.
    func valuesBefore(_ variant: BigBangVariant) -> JSON {
        guard self == .one else { return ValuesStage.one.values(variant) }
        var values: JSON = [
            "istioOperator": Self.flag(true), "istio": Self.flag(true),
            "istioGateway": Self.flag(false),
        ]
        for package in variant.controlPlaneValues { values[package] = Self.flag(false) }
        return values
    }

    private static func flag(_ isOn: Bool) -> JSON { ["enabled": .bool(isOn)] }

    func isReached(_ packages: BigBangPackages) -> Bool {
        self == .one ? packages.isPastStepOne : packages.isPastStepTwo
    }
}

extension BigBangPackages {
    /// Whether any of its packages takes its chart from a Helm repository, not from git.
    var comesFromHelmRepository: Bool {
        all.contains { release in
            release.name != parent.name
                && release.object.spec[path: ["chart", "spec", "sourceRef", "kind"]]?.string
                    == "HelmRepository"
        }
    }

    func isMinor(_ minor: String) -> Bool {
        (parent.deployed ?? parent.latest)?.chartVersion.hasPrefix("\(minor).") ?? false
    }
}
