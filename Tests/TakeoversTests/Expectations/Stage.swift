import FleetModel

@testable import Takeovers

/// A cluster at one stage, as the conditions ask for its objects.
struct Stage {
    let objects: [JSON]

    init(_ path: String) throws { objects = try Scenarios.stage(path) }

    func object(_ kind: String, _ name: String, in namespace: String = "") -> JSON? {
        objects.first { $0.isCalled(kind, name, namespace) }
    }

    func all(_ kind: String, in namespace: String? = nil) -> [JSON] {
        objects.of(kind).filter { namespace == nil || $0.namespace == namespace }
    }

    var pods: [Pod] { all("Pod").map(Pod.init) }

    var injection: Injection { Injection(configurations: all("MutatingWebhookConfiguration")) }

    /// The proxies of pods that live, with the namespaces they are in.
    func proxies(in namespace: String? = nil) -> [(namespace: String, proxy: Proxy)] {
        all("Pod", in: namespace).map(Pod.init).filter(\.isAlive).compactMap { pod in
            pod.proxy.map { (pod.namespace, $0) }
        }
    }

    func manager(_ kind: LifecycleManager.Kind, _ name: String) -> LifecycleManager? {
        object(kind.rawValue, name, in: "gloo-mesh").map {
            LifecycleManager(kind: kind, object: $0)
        }
    }
}
