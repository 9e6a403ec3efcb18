import FleetModel

/// What stands as `${name}` in the texts of a step that a takeover adds, to be filled in for
/// each cluster. `$${` stands for `${` itself.
enum Placeholders {
    static let names = [
        "cluster", "context", "management", "managementContext", "region", "revision",
        "oldRevision", "version", "takeover", "run", label,
    ]
    private static let label = "label.NAME"

    /// A text taken apart.
    private enum Piece {
        case text(Substring)
        case placeholder(String)
        /// It was opened and never closed.
        case open
    }

    /// The same for a jq program, where they are variables: `$cluster`, `$labels`. What a
    /// cluster lacks is `null`.
    static func variables(in situation: Situation) -> [String: JSON] {
        var variables: [String: JSON] = [
            "labels": .object(situation.cluster.labels.mapValues(JSON.string))
        ]
        for name in names where name != label {
            variables[name] = value(of: name, in: situation).map(JSON.string) ?? .null
        }
        return variables
    }

    /// What is wrong with a text, whatever the cluster.
    static func mistakes(in text: String) -> [String] {
        pieces(text).compactMap { piece in
            switch piece {
            case .placeholder(let name) where !isKnown(name):
                "there is no placeholder `${\(name)}`"
            case .open: "a placeholder is not closed by `}`"
            default: nil
            }
        }
    }

    private static func isKnown(_ name: String) -> Bool {
        names.contains(name) && name != label
            || name.hasPrefix(labelPrefix) && name.utf8.count > labelPrefix.utf8.count
    }

    private static let labelPrefix = "label."

    /// The text for one cluster.
    ///
    /// - Throws: a failure when the cluster lacks what is asked for.
    static func fill(_ text: String, for situation: Situation) throws(Pause) -> String {
        var filled = ""
        for piece in pieces(text) {
            switch piece {
            case .text(let text): filled += text
            case .open: break
            case .placeholder(let name):
                guard let value = value(of: name, in: situation) else {
                    throw .terminal("cluster \(situation.cluster.name) has no \(name)")
                }
                filled += value
            }
        }
        return filled
    }

    private static func value(of name: String, in situation: Situation) -> String? {
        let (cluster, takeover) = (situation.cluster, situation.takeover)
        return switch name {
        case "cluster": cluster.name.rawValue
        case "context": cluster.context.rawValue
        case "management": situation.management?.name.rawValue
        case "managementContext": situation.management?.context.rawValue
        case "region": cluster.region
        case "revision": takeover.revision.rawValue
        case "oldRevision": takeover.oldRevision.rawValue
        case "version": takeover.version
        case "takeover": takeover.name
        case "run": situation.run.rawValue
        default: cluster.labels[String(name.dropFirst(labelPrefix.count))]
        }
    }

    private static func pieces(_ text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            if before.last == "$" {
                pieces += [.text(before.dropLast()), .text("${")]
                rest = rest[start.upperBound...]
                continue
            }
            pieces.append(.text(before))
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}") else { return pieces + [.open] }
            pieces.append(.placeholder(String(rest[..<end])))
            rest = rest[rest.index(after: end)...]
        }
        return pieces + [.text(rest)]
    }
}
