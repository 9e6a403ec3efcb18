import FleetModel

/// Reads one entry of `allow` or `deny`.
struct WindowRuleDecoder {
    private let section: Section<WindowRuleKey>
    private let effect: WindowRule.Effect

    init?(_ node: YAMLNode, _ effect: WindowRule.Effect, title: String, log: MistakeLog) {
        guard
            let section = Section<WindowRuleKey>(
                node, title: title, key: effect.rawValue, log: log)
        else { return nil }
        (self.section, self.effect) = (section, effect)
    }

    func rule() -> WindowRule? {
        let (span, zone) = (span(), zone())
        let clusters = section.node(.clusters).flatMap {
            SelectorDecoder(log: section.log).selector($0)
        }
        let phases = words(.phases, of: PhaseName.self, "phase", empty: "`takeover` and `retire`")
        guard let span, let zone else { return nil }
        return WindowRule(
            effect, span, zone: zone, clusters: clusters,
            phases: phases?.map(\.rawValue) ?? WindowRule.usualPhases)
    }

    // MARK: - Its span

    private func span() -> WindowSpan? {
        let hint = "write a time of day such as `22:00`, or a date such as `2026-12-18 18:00`"
        section.require(.from, hint: hint)
        section.require(.to, hint: hint)
        let days = words(.days, of: Weekday.self, "day", empty: "every day")
        guard let from = time(.from), let to = time(.to) else { return nil }
        switch (from, to) {
        case (.daily(let from), .daily(let to)):
            return .weekly(days?.sorted() ?? Weekday.allCases, from: from, to: to)
        case (.once(let from), .once(let to)):
            return once(from: from, to: to)
        case (.daily, .once), (.once, .daily):
            section.log.note(.mixedTimes(section.title, at: section.place(of: .to)))
            return nil
        }
    }

    private func once(from: LocalTime, to: LocalTime) -> WindowSpan? {
        if section.has(.days) {
            section.log.note(.daysOfDates(section.title, at: section.place(of: .days)))
        }
        if from < to { return .once(from: from, to: to) }
        section.log.note(.endsTooEarly(to, from: from, at: section.place(of: .to)))
        return nil
    }

    private func time(_ key: WindowRuleKey) -> WindowTime? {
        guard let node = section.node(key) else { return nil }
        // A day that ends at 24:00 ends where the next one begins.
        let text = key == .to && node.text == "24:00" ? "00:00" : node.text
        do throws(WindowTime.Mistake) {
            return try WindowTime(text ?? "")
        } catch {
            section.log.note(.badTime(key.rawValue, error, got: node))
            return nil
        }
    }

    // MARK: - What it is about

    private func zone() -> String? {
        section.require(.zone, hint: "name a place, such as `zone: Europe/Berlin`")
        guard let name = section.text(.zone) else { return nil }
        if ZoneRule.holds(for: name) { return name }
        section.log.note(.badZone(name, at: section.place(of: .zone)))
        return nil
    }

    /// A list of words out of a few, each once.
    private func words<Word: CaseIterable & Hashable & RawRepresentable<String>>(
        _ key: WindowRuleKey, of type: Word.Type, _ noun: String, empty meaning: String
    ) -> [Word]? {
        guard let items = section.list(key) else { return nil }
        if items.isEmpty {
            section.log.note(
                .namesNothing(key.rawValue, noun, meaning, at: section.place(of: key)))
        }
        var seen: [Word: SourceLocation] = [:]
        return items.compactMap { item in
            guard let word = self.word(item, of: type, key) else { return nil }
            if let first = seen[word] {
                section.log.note(
                    .duplicateName(
                        noun, word.rawValue, first: first, at: item.location,
                        hint: "keep one of the two"))
                return nil
            }
            seen[word] = item.location
            return word
        }
    }

    private func word<Word: CaseIterable & RawRepresentable<String>>(
        _ node: YAMLNode, of type: Word.Type, _ key: WindowRuleKey
    ) -> Word? {
        if let word = node.text.flatMap(Word.init(rawValue:)) { return word }
        section.log.note(
            .unknownWord(
                key.rawValue, among: type.allCases.map(\.rawValue), got: node, node.text ?? ""))
        return nil
    }
}
