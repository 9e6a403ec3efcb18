import FleetModel

/// Reads when clusters may be changed.
struct WindowsDecoder {
    let log: MistakeLog

    /// `nil` also when one of the entries can't be read: who looks for the place of a rule
    /// counts its entries.
    func windows(_ node: YAMLNode) -> Windows? {
        guard
            let section = Section<WindowsKey>(
                node, title: "`windows`", key: "windows", log: log)
        else { return nil }
        if !section.has(.allow), !section.has(.deny) { log.note(.noWindows(at: node.location)) }
        let (allowed, denied) = (rules(.allow, in: section), rules(.deny, in: section))
        let overrun = section.word(.overrun, of: Windows.Overrun.self)
        let margin = section.duration(.margin, in: PolicyLimits.margin)
        guard let allowed, let denied else { return nil }
        var windows = Windows(allowed + denied)
        windows.overrun = overrun ?? windows.overrun
        windows.margin = margin ?? windows.margin
        return windows
    }

    private func rules(
        _ effect: WindowRule.Effect, in section: Section<WindowsKey>
    ) -> [WindowRule]? {
        let key = effect.key
        guard section.has(key) else { return [] }
        guard let items = section.list(key), isSensible(items.count, key, section) else {
            return nil
        }
        let rules = items.enumerated().compactMap { index, item in
            WindowRuleDecoder(
                item, effect, title: "entry \(index + 1) of `\(key.rawValue)`", log: log)?.rule()
        }
        return rules.count == items.count ? rules : nil
    }

    /// An empty `allow` might mean always as well as never.
    private func isSensible(
        _ count: Int, _ key: WindowsKey, _ section: Section<WindowsKey>
    ) -> Bool {
        let (limit, place) = (PolicyLimits.windowRules, section.place(of: key))
        if count == 0 { log.note(.noEntries(key.rawValue, at: place)) }
        if count > limit {
            let range = "at most \(limit) entries"
            log.note(.outOfRange(key.rawValue, should: range, got: "\(count)", at: place))
        }
        return (1...limit).contains(count)
    }
}

extension WindowRule.Effect {
    fileprivate var key: WindowsKey {
        switch self {
        case .allow: .allow
        case .deny: .deny
        }
    }
}
