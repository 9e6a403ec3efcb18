import FleetModel

/// Copies of what is removed for good, kept in a ConfigMap of the cluster: whoever has to make
/// it anew by hand begins with them.
///
/// A copy is written once, before the first deletion, and never again: what a second run finds
/// may be half gone.
struct KeptCopies: Sendable {
    let move: Move

    /// An object, and what items of a list do not say of themselves.
    struct Original: Hashable, Sendable {
        let apiVersion: String
        let kind: String
        let object: JSON

        var copy: JSON { object.keptCopy(apiVersion: apiVersion, kind: kind) }

        /// Its place in the ConfigMap.
        var key: String { "\(kind.lowercased()).\(object.namespace).\(object.name)" }
    }

    /// A ConfigMap holds 1 MiB, with what the server notes on it.
    private static let limit = 900_000
    private static let namespace = WriterLock.namespace

    private var name: String { "fleet-istio-migration-removed-\(move.old)" }
    private var path: String { APIPath.configMap(name, in: Self.namespace) }

    /// How messages name it.
    var label: String { "ConfigMap \(Self.namespace)/\(name)" }
    var reading: Reading { .path(path, on: .cluster) }

    /// Keeps copies of those that have none yet; `nil` when all have.
    func saving(_ originals: [Original], _ view: ClusterView) throws(Pause) -> Command? {
        let map = try view.object(path)
        let kept = map?["data"]?.strings ?? [:]
        let missing = originals.filter { kept[$0.key] == nil }
        guard !missing.isEmpty else { return nil }
        let copies = Dictionary(missing.map { ($0.key, $0.copy.description) }) { first, _ in first }
        let size = (Array(kept.values) + copies.values).reduce(0) { $0 + $1.utf8.count }
        guard size <= Self.limit else {
            throw .terminal(
                "\(label) has no room for a copy of \(missing.map(\.key).summary): keep one "
                    + "elsewhere, and say where under these keys of it")
        }
        let keys = missing.flatMap(\.hubKeys)
        guard let map else { return creation(of: copies, redactions: keys) }
        return addition(of: copies, hasOthers: map["data"]?.object != nil, map, redactions: keys)
    }

    private func creation(of copies: [String: String], redactions: [String] = []) -> Command {
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": .string(Self.namespace)],
            "data": JSON(copies),
        ]
        return move.kubectl.create(
            map, isKnown: true, redactions: redactions,
            purpose: "keep copies of what is removed")
    }

    private func addition(
        of copies: [String: String], hasOthers: Bool = true, _ map: JSON?,
        redactions: [String] = []
    ) -> Command {
        var patch = JSONPatch.against(
            resourceVersion: map?.resourceVersion ?? "<resourceVersion>")
        if !hasOthers { patch = patch.setting("/data", to: [:]) }
        for (key, copy) in copies.sorted(by: { $0.key < $1.key }) {
            patch = patch.setting("/data/\(key)", to: .string(copy))
        }
        var command = move.kubectl.patch(
            "configmap", name, in: Self.namespace, with: patch,
            purpose: "keep copies of what else is removed")
        command.redactions = redactions
        return command
    }

    /// As `--explain` shows it.
    func preview(of kinds: [String]) -> [Command] {
        let copies = Dictionary(kinds.map { (key(of: $0), "<\($0) as it is>") }) { $1 }
        return [creation(of: copies), addition(of: copies, nil)]
    }

    private func key(of kind: String) -> String { "\(kind.lowercased()).<namespace>.<name>" }

    /// How what was removed is made anew.
    func restoration(of kind: String, but consequence: String) -> Command {
        move.kubectl.change(
            ["apply", "-f", "-"], stdin: "<\(key(of: kind)) of \(label)>",
            purpose: "make it anew from its copy\(consequence)")
    }
}

extension KeptCopies.Original {
    /// The keys of image hubs, which no record may show.
    fileprivate var hubKeys: [String] {
        let containers = object.template["spec"]?.items("containers") ?? []
        let places = [object.spec["hub"]?.string] + containers.map { $0["image"]?.string }
        return places.compactMap { $0 }.flatMap { $0.split(separator: "/") }
            .filter { $0.hasPrefix("istio-") && !$0.contains(":") }
            .map { String($0.dropFirst("istio-".count)) }.filter { !$0.isEmpty }
    }
}
