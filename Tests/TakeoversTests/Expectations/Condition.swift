import FleetModel

@testable import Takeovers

/// A check of a runbook in terms of our readers.
struct Condition: Sendable {
    let holds: @Sendable (Stage) -> Bool

    init(_ holds: @escaping @Sendable (Stage) -> Bool) { self.holds = holds }
}

// MARK: - Objects that come and go

extension Condition {
    static func gone(_ kind: String, _ name: String, in namespace: String = "") -> Condition {
        Condition { $0.object(kind, name, in: namespace) == nil }
    }

    static func goingOrGone(_ kind: String, _ name: String, in namespace: String) -> Condition {
        Condition { $0.object(kind, name, in: namespace)?.isTerminating ?? true }
    }

    static func staying(_ kind: String, _ name: String, in namespace: String) -> Condition {
        Condition { stage in
            stage.object(kind, name, in: namespace).map { !$0.isTerminating } ?? false
        }
    }

    static func activeNamespace(_ name: String) -> Condition {
        Condition { stage in
            stage.object("Namespace", name).map { MeshNamespace($0).isActive } ?? false
        }
    }
}

// MARK: - Workloads and gateways

extension Condition {
    static func rolledOut(_ name: String, in namespace: String) -> Condition {
        Condition { stage in
            let deployment = stage.object("Deployment", name, in: namespace)
            return deployment.map { Rollout(of: $0, kind: "Deployment") } == .done
        }
    }

    /// An istiod that is rolled out and runs a version.
    static func istiod(_ name: String, runs version: String) -> Condition {
        Condition { stage in
            let deployment = stage.object("Deployment", name, in: "istio-system")
            guard let plane = deployment.flatMap(ControlPlane.init) else { return false }
            return plane.rollout == .done && plane.version == version
        }
    }

    /// A gateway that an operator renders, rolled out with a version.
    static func gateway(_ name: String, in namespace: String, runs version: String) -> Condition {
        Condition { stage in
            guard let deployment = stage.object("Deployment", name, in: namespace) else {
                return false
            }
            return Rollout(of: deployment, kind: "Deployment") == .done
                && Proxy(of: deployment.template)?.version == version
        }
    }

    static func address(of name: String, in namespace: String) -> Condition {
        Condition { $0.object("Service", name, in: namespace)?.loadBalancerAddress != nil }
    }

    /// Whether a Service leads to the pods of a Deployment.
    static func service(_ name: String, leadsTo deployment: String) -> Condition {
        Condition { stage in
            let selector = stage.object("Service", name, in: "istio-system")?.spec["selector"]
            let template = stage.object("Deployment", deployment, in: "istio-system")?.template
            guard let selector, let template else { return false }
            return Selector(matchLabels: selector.strings).matches(template.labels)
        }
    }

    static func pinned(_ name: String, in namespace: String, to revision: String) -> Condition {
        Condition { stage in
            let gateways = MeshGateway.all(
                services: stage.all("Service", in: namespace), pods: stage.pods,
                endpoints: Endpoints(slices: []))
            let gateway = gateways.first { $0.service.name == name }
            return gateway?.pin == revision && gateway?.address != nil
        }
    }

    static let noOrphans = Condition { stage in
        MeshGateway.orphans(services: stage.all("Service"), pods: stage.pods).isEmpty
    }
}

// MARK: - Proxies and injectors

extension Condition {
    static func allProxies(in namespace: String, are revision: Revision) -> Condition {
        Condition { stage in
            let proxies = stage.proxies(in: namespace)
            return !proxies.isEmpty && proxies.allSatisfy { $0.proxy.revision == revision }
        }
    }

    static func allProxies(in namespace: String, run version: String) -> Condition {
        Condition { stage in
            let proxies = stage.proxies(in: namespace)
            return !proxies.isEmpty && proxies.allSatisfy { $0.proxy.version == version }
        }
    }

    static func noProxy(of revision: Revision, outside doomed: [String] = []) -> Condition {
        Condition { stage in
            !stage.proxies().contains {
                $0.proxy.revision == revision && !doomed.contains($0.namespace)
            }
        }
    }

    static func noProxy(running version: String) -> Condition {
        Condition { !$0.proxies().contains { $0.proxy.version == version } }
    }

    static func noControlPlane(of revision: Revision) -> Condition {
        Condition { stage in
            !ControlPlane.all(in: stage.all("Deployment")).contains { $0.revision == revision }
        }
    }

    static func injector(_ name: String) -> Condition {
        Condition { stage in
            let configuration = stage.injection.configurations.first { $0.name == name }
            return configuration?.hasCertificates ?? false
        }
    }
}

// MARK: - Flux and Gloo

extension Condition {
    static func ready(_ release: String) -> Condition {
        Condition { stage in
            let object = stage.object("HelmRelease", release, in: "bigbang")
            return object.map { HelmRelease($0).state } == .ready
        }
    }

    static let allReleasesReady = Condition { stage in
        stage.all("HelmRelease", in: "bigbang").allSatisfy { HelmRelease($0).state == .ready }
    }

    /// Whether a lifecycle manager lists the cluster for the revision.
    static func entry(_ kind: LifecycleManager.Kind, _ name: String) -> Condition {
        Condition { stage in
            guard let manager = stage.manager(kind, name),
                let installation = manager.installation(of: "1-15")
            else { return false }
            return manager.entry(of: "cluster-1", in: installation) != nil
        }
    }

    static func healthy(_ kind: LifecycleManager.Kind, _ name: String) -> Condition {
        Condition { stage in
            stage.manager(kind, name)?
                .state(of: "cluster-1", revision: "1-15", tag: "1.15.3-solo") == .healthy
        }
    }

    /// Whether the manager was told that the revision is the cluster's default.
    static let defaultIsAskedFor = Condition { stage in
        guard let manager = stage.manager(.controlPlane, "istiod-control-plane"),
            let installation = manager.installation(of: "1-15"),
            let entry = manager.entry(of: "cluster-1", in: installation)
        else { return false }
        let clusters = manager.installations[installation].items("clusters")
        return clusters[entry]["defaultRevision"]?.bool == true
    }
}
