import FleetModel

/// One installation on its way out; takes one step at most.
///
/// A control plane goes only after its operator has pruned it, and the operator
/// refuses while proxies are connected; so its namespace goes last.
struct GlooRemoval {
    let installation: GlooInstallation
    let status: JSON?
    /// Nil when there is no longer a status to report to.
    let management: ClusterStore?

    private var going: String { "UNINSTALLING_\(installation.kind.noun)" }
    private var gone: String { "UNINSTALLED_\(installation.kind.noun)" }

    func step(_ scene: inout Scene) {
        let state = status?["state"]?.string ?? "PENDING"
        let wait = "\(installation.kind)/\(installation.manager)/\(installation.revision)/\(state)"
        let isOver = scene.waits.isOver(wait, after: scene.pace.glooState)
        switch state {
        case going:
            let obstacle = takeAway(&scene)
            if let obstacle { return report(going, obstacle.isEmpty ? nil : obstacle) }
            if isOver { report(gone, nil) }
        case gone:
            if isOver { write(nil) }
        default: report(going, nil)
        }
    }

    /// - Returns: what is still in the way, as far as anything tells; `nil` when all is gone.
    @discardableResult
    func takeAway(_ scene: inout Scene) -> String? {
        removeTag(&scene)
        guard let resource = find(&scene) else {
            removeNamespace(&scene)
            return nil
        }
        let key = ObjectKey(
            IstioOperatorResource.resource, namespace: resource.namespace, name: resource.name)
        if !resource.isTerminating { scene.delete(key) }
        if scene.store.get(key) == nil {
            removeNamespace(&scene)
            return nil
        }
        return resource[path: ["status", "message"]]?.string ?? ""
    }

    private func find(_ scene: inout Scene) -> JSON? {
        scene.list(IstioOperatorResource.resource).first { resource in
            resource.labels[GlooInstallation.managerLabel] == installation.manager
                && resource.labels[GlooInstallation.kindLabel]
                    == installation.kind.noun.lowercased()
                && resource[path: ["spec", "revision"]]?.string == installation.revision
        }
    }

    private func removeTag(_ scene: inout Scene) {
        guard installation.kind == .controlPlane else { return }
        let resource = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
        let key = ObjectKey(resource, name: "istio-revision-tag-default")
        guard scene.store.get(key)?.labels["istio.io/rev"] == installation.revision else { return }
        scene.delete(key)
    }

    private func removeNamespace(_ scene: inout Scene) {
        let key = ObjectKey("namespaces", name: installation.operatorSpace)
        guard installation.kind == .controlPlane, let space = scene.store.get(key),
            !space.isTerminating
        else { return }
        scene.delete(key)
    }

    private func report(_ state: String, _ message: String?) {
        var report = status ?? [:]
        report["state"] = .string(state)
        report["message"] = message.map(JSON.string)
        write(report)
    }

    private func write(_ report: JSON?) {
        guard let management else { return }
        GlooStatus.write(report, of: installation, in: management)
    }
}
