import FleetModel

/// How Helm brings its manifest into an object that is there already.
///
/// It changes what the manifest says and leaves alone what it doesn't, so labels of a
/// former owner stay where the chart has none of its own.
enum HelmMerge {
    static func apply(_ manifest: JSON, of release: FluxRelease, to object: inout JSON) {
        for (field, value) in (marked(manifest, release).object ?? [:])
        where !["metadata", "status", "apiVersion", "kind"].contains(field) {
            object[field] =
                field == "webhooks"
                ? webhooks(value, object[field])
                : joined(
                    object[field], value)
        }
        let marked = marked(manifest, release)
        object[path: ["metadata", "labels"]] = JSON(object.labels.merging(marked.labels) { $1 })
        object[path: ["metadata", "annotations"]] = JSON(
            object.annotations.merging(marked.annotations) { $1 })
    }

    /// The manifest with the marks by which Helm knows what is its own.
    static func marked(_ manifest: JSON, _ release: FluxRelease) -> JSON {
        var labels = manifest.labels
        labels["app.kubernetes.io/managed-by"] = "Helm"
        var annotations = manifest.annotations
        annotations["meta.helm.sh/release-name"] = release.releaseName
        annotations["meta.helm.sh/release-namespace"] = release.targetSpace
        var object = manifest
        object[path: ["metadata", "labels"]] = JSON(labels)
        object[path: ["metadata", "annotations"]] = JSON(annotations)
        return object
    }

    static func isOwned(_ object: JSON, by release: FluxRelease) -> Bool {
        object.labels["app.kubernetes.io/managed-by"] == "Helm"
            && object.annotations["meta.helm.sh/release-name"] == release.releaseName
    }

    private static func joined(_ lower: JSON?, _ upper: JSON) -> JSON {
        guard case .object(var members)? = lower, case .object(let others) = upper else {
            return upper
        }
        for (key, value) in others { members[key] = joined(members[key], value) }
        return .object(members)
    }

    /// Webhooks are told apart by their names; the certificates in them are istiod's.
    private static func webhooks(_ wanted: JSON, _ known: JSON?) -> JSON {
        let former = known?.array ?? []
        return .array(
            (wanted.array ?? []).map { hook in
                guard let same = former.first(where: { $0["name"] == hook["name"] }) else {
                    return hook
                }
                var hook = hook
                hook["failurePolicy"] = same["failurePolicy"]
                let bundle = ["clientConfig", "caBundle"]
                if let certificate = same[path: bundle] { hook[path: bundle] = certificate }
                return hook
            })
    }
}
