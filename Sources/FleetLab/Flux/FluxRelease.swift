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
    /// What the chart is called where the lab has none of its name.
    var chartName: String {
        let recorded = history.first?["chartName"]?.string
        return chart == .other ? recorded ?? name : chart.rawValue
    }

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
        let reference = sourceReference
        return ObjectKey(
            FluxKinds.sources[sourceKind] ?? FluxKinds.repositories,
            namespace: reference?["namespace"]?.string ?? object.namespace,
            name: reference?["name"]?.string ?? "")
    }

    var sourceKind: String { sourceReference?["kind"]?.string ?? "GitRepository" }

    private var sourceReference: JSON? {
        spec["chartRef"] ?? spec[path: ["chart", "spec", "sourceRef"]]
    }

    /// The chart's version that a source brings.
    ///
    /// A package's source may say Big Bang's version instead of the chart's, as the lab's own do.
    func chartVersion(from source: JSON) -> String {
        let said = [
            spec[path: ["chart", "spec", "version"]], source[path: ["spec", "ref", "tag"]],
        ]
        let version =
            said.compactMap { $0?.string }.first { $0.first?.isNumber == true }
            ?? history.first?["chartVersion"]?.string ?? ""
        let isChartsOwn = [.bigBang, .other].contains(chart) || version.contains("-bb.")
        return isChartsOwn ? version : chart.version(in: version)
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
