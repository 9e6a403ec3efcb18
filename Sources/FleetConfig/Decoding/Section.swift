import FleetModel

/// The keys of one kind of section, in the order a hint lists them.
protocol ConfigurationKey: CaseIterable, Hashable, RawRepresentable<String> {}

/// A mapping whose keys are known, read one key at a time.
///
/// Opening it notes keys that are unknown or given twice. Every reader returns `nil`
/// for a key that is absent and for a value that is wrong; the latter it notes.
struct Section<Key: ConfigurationKey> {
    /// What an error calls the section: `cluster "edge-01"`.
    let title: String
    let location: SourceLocation
    let log: MistakeLog
    private var entries: [Key: YAMLEntry] = [:]

    private let keys: [Key]

    /// Opens a node, or notes that it is no mapping.
    ///
    /// - Parameters:
    ///   - node: what should be a mapping.
    ///   - title: what errors call the section.
    ///   - key: the key whose value the section is, for when it is something else.
    ///   - keys: the keys allowed here, if not all of them.
    ///   - log: where everything wrong is noted.
    init?(
        _ node: YAMLNode, title: String, key: String, keys: [Key] = Array(Key.allCases),
        log: MistakeLog
    ) {
        guard case .mapping(let written) = node.content else {
            log.note(.wrongType(key, should: "a mapping", got: node))
            return nil
        }
        (self.title, self.location, self.keys, self.log) = (title, node.location, keys, log)
        for entry in written { take(entry) }
    }

    private mutating func take(_ entry: YAMLEntry) {
        guard let key = Key(rawValue: entry.key), keys.contains(key) else {
            let known = keys.map(\.rawValue)
            return log.note(
                .unknownKey(entry.key, in: title, known: known, at: entry.keyLocation))
        }
        if let first = entries[key] {
            log.note(
                .duplicateKey(entry.key, first: first.keyLocation, at: entry.keyLocation))
        } else {
            entries[key] = entry
        }
    }

    /// The value of a key; `nil` also when the key has none, which is noted.
    func node(_ key: Key) -> YAMLNode? {
        guard let entry = entries[key] else { return nil }
        if !entry.value.isEmpty { return entry.value }
        let node = YAMLNode(content: .empty, location: entry.keyLocation)
        log.note(.wrongType(key.rawValue, should: "given a value or left out", got: node))
        return nil
    }

    func has(_ key: Key) -> Bool { entries[key] != nil }

    /// The place of a key's value; of the section when the key is absent.
    func place(of key: Key) -> SourceLocation { entries[key]?.value.location ?? location }

    /// Notes that a key is missing, if it is.
    func require(_ key: Key, hint: String? = nil) {
        if has(key) { return }
        log.note(.missingKey(key.rawValue, in: title, at: location, hint: hint))
    }

    /// Where each key's value stands, to be found again under a path.
    func record(under path: [String], in sources: inout SourceMap) {
        sources.set(path, to: location)
        for key in keys {
            if let entry = entries[key] {
                sources.set(path + [key.rawValue], to: entry.value.location)
            }
        }
    }
}
