import FleetModel

/// The repository that a recorded Big Bang takes its values from, and the Kustomization that
/// applies them.
///
/// The repository says what the releases tell of the values, and over it what the recording has
/// of them. Of the parent release it knows what stands before those values: what comes behind
/// them somebody has patched in.
struct RecordedEnvironment: Sendable {
    let parent: JSON
    let edition: BigBangEdition
    let store: ClusterStore

    private static let owner = "kustomize.toolkit.fluxcd.io"

    func build() throws(StatusError) {
        let told = RecordedValues(edition, store)
        var values = told.flags
        if let secret = sources.first(where: isUnknownSecret) {
            let text = "\(told.certificates.document)\n"
            try Self.write(text, to: secret, in: parent.namespace, store)
        } else {
            values.overlay(told.certificates)
        }
        if let recorded = place.flatMap({ self.values(in: sources[$0]) }) {
            values.overlay(recorded)
        }
        try publish("\(values.document)\n")
    }

    private var sources: [JSON] { parent[path: ["spec", "valuesFrom"]]?.array ?? [] }

    /// Where the environment's own values are among the parent's sources.
    private var place: Int? {
        sources.lastIndex {
            $0["kind"] == "ConfigMap"
                && $0["name"]?.string?.hasPrefix(Environment.plainName) == true
        }
    }

    private func isUnknownSecret(_ source: JSON) -> Bool {
        source["kind"] == "Secret"
            && HelmValues.text(of: source, in: parent.namespace, store) == nil
    }

    private func values(in source: JSON) -> HelmValues? {
        HelmValues.text(of: source, in: parent.namespace, store).flatMap(HelmValues.init(text:))
    }

    // MARK: - The repository

    /// Puts the values on the branch and where Kustomize would put them: an environment that
    /// nobody has changed is then applied without an effect.
    private func publish(_ text: String) throws(StatusError) {
        let environment = Environment(values: text, spec: committedSpec)
        try store.makeUp("configmaps", environment.valuesMap)
        var parent = parent
        let applied = environment.parentSpec["valuesFrom"]?.array ?? []
        parent[path: ["spec", "valuesFrom"]] = .array(applied + sources.dropFirst(applied.count))
        // An edit would count as a new generation, for which there would be an upgrade.
        try store.restore(FluxKinds.releases, parent)
        guard let name = parent.labels["\(Self.owner)/name"] else { return }
        let space = parent.labels["\(Self.owner)/namespace"] ?? parent.namespace
        try store.makeUp(FluxKinds.kustomizations, BigBangSetup.environment(name, in: space))
        let repository = try repository(of: name, in: space)
        try store.makeUp(
            "configmaps",
            EnvironmentRepository.branch(text, of: repository, parent: committedSpec))
    }

    /// The parent's `spec` as it is in git.
    private var committedSpec: JSON {
        let plain: JSON = [
            "kind": "ConfigMap", "name": .string(Environment.plainName),
            "valuesKey": place.flatMap { sources[$0]["valuesKey"] } ?? "values.yaml",
        ]
        var spec = parent["spec"] ?? [:]
        spec["valuesFrom"] = .array(sources.prefix(place ?? sources.count) + [plain])
        return spec
    }

    /// The GitRepository of the Kustomization, to be fetched anew: what was fetched before was not
    /// recorded.
    private func repository(of name: String, in space: String) throws(StatusError) -> String {
        let key = ObjectKey(FluxKinds.kustomizations, namespace: space, name: name)
        let reference = store.get(key)?[path: ["spec", "sourceRef"]]
        let source = BigBangSetup.repository(
            reference?["name"]?.string ?? EnvironmentRepository.name,
            in: reference?["namespace"]?.string ?? space, ["branch": "main"])
        try store.makeUp(FluxKinds.repositories, source)
        try store.update(
            ObjectKey(FluxKinds.repositories, namespace: source.namespace, name: source.name),
            status: true
        ) { $0[path: ["status", "observedGeneration"]] = -1 }
        return "\(source.namespace)/\(source.name)"
    }

    /// Lets a source of `valuesFrom` say something.
    static func write(
        _ text: String, to source: JSON, in space: String, _ store: ClusterStore
    ) throws(StatusError) {
        let isSecret = source["kind"] == "Secret"
        let (resource, kind) = isSecret ? ("secrets", "Secret") : ("configmaps", "ConfigMap")
        let name = source["name"]?.string ?? ""
        try store.makeUp(resource, Manifest.make("v1", kind, name, in: space))
        let field = source["valuesKey"]?.string ?? "values.yaml"
        try store.update(ObjectKey(resource, namespace: space, name: name)) {
            $0[path: ["data", field]] = isSecret ? .base64(text) : .string(text)
        }
    }
}

extension ClusterStore {
    /// Makes what a recording lacks, and its namespace; what is there stays.
    func makeUp(_ resource: String, _ object: JSON) throws(StatusError) {
        let key = ObjectKey(resource, namespace: object.namespace, name: object.name)
        guard get(key) == nil else { return }
        if get(ObjectKey("namespaces", name: object.namespace)) == nil {
            try create("namespaces", Manifest.namespace(object.namespace))
        }
        try create(resource, object)
    }
}
