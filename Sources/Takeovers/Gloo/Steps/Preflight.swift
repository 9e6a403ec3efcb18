import FleetModel

/// Looks whether the cluster is well and ready, before anything is touched.
struct Preflight: StepRecipe {
    static let outline = StepOutline(
        "preflight", title: "see whether the cluster is ready", isBaseline: true)
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let facts = try PreflightFacts(view, gloo)
        if let unclear = facts.queue.unclear.first {
            return .unknown("\(unclear.owner) was not found, though it has pods")
        }
        let findings = PreflightChecks(facts: facts, gloo: gloo).findings
        let blocking = findings.filter(\.isBlocking).map(\.description)
        guard blocking.isEmpty else {
            return .failed(Failure(.blocked, blocking.joined(separator: "; ")))
        }
        let notes = findings.map(\.description)
        return .done(([evidence(facts)] + notes).joined(separator: "; "))
    }

    private func evidence(_ facts: PreflightFacts) -> String {
        let planes = ControlPlane.all(in: facts.deployments).map {
            "\($0.revision) \($0.version ?? "by digest")"
        }
        let restarts = facts.queue.waiting.count
        return "Kubernetes \(facts.serverVersion ?? ""); istiod \(planes.summary); "
            + "\(facts.workloads.inMesh.count) workloads in the mesh, \(restarts) to restart; "
            + "trust domain \(facts.trustDomain)"
    }

    var preview: StepPreview {
        StepPreview(
            reads: PreflightFacts.readings(gloo),
            proof: "no blocking finding of the checks P01 to P16, PG1 and PG2")
    }
}
