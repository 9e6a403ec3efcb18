import FleetModel

/// One installation on its way; takes one step at most.
struct GlooWalk {
    let installation: GlooInstallation
    /// What was reported last; `nil` when it was never seen.
    let status: JSON?
    let management: ClusterStore

    private var state: String? { status.map { $0["state"]?.string ?? "PENDING" } }
    private var noun: String { installation.kind.noun }

    /// How long pods may take before an installation counts as unhealthy.
    private static let patience: Int64 = 180_000
    private static let tagKey = ObjectKey(
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        name: "istio-revision-tag-default")

    func step(_ scene: inout Scene) {
        switch state {
        case nil:
            guard isOver(scene.pace.observation, &scene) else { return }
            report("PENDING")
        case "PENDING", "INSTALL_PENDING": begin(&scene)
        case "NO_CONTROL_PLANE_AVAILABLE":
            if hasControlPlane(scene) { report("PENDING") }
        case "INSTALLING_CONTROLLER": installControlPlane(&scene)
        case "INSTALLING_\(noun)", "UPDATING_\(noun)": awaitPods(&scene)
        default: stay(&scene)
        }
    }

    // MARK: - On the way

    private func begin(_ scene: inout Scene) {
        guard isOver(scene.pace.glooState, &scene) else { return }
        guard installation.kind == .gateways else {
            ensureNamespaces([installation.operatorSpace], &scene)
            for object in installation.operatorObjects { create(object, &scene) }
            return report("INSTALLING_CONTROLLER")
        }
        guard hasControlPlane(scene) else { return report("NO_CONTROL_PLANE_AVAILABLE") }
        ensureNamespaces(installation.gateways.map(\.space), &scene)
        applyResource(&scene)
        report("INSTALLING_GATEWAY")
    }

    private func installControlPlane(_ scene: inout Scene) {
        guard isOver(scene.pace.glooState, &scene) else { return }
        let name = installation.operatorName
        if fault(scene) == "CONTROLLER_INSTALL_FAILED" {
            return report(
                "CONTROLLER_INSTALL_FAILED", "istio operator deployment \(name) is not ready")
        }
        guard isAvailable(name, in: installation.operatorSpace, scene) else { return }
        ensureNamespaces([IstioRevision.space], &scene)
        applyResource(&scene)
        report("INSTALLING_CONTROL_PLANE")
    }

    private func awaitPods(_ scene: inout Scene) {
        guard isOver(scene.pace.glooState, &scene) else { return }
        if let fault = fault(scene) { return report(fault, "failed by the lab") }
        guard let absent = absent(scene) else { return report("HEALTHY") }
        guard scene.waits.isOver(wait + "/patience", after: Self.patience) else { return }
        report("UNHEALTHY", "deployment \(absent) is not ready")
    }

    // MARK: - Arrived

    private func stay(_ scene: inout Scene) {
        if let fault = fault(scene), fault != state {
            if isOver(scene.pace.glooState, &scene) { report(fault, "failed by the lab") }
            return
        }
        guard fault(scene) == nil else { return }
        if state?.hasSuffix("FAILED") == true {
            if isOver(scene.pace.glooState, &scene) { report("PENDING") }
            return
        }
        if isEdited(scene) { return applyEdit(&scene) }
        settleDefault(&scene)
        let absent = self.absent(scene)
        let expected = absent == nil ? "HEALTHY" : "UNHEALTHY"
        guard state != expected,
            scene.waits.isOver("\(wait)/\(expected)", after: scene.pace.glooState)
        else { return }
        report(expected, absent.map { "deployment \($0) is not ready" })
    }

    private func isEdited(_ scene: Scene) -> Bool {
        let known = scene.store.get(installation.resourceKey)
        return known?["spec"] != installation.customResource["spec"]
    }

    /// Until the edit is noticed the old HEALTHY stands.
    private func applyEdit(_ scene: inout Scene) {
        let edit = "\(wait)/\(Chance.hash(installation.customResource.description))"
        guard scene.waits.isOver(edit, after: scene.pace.glooStaleness) else { return }
        applyResource(&scene)
        let observed = status?["observedOperator"]
        write(installation.report("UPDATING_\(noun)", nil, observed: observed))
    }

    /// Points the tag `default` here, or takes away the one that points here. A foreign
    /// unrevisioned injector is left alone, and so goes on winning.
    private func settleDefault(_ scene: inout Scene) {
        guard installation.kind == .controlPlane, !scene.faults.leavesDefaultTag else { return }
        let tag = scene.store.get(Self.tagKey)
        let isHere = tag?.labels["istio.io/rev"] == installation.revision
        guard isHere != installation.isDefault,
            scene.waits.isOver("\(wait)/default", after: scene.pace.glooStaleness)
        else { return }
        guard installation.isDefault else { return scene.delete(Self.tagKey) }
        let resource = IstioOperatorResource(
            object: installation.customResource, cluster: installation.cluster)
        let wanted = resource.revision.tag("default")
        guard tag != nil else {
            scene.create(Self.tagKey.resource, wanted)
            return
        }
        scene.update(Self.tagKey) {
            $0["webhooks"] = wanted["webhooks"]
            $0[path: ["metadata", "labels"]] = wanted[path: ["metadata", "labels"]]
        }
    }

    // MARK: - The cluster

    private func hasControlPlane(_ scene: Scene) -> Bool {
        isAvailable(installation.istiodName, in: IstioRevision.space, scene)
    }

    /// A Deployment of this installation that isn't available.
    private func absent(_ scene: Scene) -> String? {
        guard installation.kind == .gateways else {
            return hasControlPlane(scene) ? nil : installation.istiodName
        }
        let gateway = installation.gateways.first {
            !isAvailable(
                IstioRevision.named($0.name, installation.revision), in: $0.space, scene)
        }
        return gateway.map { IstioRevision.named($0.name, installation.revision) }
    }

    private func isAvailable(_ name: String, in space: String, _ scene: Scene) -> Bool {
        let key = ObjectKey("deployments.apps", namespace: space, name: name)
        guard let found = scene.store.get(key) else { return false }
        return found.count("status", "observedGeneration") >= found.generation
            && found.count("status", "updatedReplicas") >= found.count("spec", "replicas")
            && found.count("status", "availableReplicas") >= max(1, found.count("spec", "replicas"))
    }

    private func ensureNamespaces(_ names: [String], _ scene: inout Scene) {
        for name in names where scene.store.get(ObjectKey("namespaces", name: name)) == nil {
            scene.create("namespaces", Manifest.namespace(name))
        }
    }

    private func create(_ object: JSON, _ scene: inout Scene) {
        guard let resource = OwnedKinds.resource(of: object["kind"]?.string) else { return }
        scene.create(resource, object)
    }

    private func applyResource(_ scene: inout Scene) {
        let resource = installation.customResource
        guard scene.store.get(installation.resourceKey) != nil else {
            scene.create(IstioOperatorResource.resource, resource)
            return
        }
        scene.update(installation.resourceKey) { $0["spec"] = resource["spec"] }
    }

    // MARK: - Reports

    private var wait: String {
        "\(installation.kind)/\(installation.manager)/\(installation.revision)/\(state ?? "")"
    }

    private func isOver(_ milliseconds: Int64, _ scene: inout Scene) -> Bool {
        scene.waits.isOver(wait, after: milliseconds)
    }

    private func fault(_ scene: Scene) -> String? {
        installation.kind == .controlPlane ? scene.faults.glooState : nil
    }

    private func report(_ state: String, _ message: String? = nil) {
        write(installation.report(state, message, observed: nil))
    }

    private func write(_ report: JSON) {
        GlooStatus.write(report, of: installation, in: management)
    }
}
