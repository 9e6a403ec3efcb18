import FleetModel

@testable import Takeovers

extension World {
    /// Takes the sidecar out of a Deployment's pods.
    mutating func stripSidecar(of name: String) {
        editPods(of: name) { pod in
            pod[path: ["metadata", "annotations", "sidecar.istio.io/status"]] = nil
            for list in ["containers", "initContainers"] {
                pod[path: ["spec", list]] = .array(
                    pod.spec.items(list).filter { $0["name"] != "istio-proxy" })
            }
        }
    }

    /// Has a Deployment's pods fail their readiness probes.
    mutating func unready(_ name: String) {
        editPods(of: name) { pod in
            pod[path: ["status", "conditions"]] = [["type": "Ready", "status": "False"]]
        }
    }

    private mutating func editPods(of name: String, _ change: (inout JSON) -> Void) {
        for index in cluster.indices
        where cluster[index]["kind"] == "Pod" && cluster[index].name.hasPrefix(name) {
            change(&cluster[index])
        }
    }
}
