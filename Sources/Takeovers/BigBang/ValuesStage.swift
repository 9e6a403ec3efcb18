import FleetModel

/// The two changes of Big Bang's values, in their order (domain report B.1).
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
