import FleetModel

/// Has Gloo install gateways of the new revision.
struct AddGateway: StepRecipe {
    static let eastWest = StepOutline(
        "add-eastwest-gateway", title: "install the new east-west gateway")
    static let ingress = StepOutline(
        "add-ingress-gateway", title: "install the new ingress gateway")

    let outline: StepOutline
    let gloo: GlooSituation
    let managed: ManagedInstallation

    let patience = Patience(timeout: .minutes(15), poll: .seconds(5))
    let edits = Target.management
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try managed.refuseOtherVersion(view)
        guard let place = try managed.place(view) else {
            return .notDone("\(gloo.registeredName) is not in \(managed.manifest.label)")
        }
        if let trouble = managed.trouble(place, view) { return trouble }
        if let lack = try GatewayHealth(gloo.move).lack(of: gateways, view) {
            return .partial("Gloo says HEALTHY, but \(lack)")
        }
        return .done("Gloo says HEALTHY, and \(managed.manifest.gatewayNames) can be reached")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        [try managed.addition(of: entry, view)]
    }

    private var gateways: [NewGateway] {
        managed.manifest.gateways.map { $0.running(gloo.revision) }
    }

    private var entry: JSON { ["name": .string(gloo.registeredName), "activeGateway": true] }

    var preview: StepPreview {
        StepPreview(
            reads: [managed.reading],
            acts: [
                managed.addition(
                    of: entry, resourceVersion: "<resourceVersion>", position: "<installation>")
            ],
            proof: "\(managed.manifest.label) says HEALTHY for \(gloo.registeredName); "
                + "\(managed.manifest.gatewayNames) is available and has an address",
            compensation: [managed.previewedRemoval])
    }
}

extension LifecycleManifest {
    var gatewayNames: String { gateways.map(\.name).summary }
}
