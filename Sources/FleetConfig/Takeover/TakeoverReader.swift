public import FleetModel

/// Reads takeovers and the manifests beside them.
public struct TakeoverReader: Sendable {
    private let files: any ConfigurationFiles
    private let runbooks: [RunbookForm]

    /// - Parameters:
    ///   - files: where the files are.
    ///   - runbooks: the runbooks there are.
    public init(files: any ConfigurationFiles, runbooks: [RunbookForm]) {
        self.files = files
        self.runbooks = runbooks
    }

    /// Reads one takeover file; each manifest becomes the canonical JSON of its one object.
    ///
    /// Settings are found again under their key, and everything within `parameters` under
    /// its path: `["parameters", "restart", "first", "0"]`. What a manifest says is found
    /// under `content`: `["content", "controlPlane", "spec", "installations"]`.
    ///
    /// - Throws: every mistake of the takeover and its manifests.
    public func read(_ path: String) throws(ConfigurationErrors) -> Located<Takeover> {
        let log = MistakeLog()
        let takeover = read(path, log: log)
        try log.throwIfAny()
        guard let takeover else { preconditionFailure("No takeover in \(path), and no mistake.") }
        return takeover
    }

    /// The runbook a takeover asks for; `nil` when there is none of that name.
    func form(of takeover: Takeover) -> RunbookForm? {
        runbooks.first { $0.name == takeover.runbook }
    }

    func read(_ path: String, log: MistakeLog) -> Located<Takeover>? {
        guard let document = files.document(at: path, log: log),
            let section = Section<TakeoverKey>(
                document, title: "the takeover", key: "the takeover", log: log)
        else { return nil }
        var sources = SourceMap()
        sources.set([], to: document)
        var takeover = heading(section)
        let manifests = manifests(section, file: path, for: takeover, sources: &sources)
        takeover.parameters = parameters(section)
        takeover.manifests = manifests.mapValues(\.description)
        takeover.ownSteps = OwnStepReader(log: log).read(section.list(.steps) ?? [])
        let form = form(of: takeover)
        if form?.needsRevision ?? true {
            for key in [TakeoverKey.revision, .version] { section.require(key) }
            RevisionChecks(
                section: section, isInPlace: form?.isInPlace ?? false,
                mayBeInPlace: form?.mayBeInPlace ?? false
            ).check(takeover)
        }
        return Located(takeover, sources: sources)
    }

    private func heading(_ section: Section<TakeoverKey>) -> Takeover {
        for key in [TakeoverKey.takeover, .runbook] { section.require(key) }
        let old = section.name(.oldRevision, .label).map { Revision($0) }
        return Takeover(
            name: section.name(.takeover, .ours) ?? "",
            runbook: section.word(.runbook, among: runbooks.map(\.name)) ?? "",
            revision: Revision(section.name(.revision, .label) ?? ""),
            version: section.name(.version, .imageTag) ?? "", oldRevision: old ?? .unnamed)
    }

    private func parameters(_ section: Section<TakeoverKey>) -> [String: JSON] {
        let entries = section.entries(.parameters) ?? []
        let pairs = entries.map { ($0.key, JSON($0.value, log: section.log)) }
        return Dictionary(pairs) { first, _ in first }
    }

    private func manifests(
        _ section: Section<TakeoverKey>, file: String, for takeover: Takeover,
        sources: inout SourceMap
    ) -> [String: JSON] {
        let values = Set(form(of: takeover)?.manifests.filter { !$0.isObject }.map(\.role) ?? [])
        let reader = ManifestReader(files: files)
        let paths = section.textsByKey(.manifests) ?? [:]
        var manifests: [String: JSON] = [:]
        for role in paths.keys.sorted() {
            let path = files.beside(file, paths[role] ?? "")
            let place = sources["manifests", role]
            guard let node = reader.document(path, namedAt: place, log: section.log) else {
                continue
            }
            sources.set(["content", role], to: node)
            manifests[role] =
                values.contains(role)
                ? JSON(node, log: section.log) : reader.object(node, log: section.log)
        }
        return manifests
    }
}
