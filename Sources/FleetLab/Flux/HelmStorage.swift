import FleetModel

/// What Helm remembers of a release: the objects it made, in a Secret of its own.
///
/// The lab keeps a digest of each manifest where Helm keeps the manifests, and the
/// latest revision alone.
struct HelmStorage: Sendable {
    let release: FluxRelease

    private var space: String { release.object.namespace }
    private var prefix: String { "sh.helm.release.v1.\(release.releaseName).v" }

    /// The objects of the deployed revision with the digests of their manifests, in order.
    func inventory(_ store: ClusterStore) -> [(key: ObjectKey, digest: String)] {
        guard let text = secret(store)?[path: ["data", "release"]]?.base64Text else { return [] }
        return (JSON(parsing: text)?.array ?? []).map {
            (
                ObjectKey(
                    $0["resource"]?.string ?? "", namespace: $0["namespace"]?.string ?? "",
                    name: $0["name"]?.string ?? ""), $0["digest"]?.string ?? ""
            )
        }
    }

    func write(
        _ objects: [(key: ObjectKey, digest: String)], number: Int, _ scene: inout Scene
    ) {
        forget(&scene)
        scene.create("secrets", record(of: objects, number: number))
    }

    func record(of objects: [(key: ObjectKey, digest: String)], number: Int) -> JSON {
        let entries = objects.map { entry -> JSON in
            [
                "resource": .string(entry.key.resource), "name": .string(entry.key.name),
                "namespace": .string(entry.key.namespace), "digest": .string(entry.digest),
            ]
        }
        return Manifest.make(
            "v1", "Secret", "\(prefix)\(number)", in: space,
            labels: ["owner": "helm", "name": release.releaseName],
            [
                "type": "helm.sh/release.v1",
                "data": ["release": .base64(JSON.array(entries).description)],
            ])
    }

    func forget(_ scene: inout Scene) {
        guard let name = secret(scene.store)?.name else { return }
        scene.delete(ObjectKey("secrets", namespace: space, name: name))
    }

    private func secret(_ store: ClusterStore) -> JSON? {
        store.list("secrets", namespace: space).first {
            $0.labels["owner"] == "helm" && $0.labels["name"] == release.releaseName
        }
    }
}
