import FleetModel

/// Mistakes in a takeover, its manifests, or in what it wants of the fleet.
extension ConfigurationMistake {
    static func sameRevision(_ revision: String, at place: SourceLocation) -> Self {
        Self(
            "`revision` is the old revision \(revision.quoted) again", at: place,
            hint: "give the new control plane a revision of its own, such as `1-25`")
    }

    static func otherRevision(
        _ revision: String, than old: String, at place: SourceLocation
    ) -> Self {
        Self(
            "`revision` is \(revision.quoted), and the runbook changes \(old.quoted) in its place",
            at: place, hint: "write the same revision twice; the version is what changes")
    }

    static func reservedRevision(_ revision: String, at place: SourceLocation) -> Self {
        Self(
            "`revision` can't be \(revision.quoted), which isn't the name of a control plane",
            at: place, hint: "give the new control plane a revision of its own, such as `1-25`")
    }

    static func noKubernetesObject(lacking key: String, at place: SourceLocation) -> Self {
        Self("the manifest is no Kubernetes object: it has no text in `\(key)`", at: place)
    }

    static func placeholder(_ text: String, at place: SourceLocation) -> Self {
        Self(
            "the placeholder \(text.quoted) was never filled in", at: place,
            hint: "write the value itself: manifests go through no shell")
    }

    static func unknownManifestRole(
        _ role: String, of runbook: RunbookForm, at place: SourceLocation?
    ) -> Self {
        let known = runbook.manifests.map(\.role)
        let nearest = NearestWord.to(role, among: known)
        return Self(
            "the runbook `\(runbook.name)` has no manifest `\(role)`", at: place,
            hint: nearest.map { "did you mean `\($0)`?" }
                ?? "its manifests are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }

    static func missingManifest(
        _ role: String, of runbook: RunbookForm, at place: SourceLocation?
    ) -> Self {
        Self("the runbook `\(runbook.name)` needs the manifest `\(role)`", at: place)
    }

    static func contextWithUnderscore(
        _ context: String, of cluster: String, at place: SourceLocation?
    ) -> Self {
        let renamed = context.split(separator: "_", omittingEmptySubsequences: false)
            .joined(separator: "-")
        return Self(
            "cluster \(cluster.quoted) has the context \(context.quoted), and Gloo can't have "
                + "an underscore in the certificates that it makes of it", at: place,
            hint: "run `kubectl config rename-context \(context) \(renamed)`")
    }

    static func noManagement(of cluster: String, at place: SourceLocation?) -> Self {
        Self(
            "cluster \(cluster.quoted) has no management cluster, and Gloo needs one",
            at: place, hint: "write `management:` in the cluster or in `defaults`")
    }

    static func badRegisteredName(
        _ name: String, of cluster: String, at place: SourceLocation?
    ) -> Self {
        Self(
            "cluster \(cluster.quoted) is registered as \(name.quoted), which can't be the name "
                + "of a KubernetesCluster", at: place,
            hint: "write in `registeredName` what "
                + "`kubectl get kubernetesclusters -n gloo-mesh` calls it")
    }
}
