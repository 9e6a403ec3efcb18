import FleetModel

@testable import Takeovers

extension Takeover {
    /// The takeover that the stages of the canary upgrade show.
    static func revision(
        parameters: [String: JSON] = [:], manifests: [String: String] = [:],
        old: Revision = "1-24-3"
    ) -> Takeover {
        let charts: JSON = ["base": "istio/base", "istiod": "istio/istiod"]
        return Takeover(
            name: "istio-1-25", runbook: "revision", revision: "1-25-2", version: "1.25.2",
            oldRevision: old, parameters: ["charts": charts].merging(parameters) { $1 },
            manifests: manifests)
    }
}

extension Takeover {
    /// The same by istioctl.
    static func istioctl(
        spec: JSON = ["profile": "minimal"], parameters: [String: JSON] = [:],
        old: Revision = "1-24-3"
    ) -> Takeover {
        let profile: JSON = [
            "apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator", "spec": spec,
        ]
        var takeover = Takeover.revision(
            parameters: ["install": "istioctl"].merging(parameters) { $1 },
            manifests: ["profile": profile.description], old: old)
        takeover.parameters["charts"] = nil
        return takeover
    }
}

extension Situation {
    static func revision(_ takeover: Takeover = .revision(), epoch: Int = 1) -> Situation {
        Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "7F3K",
            epoch: epoch)
    }
}

extension RevisionRunbook {
    /// One step by phase and name.
    static func step(
        _ name: String, of phase: String, in situation: Situation = .revision()
    ) throws -> Step {
        let step = steps(of: phase, in: situation).first { $0.outline.name == name }
        guard let step else { throw Fixture.Missing(name: "\(phase)/\(name)") }
        return step
    }
}
