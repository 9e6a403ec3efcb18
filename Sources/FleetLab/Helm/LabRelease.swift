import FleetModel

/// A release as helm would have left it: its objects, and the Secret by which helm knows them.
struct LabRelease: Sendable {
    let name: String
    let space: String
    let chart: LabChart
    let version: String
    /// What it was installed with, by path: `global.tag`.
    var values: [String: String] = [:]

    /// The objects, with the marks by which helm tells its own.
    var objects: [JSON] {
        rendered.map { object in
            var object = object
            let labels = object.labels.merging(["app.kubernetes.io/managed-by": "Helm"]) { $1 }
            let annotations = object.annotations.merging([
                "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": space,
            ]) { $1 }
            object[path: ["metadata", "labels"]] = JSON(labels)
            object[path: ["metadata", "annotations"]] = JSON(annotations)
            return object
        }
    }

    private var rendered: [JSON] { chart.objects(release: name, in: space, values: values) }

    /// Helm takes a record that is not packed, too: what it wrote itself once upon a time.
    func record(at now: LabTime) -> JSON {
        let release = document(at: now.timestamp).description
        return Manifest.make(
            "v1", "Secret", "sh.helm.release.v1.\(name).v1", in: space,
            labels: ["name": name, "owner": "helm", "status": "deployed", "version": "1"],
            [
                "type": "helm.sh/release.v1",
                "data": ["release": .base64(JSON.base64(release).string ?? "")],
            ])
    }

    private func document(at time: String) -> JSON {
        let manifest = rendered.map {
            "---\n# Source: \(chart.name)/templates/objects.yaml\n\($0)\n"
        }
        var given: JSON = [:]
        for (path, value) in values {
            given[path: path.split(separator: ".").map(String.init)] = .string(value)
        }
        return [
            "name": .string(name), "namespace": .string(space), "version": 1, "config": given,
            "info": [
                "first_deployed": .string(time), "last_deployed": .string(time), "deleted": "",
                "description": "Install complete", "status": "deployed",
            ],
            "chart": [
                "metadata": [
                    "name": .string(chart.name), "version": .string(version),
                    "appVersion": .string(version), "apiVersion": "v2",
                ],
                "templates": [], "values": chart.values,
            ],
            "manifest": .string(manifest.joined()),
        ]
    }
}
