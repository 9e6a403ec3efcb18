import FleetModel
import Yams

/// Reads the one YAML document of a file into nodes of our own.
///
/// Yams does the syntax. It stops at the first key given twice, follows aliases
/// without a bound and drops unknown tags, so this type works around the first
/// and refuses the other two. It is the only one that knows Yams.
struct YAMLParser {
    private var source: SourceText
    private let log: MistakeLog
    /// Keys that were given twice, by where they stand, as they were before one letter of
    /// each was replaced to get them past Yams.
    private var maskedKeys: [SourceLocation: String] = [:]
    private var valuesRead = 0

    static func parse(_ bytes: [UInt8], file: String, log: MistakeLog) -> YAMLNode? {
        guard let source = SourceText(bytes, file: file, log: log) else { return nil }
        if let place = source.tooManyAliasWords {
            log.note(.aliases(at: place))
            return nil
        }
        var parser = YAMLParser(source: source, log: log)
        return parser.document()
    }

    private init(source: SourceText, log: MistakeLog) {
        (self.source, self.log) = (source, log)
    }

    private mutating func document() -> YAMLNode? {
        do {
            return try attempt()
        } catch let YamlError.duplicatedKeysInMapping(keys, context) {
            let place = location(context.mark)
            if let key = keys.first, mask(key, at: context.mark) { return document() }
            log.note(.duplicateKey(keys.first ?? "", at: place))
        } catch {
            log.note(mistake(for: error))
        }
        return nil
    }

    /// The parser must outlive the walk: nodes refer to their anchors weakly.
    private mutating func attempt() throws -> YAMLNode? {
        let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
        let root = try parser.nextRoot()
        if let another = try parser.nextRoot() {
            log.note(.anotherDocument(at: location(another.mark)))
            return nil
        }
        let mistakes = log.mistakes.count
        let node = try root.map { try convert($0, depth: 0) }
        guard log.mistakes.count == mistakes else { return nil }
        guard let node, !node.isEmpty else {
            log.note(.empty(at: start))
            return nil
        }
        return node
    }

    private var start: SourceLocation { SourceLocation(file: source.file, line: 1, column: 1) }

    private func location(_ mark: Mark?) -> SourceLocation {
        guard let mark else { return start }
        return SourceLocation(file: source.file, line: mark.line, column: mark.column)
    }
}

// MARK: - Keys given twice

extension YAMLParser {
    /// Makes the key at a place differ from its twins, so that parsing can go on, and
    /// remembers what it was. The reader of the mapping then finds both.
    private mutating func mask(_ key: String, at mark: Mark) -> Bool {
        guard maskedKeys.count < YAMLLimits.duplicateKeys,
            let index = letter(of: key, at: mark),
            let stranger = Unicode.Scalar(0xE000 + UInt32(maskedKeys.count))
        else { return false }
        source.replaceScalar(at: index, with: stranger)
        maskedKeys[location(mark)] = key
        return true
    }

    /// The first letter of a key, past its quote. `nil` for what is written in a way that
    /// hides it, such as an escape, an explicit tag or an empty key.
    private func letter(of key: String, at mark: Mark) -> String.Index? {
        guard let first = key.unicodeScalars.first,
            let index = source.index(line: mark.line, column: mark.column)
        else { return nil }
        let scalars = source.text.unicodeScalars
        let isQuoted = scalars[index] == "\"" || scalars[index] == "'"
        let letter = isQuoted ? scalars.index(after: index) : index
        return letter < scalars.endIndex && scalars[letter] == first ? letter : nil
    }
}

// MARK: - Nodes

extension YAMLParser {
    /// Says that a limit was hit, which ends the walk.
    private struct LimitReached: Error {
        let mistake: ConfigurationMistake
    }

    private mutating func convert(_ node: Node, depth: Int) throws -> YAMLNode {
        let place = location(node.mark)
        try count(at: place, depth: depth)
        if let anchor = node.anchor {
            log.note(.anchor(anchor.rawValue, at: place))
            return YAMLNode(content: .empty, location: place)
        }
        refuseTag(of: node, at: place)
        return YAMLNode(content: try content(of: node, depth: depth), location: place)
    }

    private mutating func content(of node: Node, depth: Int) throws -> YAMLNode.Content {
        switch node {
        case .scalar(let scalar) where scalar.style == .plain:
            Self.emptyWords.contains(scalar.string) ? .empty : .plain(scalar.string)
        case .scalar(let scalar): .quoted(scalar.string)
        case .sequence(let items): .list(try items.map { try convert($0, depth: depth + 1) })
        case .mapping(let pairs): .mapping(try entries(of: pairs, depth: depth))
        case .alias: .empty
        }
    }

    /// How YAML 1.2 writes nothing.
    private static let emptyWords: Set = ["", "~", "null", "Null", "NULL"]

    private mutating func entries(of pairs: Node.Mapping, depth: Int) throws -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        for (key, value) in pairs {
            let place = location(key.mark)
            let text = keyText(key, at: place)
            let node = try convert(value, depth: depth + 1)
            guard let text else { continue }
            entries.append(YAMLEntry(key: text, keyLocation: place, value: node))
        }
        return entries
    }

    private func keyText(_ key: Node, at place: SourceLocation) -> String? {
        if let anchor = key.anchor {
            log.note(.anchor(anchor.rawValue, at: place))
        } else if case .scalar(let scalar) = key {
            if scalar.string != "<<" { return maskedKeys[place] ?? scalar.string }
            log.note(.mergeKey(at: place))
        } else {
            log.note(.keyIsNoText(at: place))
        }
        return nil
    }

    private func refuseTag(of node: Node, at place: SourceLocation) {
        let written = [Tag.Name.str, .seq, .map].map(\.rawValue)
        let tag = node.tag.description
        if !written.contains(tag) { log.note(.tag(tag, at: place)) }
    }

    private mutating func count(at place: SourceLocation, depth: Int) throws {
        valuesRead += 1
        if valuesRead > YAMLLimits.values {
            throw LimitReached(mistake: .tooManyValues(limit: YAMLLimits.values, at: place))
        }
        if depth > YAMLLimits.depth {
            throw LimitReached(mistake: .tooDeep(limit: YAMLLimits.depth, at: place))
        }
    }
}

// MARK: - What Yams complains of

extension YAMLParser {
    private func mistake(for error: any Error) -> ConfigurationMistake {
        switch error {
        case let limit as LimitReached: limit.mistake
        case let error as YamlError: mistake(for: error)
        default: .syntax("\(error)", at: start)
        }
    }

    private func mistake(for error: YamlError) -> ConfigurationMistake {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            syntaxMistake(problem, at: mark)
        case .reader(let problem, _, _, _): .syntax(problem, at: start)
        default: .syntax("the parser ran out of memory", at: start)
        }
    }

    private func syntaxMistake(_ problem: String, at mark: Mark) -> ConfigurationMistake {
        let place = location(mark)
        if problem.hasPrefix("Maximum nesting level") {
            return .tooDeep(limit: YAMLLimits.depth, at: place)
        }
        if problem == "found undefined alias" { return .aliases(at: place) }
        let isTab = source.scalar(line: mark.line, column: mark.column) == "\t"
        return isTab ? .tab(at: place) : .syntax(problem, at: place)
    }
}
