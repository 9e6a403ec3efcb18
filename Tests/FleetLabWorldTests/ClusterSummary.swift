import FleetModel

@testable import FleetLab

/// What a checkpoint of the takeover is compared by.
struct ClusterSummary {
    let store: ClusterStore

    /// Living proxies by revision and version, as `default 1.14.5`.
    var proxies: [String: Int] {
        store.list("pods").filter { !$0.isFinished && !$0.isTerminating }
            .compactMap(ProxyReader.init).reduce(into: [:]) { counts, proxy in
                counts["\(proxy.revision ?? "?") \(proxy.version ?? "?")", default: 0] += 1
            }
    }

    var istiods: [String] {
        store.list("deployments.apps").map(\.name).filter { $0.hasPrefix("istiod") }
    }

    /// Webhook configurations whose Service is gone.
    var dangling: [String] {
        let services = Set(store.list("services").map { "\($0.namespace)/\($0.name)" })
        return configurations.filter { configuration in
            (configuration["webhooks"]?.array ?? []).contains { hook in
                let service = hook[path: ["clientConfig", "service"]]
                let name =
                    "\(service?["namespace"]?.string ?? "")/\(service?["name"]?.string ?? "")"
                return !services.contains(name)
            }
        }.map(\.name)
    }

    private var configurations: [JSON] {
        ["mutating", "validating"].flatMap {
            store.list("\($0)webhookconfigurations.admissionregistration.k8s.io")
        }
    }

    /// The mutating configurations that select a pod without labels, in the order of calls.
    func injectors(ofNamespace name: String) -> [String] {
        let labels = store.get(ObjectKey("namespaces", name: name))?.labels ?? [:]
        return store.list("mutatingwebhookconfigurations.admissionregistration.k8s.io")
            .filter { configuration in
                (configuration["webhooks"]?.array ?? []).contains {
                    WebhookCall(webhook: $0, store: store)
                        .selects(namespaceLabels: labels, objectLabels: [:])
                }
            }.map(\.name)
    }

    /// Services with an address, as `istio-gateways/istio-ingressgateway`.
    var addressed: [String] {
        store.list("services").filter {
            $0[path: ["status", "loadBalancer", "ingress"]]?[0]?["ip"] != nil
        }.map { "\($0.namespace)/\($0.name)" }
    }

    var namespaces: [String] { store.list("namespaces").map(\.name) }

    /// The revision that would inject a new pod there now; nil when none would.
    func probe(_ space: String, labels: [String: String] = [:]) throws -> String? {
        var pod = Manifest.make(
            "v1", "Pod", "istio-revision-probe", in: space,
            labels: labels.merging(["app": "istio-revision-probe"]) { $1 },
            ["spec": ["containers": [["name": "probe", "image": "registry.k8s.io/pause:3.9"]]]])
        pod = try store.create("pods", pod, dryRun: true)
        return ProxyReader(pod)?.revision
    }
}
