import FleetModel

/// Reads the waves of a policy or of one of its phases.
struct WaveDecoder {
    /// A wave and where it was written.
    struct DraftWave {
        let wave: WavePolicy
        let location: SourceLocation
        /// Where each cluster is named, if the wave lists names.
        var names: [Written<String>] = []
    }

    let defaults: WaveSettings
    let log: MistakeLog

    /// Reads the items of a `waves` list.
    func waves(_ items: [YAMLNode], in title: String, at place: SourceLocation) -> [DraftWave] {
        if items.isEmpty { log.note(.noWaves(in: title, at: place)) }
        let waves = items.prefix(PolicyLimits.waves).enumerated().compactMap { index, node in
            node.isMapping ? longWave(node, number: index + 1) : shortWave(node, index: index)
        }
        if items.count > PolicyLimits.waves {
            let range = "at most \(PolicyLimits.waves) waves"
            log.note(.outOfRange("waves", should: range, got: "\(items.count)", at: place))
        }
        WaveChecks(log: log).check(waves)
        return waves
    }

    /// A wave of which only the size is written. The first is the canary, unless it takes
    /// everything: that would be no canary.
    private func shortWave(_ node: YAMLNode, index: Int) -> DraftWave? {
        guard let members = size(node, key: "waves") else { return nil }
        let isCanary = index == 0 && members != .rest
        let name =
            isCanary ? "canary" : members == .rest ? "rest" : "wave-\(index + 1)"
        let wave = WavePolicy(
            name, members: members, isCanary: isCanary, settings: defaults)
        return DraftWave(wave: wave, location: node.location)
    }

    private func longWave(_ node: YAMLNode, number: Int) -> DraftWave? {
        guard
            let section = Section<WaveKey>(
                node, title: "wave \(number)", key: "waves", log: log)
        else { return nil }
        section.require(.name)
        section.require(.clusters)
        let name = section.name(.name, .ours)
        let isCanary = section.flag(.canary) ?? false
        let own = WaveSettings(section)
        if isCanary { checkCanary(own, name: name ?? "\(number)") }
        guard let clusters = section.node(.clusters) else { return nil }
        let names = names(clusters)
        guard let members = members(clusters, names), let name else { return nil }
        let wave = WavePolicy(
            name, members: members, isCanary: isCanary, settings: own.filled(from: defaults))
        return DraftWave(wave: wave, location: node.location, names: names)
    }

    private func checkCanary(_ settings: WaveSettings, name: String) {
        guard let failures = settings.maxFailures, !failures.value.isNone else { return }
        log.note(.canaryTolerates(name, at: failures.place))
    }

    // MARK: - Members

    private func members(_ node: YAMLNode, _ names: [Written<String>]) -> WavePolicy.Members? {
        switch node.content {
        case .mapping: SelectorDecoder(log: log).selector(node).map { .matching($0) }
        case .list: .named(names.map { ClusterName($0.value) })
        case .empty, .plain, .quoted: size(node, key: "clusters")
        }
    }

    private func size(_ node: YAMLNode, key: String) -> WavePolicy.Members? {
        if node.text == "rest" { return .rest }
        if case .neither = AmountText.parse(node, atLeast: 1) {
            log.note(.noMembers(key, got: node))
            return nil
        }
        return Amount.read(node, key: key, atLeast: 1, log: log).map { .size($0) }
    }

    /// The names an explicit list gives; what is none is noted and left out.
    private func names(_ node: YAMLNode) -> [Written<String>] {
        guard case .list(let items) = node.content else { return [] }
        return items.compactMap { item in
            if let text = item.text { return Written(value: text, place: item.location) }
            log.note(.wrongType("clusters", should: "a list of cluster names", got: item))
            return nil
        }
    }
}

extension YAMLNode {
    fileprivate var isMapping: Bool { if case .mapping = content { true } else { false } }
}

extension Amount {
    /// Whether the amount is none of any number.
    fileprivate var isNone: Bool { self == .count(0) || self == .percent(0) }
}

extension WavePolicy {
    /// A wave with the settings it was given. A canary tolerates nothing whatever the
    /// defaults say.
    fileprivate init(
        _ name: String, members: Members, isCanary: Bool, settings: WaveSettings
    ) {
        self.init(name, members: members, isCanary: isCanary)
        maxConcurrency = settings.maxConcurrency ?? maxConcurrency
        maxFailures = isCanary ? .count(0) : settings.maxFailures?.value ?? maxFailures
        allowTotalLoss = settings.allowTotalLoss ?? allowTotalLoss
        soak = settings.soak ?? soak
        progressDeadline = settings.progressDeadline ?? progressDeadline
        exposure = settings.exposure
        needsApproval = settings.needsApproval
    }
}
