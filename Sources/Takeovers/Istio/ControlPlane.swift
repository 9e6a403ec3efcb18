import FleetModel

/// An istiod: the Deployment of one revision's control plane.
struct ControlPlane: Hashable, Sendable {
    let deployment: JSON

    /// Reads a Deployment; `nil` when it is no istiod.
    init?(_ deployment: JSON) {
        guard deployment.labels["app"] == "istiod" else { return nil }
        self.deployment = deployment
    }

    var revision: Revision {
        Revision(deployment.labels[IstioLabel.revision] ?? Revision.unnamed.rawValue)
    }

    /// Tag of its image; `nil` when the image is pinned by digest alone.
    var version: String? {
        let containers = deployment.template["spec"]?.items("containers") ?? []
        let discovery = containers.first { $0["name"]?.string == "discovery" } ?? containers.first
        return imageTag(of: discovery?["image"]?.string ?? "")
    }

    var rollout: Rollout { Rollout(of: deployment, kind: "Deployment") }

    /// Whether it runs a version; a digest alone cannot contradict.
    func runs(_ wanted: String) -> Bool {
        guard let version else { return true }
        return version.isTag(of: wanted)
    }

    static func all(in deployments: [JSON]) -> [ControlPlane] {
        deployments.compactMap(ControlPlane.init)
            .sorted { $0.deployment.qualifiedName < $1.deployment.qualifiedName }
    }
}

extension String {
    /// Whether the tag of an image is a version, or a variant of it such as `1.28.0-distroless`.
    func isTag(of version: String) -> Bool { self == version || hasPrefix("\(version)-") }
}
