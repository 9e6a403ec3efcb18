import FleetModel

/// A HelmRelease as its controller sees it.
struct FluxRelease: Sendable {
    let object: JSON
    /// The name of the cluster, for what carries it.
    let cluster: String

    var name: String { object.name }
    var key: ObjectKey {
        ObjectKey(FluxKinds.releases, namespace: object.namespace, name: object.name)
    }
    var request: FluxRequest { FluxRequest(object) }
    var chart: HelmChart { HelmChart(of: object) }

    private var spec: JSON { object["spec"] ?? [:] }
    var isSuspended: Bool { spec["suspend"]?.bool ?? false }
    var targetSpace: String { spec["targetNamespace"]?.string ?? object.namespace }

    /// What Helm calls it.
    var releaseName: String {
        if let name = spec["releaseName"]?.string { return name }
        return spec["targetNamespace"]?.string.map { "\($0)-\(name)" } ?? name
    }

    /// Where the chart is fetched from.
    var source: ObjectKey {
        let reference = spec[path: ["chart", "spec", "sourceRef"]]
        return ObjectKey(
            FluxKinds.repositories,
            namespace: reference?["namespace"]?.string ?? object.namespace,
            name: reference?["name"]?.string ?? "")
    }

    var dependencies: [ObjectKey] {
        (spec["dependsOn"]?.array ?? []).map {
            ObjectKey(
                FluxKinds.releases, namespace: $0["namespace"]?.string ?? object.namespace,
                name: $0["name"]?.string ?? "")
        }
    }

    /// What Helm did for it, the latest first.
    var history: [JSON] { object[path: ["status", "history"]]?.array ?? [] }
    var isInstalled: Bool { history.contains { $0["status"]?.string == "deployed" } }
    var number: Int { history.first?["version"]?.int ?? 0 }

    /// What it was last tried with, whatever came of it.
    var attemptedDigest: String? {
        object[path: ["status", "lastAttemptedConfigDigest"]]?.string
    }
    var failures: Int { object.count("status", "failures") }

    /// Whether somebody has changed it, or asks for another look.
    var isAsked: Bool {
        object[path: ["status", "observedGeneration"]]?.int != object.generation || request.isOpen
    }

    /// Whether the same was tried before, so that there is no hurry.
    var isRetry: Bool {
        failures > 0 && !request.isOpen
            && object[path: ["status", "lastAttemptedGeneration"]]?.int == object.generation
    }

    var isStalled: Bool { Condition.find("Stalled", in: object)?["status"]?.string == "True" }
    var isReady: Bool {
        object[path: ["status", "observedGeneration"]]?.int == object.generation
            && Condition.find("Ready", in: object)?["status"]?.string == "True"
    }
}
