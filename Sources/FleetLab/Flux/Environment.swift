import FleetModel

/// What an environment's repository renders: the values, and the parent release that
/// reads them.
struct Environment: Sendable {
    let values: String
    /// The parent's `spec` where it is not the lab's: it names the values' ConfigMap without what
    /// Kustomize adds to the name.
    var spec: JSON?

    init(values: String, spec: JSON? = nil) { (self.values, self.spec) = (values, spec) }

    /// What is on the branch.
    init(_ content: JSON) {
        values = content["values.yaml"]?.string ?? ""
        spec = content["parent.json"]?.string.flatMap { JSON(parsing: $0) }
    }

    private static let owner = [
        "kustomize.toolkit.fluxcd.io/name": "environment",
        "kustomize.toolkit.fluxcd.io/namespace": FluxKinds.packages,
    ]

    /// Kustomize makes a new name of new content, so that the parent changes with it.
    private var mapName: String { "\(Self.plainName)-\(Chance.letters(10, of: values))" }
    static let plainName = "environment"

    func apply(_ scene: inout Scene) {
        let maps = scene.list("configmaps").filter {
            $0.namespace == FluxKinds.packages && $0.labels == Self.owner
        }
        if !maps.contains(where: { $0.name == mapName }) { scene.create("configmaps", valuesMap) }
        let key = ObjectKey(FluxKinds.releases, namespace: FluxKinds.packages, name: "bigbang")
        if scene.store.get(key) == nil {
            scene.create(FluxKinds.releases, parent)
        } else {
            scene.update(key) { $0["spec"] = parentSpec }
        }
        for map in maps where map.name != mapName {
            scene.delete(
                ObjectKey("configmaps", namespace: map.namespace, name: map.name))
        }
    }

    var valuesMap: JSON {
        Manifest.make(
            "v1", "ConfigMap", mapName, in: FluxKinds.packages, labels: Self.owner,
            ["data": ["values.yaml": .string(values)]])
    }

    private var parent: JSON {
        Manifest.make(
            "helm.toolkit.fluxcd.io/v2", "HelmRelease", "bigbang", in: FluxKinds.packages,
            labels: Self.owner, ["spec": parentSpec])
    }

    /// The parent's `spec` as it is applied: Kustomize follows the names it has made.
    var parentSpec: JSON {
        var spec = spec ?? Self.labSpec
        spec["valuesFrom"] = .array(
            (spec["valuesFrom"]?.array ?? []).map { source in
                guard source["kind"] == "ConfigMap", source["name"]?.string == Self.plainName
                else { return source }
                var source = source
                source["name"] = .string(mapName)
                return source
            })
        return spec
    }

    private static let labSpec: JSON = [
        "targetNamespace": "bigbang", "releaseName": "bigbang", "interval": "10m",
        "timeout": "10m", "install": ["remediation": ["retries": -1]],
        "upgrade": ["remediation": ["retries": 5]],
        "rollback": ["timeout": "10m", "cleanupOnFail": true],
        "chart": [
            "spec": [
                "chart": "./chart", "interval": "5m",
                "sourceRef": ["kind": "GitRepository", "name": "bigbang"],
            ]
        ],
        "valuesFrom": [
            ["kind": "Secret", "name": "terraform", "optional": true, "valuesKey": "values.yaml"],
            ["kind": "ConfigMap", "name": .string(plainName), "valuesKey": "values.yaml"],
        ],
    ]
}
