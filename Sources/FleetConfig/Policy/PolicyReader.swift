public import FleetModel

/// Reads rollout policies.
public struct PolicyReader: Sendable {
    private let files: any ConfigurationFiles
    private let requiresCanary: Bool

    /// - Parameters:
    ///   - files: where the files are.
    ///   - requiresCanary: whether a policy without a canary is a mistake; an operator who
    ///     says why may go without.
    public init(files: any ConfigurationFiles, requiresCanary: Bool = true) {
        self.files = files
        self.requiresCanary = requiresCanary
    }

    /// Reads one policy file.
    ///
    /// Settings are found again under their key, those of a wave under `waves` or `phases`,
    /// the phase and the wave's index: `["waves", "1", "clusters"]`,
    /// `["phases", "retire", "waves", "0", "soak"]`.
    ///
    /// - Throws: every mistake of the file.
    public func read(_ path: String) throws(ConfigurationErrors) -> Located<Policy> {
        let log = MistakeLog()
        let policy = read(path, log: log)
        try log.throwIfAny()
        guard let policy else { preconditionFailure("No policy in \(path), and no mistake.") }
        return policy
    }

    func read(_ path: String, log: MistakeLog) -> Located<Policy>? {
        guard let document = files.document(at: path, log: log),
            let section = Section<PolicyKey>(
                document, title: "the policy", key: "the policy", log: log)
        else { return nil }
        var sources = SourceMap()
        sources.set([], to: document)
        return Located(policy(section, at: document.location), sources: sources)
    }

    private func policy(_ section: Section<PolicyKey>, at place: SourceLocation) -> Policy {
        section.require(.rollout)
        section.require(.waves)
        let decoder = WaveDecoder(defaults: waveDefaults(section), log: section.log)
        var policy = Policy(
            name: section.name(.rollout, .ours) ?? "", waves: waves(section, decoder),
            phases: phases(section, decoder))
        policy.clusters = section.node(.clusters).flatMap {
            SelectorDecoder(log: section.log).selector($0)
        }
        policy.windows = section.node(.windows).flatMap {
            WindowsDecoder(log: section.log).windows($0)
        }
        takeLimits(section, into: &policy)
        return policy
    }

    private func takeLimits(_ section: Section<PolicyKey>, into policy: inout Policy) {
        let (concurrency, tolerance) = (PolicyLimits.concurrency, PolicyLimits.tolerance)
        policy.maxConcurrency =
            section.number(.maxConcurrency, in: concurrency) ?? policy.maxConcurrency
        policy.managementConcurrency = section.number(.managementConcurrency, in: concurrency)
        policy.maxFailures = section.number(.maxFailures, in: tolerance)
        policy.maxDeferred = section.number(.maxDeferred, in: tolerance) ?? policy.maxDeferred
        policy.maxAttempts =
            section.number(.maxAttempts, in: PolicyLimits.attempts) ?? policy.maxAttempts
        policy.drainDeadline =
            section.duration(.drainDeadline, in: PolicyLimits.drainDeadline)
            ?? policy.drainDeadline
        policy.unplaced =
            section.word(.unplaced, of: Policy.Unplaced.self) ?? policy.unplaced
    }

    private func waveDefaults(_ section: Section<PolicyKey>) -> WaveSettings {
        guard let node = section.node(.defaults),
            let defaults = Section<WaveKey>(
                node, title: "`defaults`", key: "defaults", keys: WaveKey.ofDefaults,
                log: section.log)
        else { return WaveSettings() }
        return WaveSettings(defaults)
    }

    private func waves(_ section: Section<PolicyKey>, _ decoder: WaveDecoder) -> [WavePolicy] {
        guard let items = section.list(.waves) else { return [] }
        let place = section.place(of: .waves)
        let waves = decoder.waves(items, in: "the policy", at: place).map(\.wave)
        if requiresCanary, waves.count == items.count, !waves.isEmpty,
            !waves.contains(where: \.isCanary)
        {
            section.log.note(.noCanary(at: place))
        }
        return waves
    }

    private func phases(
        _ section: Section<PolicyKey>, _ decoder: WaveDecoder
    ) -> [String: [WavePolicy]] {
        guard let node = section.node(.phases),
            let phases = Section<PhaseName>(
                node, title: "`phases`", key: "phases", log: section.log)
        else { return [:] }
        let pairs = PhaseName.allCases.compactMap { name in
            phases.node(name).map { (name.rawValue, self.phase($0, name, decoder, section.log)) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func phase(
        _ node: YAMLNode, _ name: PhaseName, _ decoder: WaveDecoder, _ log: MistakeLog
    ) -> [WavePolicy] {
        let title = "phase \(name.rawValue.quoted)"
        guard let phase = Section<PhaseKey>(node, title: title, key: name.rawValue, log: log)
        else { return [] }
        phase.require(.waves)
        guard let items = phase.list(.waves) else { return [] }
        return decoder.waves(items, in: title, at: phase.place(of: .waves)).map(\.wave)
    }
}
