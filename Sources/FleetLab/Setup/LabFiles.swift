public import FleetModel
public import Foundation

/// The files by which kubectl and Bellwether find a running lab.
public struct LabFiles: Sendable {
    private let clusters: [LabCluster]
    private let port: Int
    private let host: String
    private let speed: Double
    private let kind: LabKind

    public init(
        clusters: [LabCluster], host: String = "127.0.0.1", port: Int, speed: Double = 1,
        kind: LabKind = .gloo
    ) {
        self.clusters = clusters
        self.kind = kind
        self.speed = speed
        self.host = host
        self.port = port
    }

    /// Writes a kubeconfig that only its owner may read, an inventory, a rollout policy and
    /// a takeover with its manifests, over whatever a former lab left.
    ///
    /// - Returns: the path of the kubeconfig.
    /// - Throws: `LabFileError` when the directory or one of the files can't be written.
    @discardableResult
    public func write(to directory: URL) throws -> URL {
        let documents = LabDocuments(
            clusters: clusters, speed: speed,
            target: isRecorded ? LabTarget(of: clusters) : LabTarget())
        let folder = directory.appending(path: "charts").path
        let files =
            [
                ("Inventory/lab.yaml", documents.inventory),
                ("Policies/Rollouts/lab.yaml", documents.rollout),
            ] + sources
            + takeovers(documents, charts: folder).map { ("Policies/Takeovers/\($0.0)", $0.1) }
        for (path, text) in files { try save(text, at: directory.appending(path: path), 0o644) }
        let kubeconfig = directory.appending(path: "kubeconfig")
        try save(self.kubeconfig.description + "\n", at: kubeconfig, 0o600)
        return kubeconfig
    }

    private func takeovers(
        _ documents: LabDocuments, charts: String
    ) -> [(String, String)] {
        switch kind {
        // What is to become of others is nothing that a recording tells.
        case .sail where isRecorded, .sailInPlace where isRecorded: []
        // What Helm knows of its releases is in no recording.
        case .revision where isRecorded, .istioctl:
            [
                ("lab.yaml", IstioctlDocuments.takeover(to: upstream, isRecorded: isRecorded)),
                ("manifests/profile.yaml", IstioctlDocuments.profile(hub: upstream.hub)),
            ]
        case .gloo:
            [
                ("lab.yaml", documents.takeover),
                ("manifests/istiod.yaml", documents.controlPlane),
                ("manifests/eastwest.yaml", documents.eastWestGateway),
                ("manifests/ingress.yaml", documents.ingressGateway),
            ]
        case .bigBang:
            [("lab.yaml", BigBangDocuments.takeover(to: edition, isRecorded: isRecorded))]
        case .sail: [("lab.yaml", SailDocuments.takeover)]
        case .sailInPlace: [("lab.yaml", SailDocuments.inPlace)]
        case .revision:
            [
                ("lab.yaml", RevisionDocuments.takeover(charts: charts)),
                ("manifests/istiod.yaml", RevisionDocuments.values),
            ]
        }
    }

    private var isRecorded: Bool { clusters.contains { $0.recording != nil } }

    /// Where clusters of upstream Istio go, without Helm.
    private var upstream: LabTarget {
        isRecorded ? LabTarget(upstream: clusters) : LabTarget.istioctl
    }

    /// The Big Bang of the clusters.
    private var edition: BigBangEdition {
        clusters.compactMap { $0.recording?.bigBangEdition }.first
            ?? BigBangEdition(version: LabConfiguration().bigBang)
    }

    /// What a tool takes a lab of its own from: charts for helm, objects for who plays istioctl.
    private var sources: [(String, String)] {
        if kind == .istioctl || kind == .revision && isRecorded {
            return [("istioctl/objects.json", "\(IstioctlSetup.objects(of: upstream))\n")]
        }
        guard kind == .revision, !isRecorded else { return [] }
        return LabChart.all(version: RevisionSetup.newVersion).flatMap { chart in
            chart.files(version: RevisionSetup.newVersion).map {
                ("charts/\(chart.name)/\($0.path)", $0.text)
            }
        }
    }

    /// One context for each cluster, by its name.
    private var kubeconfig: JSON {
        LabKubeconfig(
            host: host, port: port,
            entries: clusters.map { .init(context: $0.name, cluster: $0.name) },
            current: clusters.first { $0.management != nil }?.name ?? ""
        ).document
    }

    /// Puts the text in place by renaming, so that nobody reads half a file.
    private func save(_ text: String, at file: URL, _ permissions: Int) throws {
        let manager = FileManager.default
        let draft = file.appendingPathExtension("new")
        do {
            try manager.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            // A draft of a lab that was killed is nobody's; that there is none is the rule.
            try? manager.removeItem(at: draft)
            guard
                manager.createFile(
                    atPath: draft.path, contents: Data(text.utf8),
                    attributes: [.posixPermissions: permissions])
            else { throw CocoaError(.fileWriteUnknown) }
            // Where there is no former file, there is nothing to make way.
            try? manager.removeItem(at: file)
            try manager.moveItem(at: draft, to: file)
        } catch {
            throw LabFileError(path: file.path, reason: error.localizedDescription)
        }
    }
}

/// A file of the lab that can't be written.
public struct LabFileError: OperatorError {
    public let path: String
    public let reason: String

    public var problem: String { "can't write the lab's file \(path.jsonQuoted): \(reason)" }
    public var place: String? { path }
    public var hint: String? { nil }
}
