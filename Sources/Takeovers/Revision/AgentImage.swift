import FleetModel

/// What the agents of the nodes have to run, whatever the version of their chart says.
struct AgentImage: Hashable, Sendable {
    let version: String

    /// The containers of the CNI's agent and of ztunnel, in Istio's charts.
    private static let containers: Set<String> = ["install-cni", "istio-proxy"]
    /// The values by which somebody chose the image; what is more special comes first. Those
    /// under `cni` are of charts before 1.24.
    private static let images = [["cni", "image"], ["image"]]
    private static let tags = [["cni", "tag"], ["tag"], ["global", "tag"]]

    /// The words for another version that a release's values hold on to, which no new chart
    /// changes; `nil` when they leave that to the chart.
    func pin(in values: JSON) -> String? {
        let whole = Self.images.compactMap { path in
            (values[path: path]?.string).flatMap(imageTag).map { (path, $0) }
        }
        let tags = Self.tags.compactMap { path in
            values[path: path]?.scalar.map { (path, $0) }
        }
        guard let (path, tag) = (whole + tags).first, !tag.isTag(of: version) else { return nil }
        let name = path.joined(separator: ".")
        return "holds on to another image: its value \(name) is \(tag.quoted); take that out by a "
            + "`helm upgrade` of its present chart"
    }

    func complaint(of daemonSet: JSON) -> String? {
        let all = daemonSet.template.spec.items("containers")
        let own = all.filter { Self.containers.contains($0["name"]?.string ?? "") }
        let tags = (own.isEmpty ? all : own).compactMap { imageTag(of: $0["image"]?.string ?? "") }
        // A digest alone cannot contradict.
        guard let other = tags.first(where: { !$0.isTag(of: version) }) else { return nil }
        return "DaemonSet \(daemonSet.qualifiedName) runs \(other), not \(version)"
    }
}

extension JSON {
    /// A text, or a number that somebody wrote without quotes.
    fileprivate var scalar: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .int, .double: description
        default: nil
        }
    }
}
