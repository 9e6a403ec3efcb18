import FleetModel

/// A HelmRelease of Flux.
struct HelmRelease: Hashable, Sendable {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    var name: String { object.name }
    var state: FluxState { FluxState(of: object) }

    /// The namespace its objects go to.
    var targetNamespace: String { object.spec["targetNamespace"]?.nonEmpty ?? object.namespace }

    /// What Helm calls the release.
    var releaseName: String {
        if let name = object.spec["releaseName"]?.nonEmpty { return name }
        let target = object.spec["targetNamespace"]?.nonEmpty
        return target.map { "\($0)-\(name)" } ?? name
    }

    /// The releases that come before it, as `namespace/name`.
    var dependencies: [String] {
        object.spec.items("dependsOn").compactMap { dependency in
            dependency["name"]?.nonEmpty.map {
                "\(dependency["namespace"]?.nonEmpty ?? object.namespace)/\($0)"
            }
        }
    }

    /// What Helm did last for it, whatever came of it; `nil` before the first time.
    var latest: Snapshot? { object.status.items("history").first.flatMap(Snapshot.init) }

    /// What is deployed: the latest that did not fail and was not replaced.
    var deployed: Snapshot? {
        object.status.items("history").lazy.compactMap(Snapshot.init)
            .first { $0.status == "deployed" }
    }

    /// One revision of the release, as Helm keeps it.
    struct Snapshot: Hashable, Sendable {
        let number: Int
        let chartVersion: String
        let appVersion: String?
        /// Helm's word: `deployed`, `failed`, `superseded`, `uninstalled`.
        let status: String
        let lastDeployed: Timestamp?

        init?(_ snapshot: JSON) {
            guard let number = snapshot["version"]?.int, let status = snapshot["status"]?.nonEmpty
            else { return nil }
            self.number = number
            self.status = status
            chartVersion = snapshot["chartVersion"]?.string ?? ""
            appVersion = snapshot["appVersion"]?.nonEmpty
            lastDeployed = snapshot["lastDeployed"]?.string.flatMap(Timestamp.init(rfc3339:))
        }
    }
}
