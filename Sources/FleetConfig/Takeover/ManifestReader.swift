public import FleetModel

/// Reads a Kubernetes object from YAML.
public struct ManifestReader: Sendable {
    private let files: any ConfigurationFiles

    public init(files: any ConfigurationFiles) { self.files = files }

    /// Reads a file with one object.
    ///
    /// Everything in it is found again under its path: `["metadata", "name"]`.
    ///
    /// - Throws: every mistake of the file.
    public func read(_ path: String) throws(ConfigurationErrors) -> Located<JSON> {
        let log = MistakeLog()
        let node = document(path, namedAt: nil, log: log)
        let manifest = node.map { object($0, log: log) }
        try log.throwIfAny()
        guard let node, let manifest else {
            preconditionFailure("No manifest in \(path), and no mistake.")
        }
        var sources = SourceMap()
        sources.set([], to: node)
        return Located(manifest, sources: sources)
    }

    func document(_ path: String, namedAt place: SourceLocation?, log: MistakeLog) -> YAMLNode? {
        files.document(at: path, namedAt: place, log: log)
    }

    func object(_ node: YAMLNode, log: MistakeLog) -> JSON {
        let manifest = JSON(node, log: log)
        for path in Self.required where manifest[path: path]?.string == nil {
            log.note(.noKubernetesObject(lacking: path.joined(separator: "."), at: node.location))
        }
        notePlaceholders(in: node, log: log)
        return manifest
    }

    /// What makes a mapping a Kubernetes object.
    private static let required = [["apiVersion"], ["kind"], ["metadata", "name"]]

    /// Notes variables such as `$REPO`, which Solo's example files leave to a shell. Left in,
    /// one would become the name of an image that no registry has.
    private func notePlaceholders(in node: YAMLNode, log: MistakeLog) {
        switch node.content {
        case .plain(let text), .quoted(let text):
            if text.isPlaceholder { log.note(.placeholder(text, at: node.location)) }
        case .list(let items): for item in items { notePlaceholders(in: item, log: log) }
        case .mapping(let entries):
            for entry in entries { notePlaceholders(in: entry.value, log: log) }
        case .empty: break
        }
    }
}

extension String {
    /// Whether the whole text is one shell variable in capitals, as `$REPO` or `${REPO}`.
    fileprivate var isPlaceholder: Bool {
        guard hasPrefix("$") else { return false }
        let rest = dropFirst()
        let name = rest.hasPrefix("{") && rest.hasSuffix("}") ? rest.dropFirst().dropLast() : rest
        guard let first = name.utf8.first, !WholeNumber.isDigit(first) else { return false }
        return name.utf8.allSatisfy {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 == UInt8(ascii: "_")
                || WholeNumber.isDigit($0)
        }
    }
}
