import FleetModel

@testable import Takeovers

/// Answers and does what istioctl 1.24 and later would, as far as the revision runbook goes.
extension World {
    /// The cluster of ``revision(_:)`` as it would be if the old control plane had no revision,
    /// and no tag `default`: namespaces ask for the default.
    static func unrevisioned(_ stage: String = "00") throws -> World {
        var world = try World.revision(stage)
        let old = "1-24-3"
        world.cluster = world.cluster.map { object in
            let text = ["istiod", "istio-sidecar-injector", "istio"].reduce(object.description) {
                $0.replacing("\($1)-\(old)", with: $1)
            }
            return JSON(parsing: text.replacing(old, with: "default")) ?? object
        }
        let tag = world.object("MutatingWebhookConfiguration", "istio-revision-tag-default")
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector") {
            $0["webhooks"] = tag?["webhooks"]
        }
        world.remove("MutatingWebhookConfiguration", "istio-revision-tag-default")
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "labels"]] = ["istio-injection": "enabled"]
        }
        world.releases["istio-system/istiod-1-24-3"] = nil
        world.releases["istio-system/istiod"] = HelmWorld(chart: "istiod-1.24.3")
        return world
    }

    /// The default validator, which calls a revision's istiod.
    mutating func addDefaultValidator(of revision: Revision) {
        cluster.append([
            "kind": "ValidatingWebhookConfiguration",
            "metadata": [
                "name": "istiod-default-validator", "resourceVersion": "1",
                "labels": ["app": "istiod", "istio.io/rev": .string(revision.rawValue)],
            ],
            "webhooks": [
                [
                    "name": "validation.istio.io", "failurePolicy": "Fail",
                    "clientConfig": [
                        "caBundle": "eA==",
                        "service": [
                            "name": .string(revision.named("istiod")),
                            "namespace": "istio-system",
                        ],
                    ],
                ]
            ],
        ])
    }

    func askIstioctl(_ argv: [String]) -> ReadResult {
        if argv.contains("version") {
            let text = #"{"clientVersion":{"version":"\#(istioctlVersion)"}}"#
            return .found(ToolReport(exit: 0, stdout: text).json)
        }
        if let answer = istioctlAnswers.first(where: { argv.contains($0.key) })?.value {
            return .found(answer.json)
        }
        return argv.contains("uninstall") ? .found(dryRun(of: argv.revision).json) : .absent
    }

    private func dryRun(of revision: String) -> ToolReport {
        let isKnown = cluster.contains {
            $0["kind"] == "MutatingWebhookConfiguration" && $0.labels["istio.io/rev"] == revision
        }
        guard isKnown else {
            return ToolReport(exit: 1, stderr: "Error: could not find target revision")
        }
        let names = doomed(by: revision).map { object in
            "Not pruning object x/v1, Kind=\(object["kind"]?.string ?? "")/\(object.name)."
                + "\(object.namespace) because of dry run."
        }
        return ToolReport(
            exit: 0, stdout: (dryRunWarnings + names).joined(separator: "\n"),
            stderr: "✔ Uninstall complete")
    }

    private func doomed(by revision: String) -> [JSON] {
        cluster.filter {
            $0.labels["istio.io/rev"] == revision && $0["kind"] != "Pod"
                && ["Pilot", "Cni", "IngressGateways"].contains(
                    $0.labels["operator.istio.io/component"] ?? "")
        }
    }

    mutating func runIstioctl(_ command: Command) {
        if command.argv.contains("install") {
            install()
            for name in ["istio-1-25-2", "istio-sidecar-injector-1-25-2"]
            where object("ConfigMap", name, in: "istio-system") == nil {
                cluster.append([
                    "kind": "ConfigMap",
                    "metadata": ["name": .string(name), "namespace": "istio-system"],
                ])
            }
        }
        if command.argv.contains("uninstall") {
            let places = Set(doomed(by: command.argv.revision).map(\.description))
            cluster.removeAll { object in
                places.contains(object.description)
                    || object["kind"] == "Pod" && object.labels["app"] == "istiod"
                        && object.labels["istio.io/rev"] == command.argv.revision
            }
        }
    }
}

extension [String] {
    fileprivate var revision: String {
        firstIndex(of: "--revision").map { self[$0 + 1] } ?? ""
    }
}
