public import FleetModel

/// Reads the inventory: clusters, management clusters and bastions.
public struct InventoryReader: Sendable {
    private let files: any ConfigurationFiles
    private let checks: [String]?

    /// - Parameters:
    ///   - files: where the files are.
    ///   - checks: the numbers of preflight checks that can be waived; any when left out.
    public init(files: any ConfigurationFiles, checks: [String]? = nil) {
        (self.files, self.checks) = (files, checks)
    }

    /// Reads a file, or every `.yaml` and `.yml` file of a directory, as one inventory.
    ///
    /// Settings are found again under `clusters`, `management` or `bastions`, their name and
    /// their key: `["clusters", "edge-01", "bastion"]`.
    ///
    /// - Throws: every mistake of every file.
    public func read(_ path: String) throws(ConfigurationErrors) -> Located<Fleet> {
        let log = MistakeLog()
        let fleet = read(path, log: log)
        try log.throwIfAny()
        guard let fleet else { preconditionFailure("No inventory in \(path), and no mistake.") }
        return fleet
    }

    /// The fleet as far as it can be read; `nil` when a whole file could not be, since the
    /// names it would have given are then missing.
    func read(_ path: String, log: MistakeLog) -> Located<Fleet>? {
        let paths = files.yamlFiles(at: path, log: log)
        let documents = paths.compactMap { files.document(at: $0, log: log) }
        var draft = InventoryDraft(files: files, checks: checks, log: log)
        for document in documents { draft.take(document) }
        guard documents.count == paths.count, !paths.isEmpty else { return nil }
        let fleet = FleetBuilder(draft, files: files, log: log).fleet()
        if draft.clusters.isEmpty, log.isEmpty { log.note(.noClusters(in: path)) }
        return Located(fleet, sources: draft.sources)
    }
}
