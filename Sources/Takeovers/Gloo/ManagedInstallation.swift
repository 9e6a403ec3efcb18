import FleetModel

/// One cluster's entry in a lifecycle manager: whether it is there, how far the
/// management plane is with it, and the edits that add, change or remove it.
struct ManagedInstallation: Hashable, Sendable {
    let manifest: LifecycleManifest
    let gloo: GlooSituation

    /// Where the entry stands in the object.
    struct Place: Hashable {
        let manager: LifecycleManager
        let installation: Int
        let entry: Int

        var value: JSON { manager.installations[installation].items("clusters")[entry] }
    }

    /// How long a state that needs attention may last before it counts as failed.
    static let attentionTolerance: Duration = .minutes(3)

    var reading: Reading { .path(manifest.path, on: .management) }

    func manager(_ view: ClusterView) throws(Pause) -> LifecycleManager? {
        try view.object(manifest.path, on: .management).map {
            LifecycleManager(kind: manifest.kind, object: $0)
        }
    }

    /// The cluster's entry; `nil` when there is none yet.
    func place(_ view: ClusterView) throws(Pause) -> Place? {
        guard let manager = try manager(view),
            let installation = manager.installation(of: gloo.revision),
            let entry = manager.entry(of: gloo.registeredName, in: installation)
        else { return nil }
        return Place(manager: manager, installation: installation, entry: entry)
    }

    /// Refuses to touch a revision that is there with another version: the
    /// management plane gets stuck when an installation is overwritten.
    func refuseOtherVersion(_ view: ClusterView) throws(Pause) {
        if let words = try manager(view).flatMap(contradiction) { throw .terminal(words) }
    }

    /// What an installation of our revision that is there has otherwise than we want it.
    func contradiction(in manager: LifecycleManager) -> String? {
        guard let installation = manager.installation(of: gloo.revision) else { return nil }
        let has = "\(manifest.label) has revision \(gloo.revision)"
        if let tag = manager.tag(of: installation), tag != gloo.version {
            return "\(has) with version \(tag), not \(gloo.version)"
        }
        guard let hub, let other = manager.hub(of: installation), other != hub else { return nil }
        // The hub's key is an entitlement, so neither of the two is named.
        return "\(has) with images of another hub than the manifest's"
    }

    private var hub: String? { manifest.operatorSpec["hub"]?.nonEmpty }

    /// What the management plane says, unless it says that all is well.
    func trouble(_ place: Place, _ view: ClusterView) -> Observation? {
        let state = place.manager.state(
            of: gloo.registeredName, revision: gloo.revision, tag: gloo.version, hub: hub)
        switch state {
        case .healthy: return nil
        case .waiting(let words): return .partial("\(manifest.label) says \(words)")
        case .failed(let words):
            return .failed(Failure(.terminal, "\(manifest.label) says \(words)"))
        case .attention(let words): return attention(words, view)
        }
    }

    /// A state that often passes by itself fails only when it has not changed for a while.
    private func attention(_ words: String, _ view: ClusterView) -> Observation {
        let item = "\(manifest.label) says \(words)"
        if view.context.settled.contains(item) { return .failed(Failure(.terminal, item)) }
        return .settling(item: item, for: Self.attentionTolerance, fingerprint: words)
    }
}

extension ManagedInstallation {
    /// The command that adds the cluster: to the object, or with a new object.
    func addition(of entry: JSON, _ view: ClusterView) throws(Pause) -> Command {
        guard let manager = try manager(view) else { return creation(with: entry) }
        guard let position = manager.installation(of: gloo.revision) else {
            return additionOfInstallation(
                with: entry, resourceVersion: manager.object.resourceVersion,
                isFirst: manager.installations.isEmpty)
        }
        return addition(
            of: entry, resourceVersion: manager.object.resourceVersion, position: "\(position)",
            isFirst: manager.installations[position]["clusters"]?.array == nil)
    }

    /// For people to read: one of them is run, depending on what a fleet's clusters before have
    /// left to do.
    func previewedAddition(of entry: JSON) -> [Command] {
        let version = "<resourceVersion>"
        return [
            creation(with: entry),
            additionOfInstallation(with: entry, resourceVersion: version, isFirst: false),
            addition(of: entry, resourceVersion: version, position: "<installation>"),
        ]
    }

    private func creation(with entry: JSON) -> Command {
        gloo.managementKubectl.create(
            manifest.object(with: entry), redactions: manifest.redactions,
            purpose: "create \(manifest.label) for \(gloo.registeredName)")
    }

    func addition(
        of entry: JSON, resourceVersion: String, position: String, isFirst: Bool = false
    ) -> Command {
        let clusters = "/spec/installations/\(position)/clusters"
        let patch = guarded(resourceVersion, position)
        return command(
            isFirst
                ? patch.setting(clusters, to: .array([entry]))
                : patch.setting("\(clusters)/-", to: entry),
            "add \(gloo.registeredName) to \(manifest.label)")
    }

    /// Sets a field of the cluster's entry, which must still be where it was.
    func setting(
        _ field: String, to value: JSON, resourceVersion: String, position: String, entry: String
    ) -> Command {
        let path = "/spec/installations/\(position)/clusters/\(entry)"
        let patch = guarded(resourceVersion, position)
            .testing("\(path)/name", is: .string(gloo.registeredName))
            .setting("\(path)/\(field)", to: value)
        return command(patch, "set \(field) to \(value) for \(gloo.registeredName)")
    }

    /// Makes the revision the cluster's default, or no longer that. Without a place it is for
    /// people to read.
    func settingDefault(to value: Bool, at place: Place?) -> Command {
        setting(
            "defaultRevision", to: .bool(value),
            resourceVersion: place?.manager.object.resourceVersion ?? "<resourceVersion>",
            position: place.map { "\($0.installation)" } ?? "<installation>",
            entry: place.map { "\($0.entry)" } ?? "<cluster>")
    }

    func removal(resourceVersion: String, position: String, entry: String) -> Command {
        let path = "/spec/installations/\(position)/clusters/\(entry)"
        let patch = guarded(resourceVersion, position)
            .testing("\(path)/name", is: .string(gloo.registeredName)).removing(path)
        return command(patch, "remove \(gloo.registeredName) from \(manifest.label)")
    }

    private func additionOfInstallation(
        with entry: JSON, resourceVersion: String, isFirst: Bool
    ) -> Command {
        let installation = manifest.installation(with: entry)
        let patch = JSONPatch.against(resourceVersion: resourceVersion)
        var command = command(
            isFirst
                ? patch.setting("/spec/installations", to: .array([installation]))
                : patch.setting("/spec/installations/-", to: installation),
            "add revision \(gloo.revision) to \(manifest.label)")
        command.redactions = manifest.redactions
        return command
    }

    private func guarded(_ resourceVersion: String, _ position: String) -> JSONPatch {
        JSONPatch.against(resourceVersion: resourceVersion).testing(
            "/spec/installations/\(position)/\(manifest.kind.revisionKey)",
            is: .string(gloo.revision.rawValue))
    }

    private func command(_ patch: JSONPatch, _ purpose: String) -> Command {
        gloo.managementKubectl.patch(
            manifest.kind.resource, manifest.name, in: manifest.namespace, with: patch,
            purpose: purpose)
    }
}

extension LifecycleManifest {
    /// The object as messages name it.
    var label: String { "\(kind.rawValue) \(name)" }
}
