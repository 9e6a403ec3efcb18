import FleetModel

/// What the analysis found before a takeover, as it stands written in the cluster: the takeover
/// may last for days, and who ends it need not be who began it.
struct AnalysisNote: Hashable, Sendable {
    /// Which takeover it was noted for.
    private let takeover: String
    private let keys: Set<String>

    static let name = "fleet-istio-migration-analysis"
    static let namespace = WriterLock.namespace
    static let path = APIPath.configMap(name, in: namespace)

    /// A ConfigMap holds a megabyte.
    private static let limit = 5_000

    init(_ errors: [AnalysisReport.Message], for move: Move) throws(Pause) {
        let keys = Set(errors.map(\.key))
        guard keys.count <= Self.limit else {
            throw .terminal("istioctl analyze finds more than \(Self.limit) errors")
        }
        self.keys = keys
        takeover = Self.mark(of: move)
    }

    /// What was noted for this takeover; `nil` when nothing was.
    init?(_ view: ClusterView, for move: Move) throws(Pause) {
        guard let data = try view.object(Self.path)?["data"],
            data["takeover"]?.string == Self.mark(of: move),
            let keys = data["errors"]?.string.flatMap({ JSON(parsing: $0) })?.array
        else { return nil }
        self.keys = Set(keys.compactMap(\.string))
        takeover = Self.mark(of: move)
    }

    private static func mark(of move: Move) -> String {
        "\(move.old) to \(move.revision) \(move.version)"
    }

    /// Those that were not there before.
    func fresh(of errors: [AnalysisReport.Message]) -> [AnalysisReport.Message] {
        errors.filter { !keys.contains($0.key) }
    }

    var count: Int { keys.count }

    func application(_ kubectl: Kubectl) -> Command {
        let errors = JSON.array(keys.sorted().map { .string($0) }).description
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(Self.name), "namespace": .string(Self.namespace)],
            "data": ["takeover": .string(takeover), "errors": .string(errors)],
        ]
        return kubectl.change(
            ["apply", "-f", "-"], stdin: map.description,
            purpose: "note what the analysis finds before the takeover")
    }

    static func deletion(_ kubectl: Kubectl) -> Command {
        kubectl.delete(
            "configmap", [name], in: namespace, purpose: "forget what the analysis found before")
    }
}
