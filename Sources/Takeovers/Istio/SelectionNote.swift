import FleetModel

/// How a namespace chose its injector before it was led to another revision, as it stands
/// written on the namespace itself.
struct SelectionNote: Hashable, Sendable {
    /// Those of the two labels that it had.
    let labels: [String: String]

    static let annotation = "bellwether/selection"
    /// The labels that choose, of which the first beats the second.
    static let keys = [IstioLabel.injection, IstioLabel.revision]

    init(labels: [String: String]) { self.labels = labels }

    /// Of what it says now.
    init(of namespace: MeshNamespace) {
        labels = namespace.labels.filter { Self.keys.contains($0.key) }
    }

    /// Reads what was noted; `nil` when nothing was.
    init?(on namespace: MeshNamespace) throws(Pause) {
        guard let text = namespace.object.annotations[Self.annotation] else { return nil }
        guard let labels = JSON(parsing: text)?.object else {
            throw .terminal(
                "namespace \(namespace.name) no longer tells what it selected: its annotation "
                    + "\(Self.annotation) is \(text.quoted)")
        }
        self.labels = JSON.object(labels).strings.filter { Self.keys.contains($0.key) }
    }

    /// What `kubectl annotate` takes to write it.
    var noting: String { "\(Self.annotation)=\(JSON(labels))" }

    /// What `kubectl annotate` takes to remove one.
    static let removal = "\(annotation)-"

    /// What `kubectl label` takes to have a namespace say it again.
    var restoring: [String] {
        Self.keys.map { key in labels[key].map { "\(key)=\($0)" } ?? "\(key)-" }
    }

    /// What `kubectl label` takes to have such a namespace name a revision: in one change, for
    /// with both labels `istio-injection` would win.
    func naming(_ revision: Revision) -> [String] {
        (labels[IstioLabel.injection] == nil ? [] : ["istio-injection-"])
            + ["istio.io/rev=\(revision)"]
    }
}
