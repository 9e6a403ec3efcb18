import FleetModel

/// Looks whether the cluster is well and ready, before anything is touched.
struct Preflight: StepRecipe {
    static let outline = StepOutline(
        "preflight", title: "see whether the cluster is ready", isBaseline: true)
    let review: any PreflightReview

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let facts = try facts(view)
        let findings = try findings(facts, view)
        let blocking = findings.filter { $0.severity == .block }.map(\.description)
        guard blocking.isEmpty else {
            return .failed(Failure(.blocked, blocking.joined(separator: "; ")))
        }
        return .done(([evidence(facts)] + findings.map(\.description)).joined(separator: "; "))
    }

    func waived(_ view: ClusterView) throws(Pause) -> [WaivedFinding] {
        cluster.waivers(of: try found(facts(view), view))
    }

    /// The same look, for whoever wants every finding apart.
    func answer(_ view: ClusterView) -> PreflightAnswer {
        do throws(Pause) {
            return .findings(try findings(facts(view), view))
        } catch {
            return switch error {
            case .needs(let readings): .needs(readings)
            case .unclear(let words): .unclear(words)
            case .failed(let failure), .remediable(let failure, _): .failed(failure)
            }
        }
    }

    private var readings: [Reading] {
        PreflightFacts.readings(review.move, access: review.access) + review.readings
            + (analysis?.readings ?? [])
    }

    private var analysis: ConfigurationAnalysis? {
        ConfigurationAnalysis(review.move, isOurTool: review.hasIstioctl)
    }

    private func facts(_ view: ClusterView) throws(Pause) -> PreflightFacts {
        try view.require(readings)
        return try PreflightFacts(view, review.move, access: review.access)
    }

    private func findings(
        _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        try found(facts, view).map { $0.waived(by: cluster) }
    }

    private var cluster: Cluster { review.move.situation.cluster }

    /// What is so, whoever has answered for it.
    private func found(
        _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        if let unclear = facts.queue.unclear.first {
            throw .unclear("\(unclear.owner) was not found, though it has pods")
        }
        let findings = try review.findings(facts, view)
        let errors = try analysis?.findings(view) { review.expects($0, facts) } ?? []
        return findings + errors
    }

    private func evidence(_ facts: PreflightFacts) -> String {
        let planes = ControlPlane.all(in: facts.deployments).map {
            "\($0.revision) \($0.version ?? "by digest")"
        }
        let restarts = facts.queue.waiting.count
        let pace = RestartPace([], settle: review.move.settings.settle)
        let time = restarts == 0 ? "" : ", about \(pace.time(for: restarts))"
        return "Kubernetes \(facts.serverVersion ?? ""); istiod \(planes.summary); "
            + "\(facts.workloads.inMesh.count) workloads in the mesh, "
            + "\(restarts) to restart\(time); trust domain \(facts.trustDomain ?? "unknown")"
    }

    var preview: StepPreview {
        StepPreview(
            reads: readings + [
                InjectionProbe(namespace: "<namespace>").reading(review.move.kubectl)
            ]
                + TrafficProbes(review.move).previewed,
            proof: "no blocking finding of the checks "
                + review.checks.map(\.number).joined(separator: ", "))
    }
}
