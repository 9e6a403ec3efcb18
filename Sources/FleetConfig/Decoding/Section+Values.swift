import FleetModel

extension Section {
    /// Text without control characters; a plain number or word counts as text.
    func text(_ key: Key) -> String? {
        node(key).flatMap { text(of: $0, key: key.rawValue) }
    }

    private func text(of node: YAMLNode, key: String) -> String? {
        guard let text = node.text, !text.isEmpty, text.isOneLine else {
            log.note(.wrongType(key, should: "one line of text", got: node))
            return nil
        }
        return text
    }

    /// Text that may have many lines, such as a script.
    func longText(_ key: Key) -> String? {
        node(key).flatMap { longText(of: $0, key: key) }
    }

    /// A list of texts that may have many lines, such as the words of a command.
    func longTexts(_ key: Key) -> [String]? {
        list(key)?.compactMap { longText(of: $0, key: key) }
    }

    private func longText(of node: YAMLNode, key: Key) -> String? {
        guard let text = node.text, !text.utf8.contains(0) else {
            log.note(.wrongType(key.rawValue, should: "text", got: node))
            return nil
        }
        return text
    }

    /// A name that keeps to a rule.
    func name(_ key: Key, _ rule: NameRule) -> String? {
        guard let text = text(key) else { return nil }
        if rule.holds(for: text) { return text }
        log.note(.badName(key.rawValue, text, rule: rule, at: place(of: key)))
        return nil
    }

    /// A whole number written in plain digits.
    func number(_ key: Key, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        guard case .plain(let text) = node.content, WholeNumber.isWritten(in: text) else {
            log.note(.wrongType(key.rawValue, should: "a whole number", got: node))
            return nil
        }
        if let number = Int(text), range.contains(number) { return number }
        let expected =
            range.upperBound == .max
            ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        log.note(
            .outOfRange(key.rawValue, should: expected, got: text, at: node.location))
        return nil
    }

    func flag(_ key: Key) -> Bool? {
        guard let node = node(key) else { return nil }
        switch node.content {
        case .plain("true"): return true
        case .plain("false"): return false
        default:
            log.note(.wrongType(key.rawValue, should: "`true` or `false`", got: node))
            return nil
        }
    }

    /// A length of time within a range, such as `90s` or `1h30m`.
    func duration(_ key: Key, in range: ClosedRange<Duration>) -> Duration? {
        guard let node = node(key) else { return nil }
        do throws(DurationText.Mistake) {
            let duration = try DurationText.parse(node)
            if range.contains(duration) { return duration }
            let bounds = "from \(range.lowerBound.short) to \(range.upperBound.short)"
            log.note(
                .outOfRange(key.rawValue, should: bounds, got: node.shown, at: node.location))
        } catch {
            log.note(
                .wrongType(
                    key.rawValue, should: "a duration such as `90s` or `1h30m`", got: node,
                    hint: error.hint))
        }
        return nil
    }

    /// A word out of a few.
    func word(_ key: Key, among words: [String]) -> String? {
        guard let node = node(key) else { return nil }
        if let text = node.text, words.contains(text) { return text }
        log.note(.unknownWord(key.rawValue, among: words, got: node, node.text ?? ""))
        return nil
    }

    func word<Word: CaseIterable & RawRepresentable<String>>(
        _ key: Key, of type: Word.Type
    ) -> Word? {
        word(key, among: type.allCases.map(\.rawValue)).flatMap(Word.init(rawValue:))
    }

    func list(_ key: Key) -> [YAMLNode]? {
        guard let node = node(key) else { return nil }
        if case .list(let items) = node.content { return items }
        log.note(.wrongType(key.rawValue, should: "a list", got: node))
        return nil
    }

    /// A list of lines of text; a wrong item is noted and left out.
    func texts(_ key: Key) -> [String]? {
        list(key)?.compactMap { text(of: $0, key: key.rawValue) }
    }

    /// One line of text, or a list of them, each with its place.
    func oneOrMore(_ key: Key) -> [Written<String>] {
        guard let node = node(key) else { return [] }
        let nodes = if case .list(let items) = node.content { items } else { [node] }
        return nodes.compactMap { node in
            text(of: node, key: key.rawValue).map { Written(value: $0, place: node.location) }
        }
    }

    /// The entries of a mapping whose keys are free, each once.
    func entries(_ key: Key) -> [YAMLEntry]? {
        guard let node = node(key) else { return nil }
        guard case .mapping(let entries) = node.content else {
            log.note(.wrongType(key.rawValue, should: "a mapping", got: node))
            return nil
        }
        return entries.withoutDuplicates(log)
    }

    /// A mapping from free keys to lines of text, such as labels.
    func textsByKey(_ key: Key) -> [String: String]? {
        guard let entries = entries(key) else { return nil }
        let pairs = entries.compactMap { entry in
            text(of: entry.value, key: entry.key).map { (entry.key, $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }
}

extension [YAMLEntry] {
    /// The entries whose key no entry before has; the others are noted.
    func withoutDuplicates(_ log: MistakeLog) -> [YAMLEntry] {
        var seen: [String: SourceLocation] = [:]
        return filter { entry in
            guard let first = seen[entry.key] else {
                seen[entry.key] = entry.keyLocation
                return true
            }
            log.note(.duplicateKey(entry.key, first: first, at: entry.keyLocation))
            return false
        }
    }
}

extension String {
    /// Whether a terminal shows the text as one line: no break, no control character.
    fileprivate var isOneLine: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }
}
