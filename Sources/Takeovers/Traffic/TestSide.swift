import FleetModel

/// One side of the test traffic: a namespace whose pods get their sidecars of one revision.
struct TestSide: Hashable, Sendable {
    let namespace: String
    let labels: [String: String]

    /// Where the test server answers, within the cluster.
    var url: String { "http://petstore.\(namespace):8080/" }
}

extension Move {
    /// `istio-injection` would win over the revision's label, so it is not set.
    var newSide: TestSide {
        TestSide(
            namespace: settings.testNamespace, labels: [IstioLabel.revision: revision.rawValue])
    }

    /// An unnamed revision answers to the plain label only.
    var oldSide: TestSide {
        TestSide(
            namespace: settings.testNamespace + "-old",
            labels: old == .unnamed
                ? [IstioLabel.injection: "enabled"] : [IstioLabel.revision: old.rawValue])
    }

    /// Whether it is a remainder of the test traffic of a run that died, which the next one
    /// removes. Somebody else's namespace of that name is found out by the test itself.
    func isTestTraffic(_ namespace: MeshNamespace) -> Bool {
        settings.testsTraffic && namespace.name == oldSide.namespace
    }

    func isTestTraffic(_ owner: OwnerReference) -> Bool {
        guard settings.testsTraffic else { return false }
        if owner.namespace == oldSide.namespace { return true }
        return owner.kind == "Pod" && owner.namespace == newSide.namespace
            && TestCall(rawValue: owner.name) != nil
    }
}
