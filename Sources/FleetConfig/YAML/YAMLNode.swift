import FleetModel

/// A value in a YAML document and where it stands.
///
/// Scalars stay as they were written. What a plain `1.10`, `no` or `012` means is
/// decided by whoever reads it, who knows what is wanted there; a YAML library
/// that guessed would turn a version into a number.
struct YAMLNode {
    let content: Content
    let location: SourceLocation

    enum Content {
        /// Nothing, `~` or `null`.
        case empty
        /// Text without quotes.
        case plain(String)
        /// Text in quotes or in a block.
        case quoted(String)
        case list([YAMLNode])
        case mapping([YAMLEntry])
    }
}

/// A key of a mapping and its value.
struct YAMLEntry {
    let key: String
    let keyLocation: SourceLocation
    let value: YAMLNode
}

extension YAMLNode {
    /// The text of a scalar, whether quoted or not.
    var text: String? {
        switch content {
        case .plain(let text), .quoted(let text): text
        case .empty, .list, .mapping: nil
        }
    }

    var isEmpty: Bool { if case .empty = content { true } else { false } }

    /// The value as an error repeats it after "got:".
    var shown: String {
        switch content {
        case .empty: "nothing"
        case .plain(let text) where Int(text) != nil || ["true", "false"].contains(text): text
        case .plain(let text), .quoted(let text): text.shown
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
