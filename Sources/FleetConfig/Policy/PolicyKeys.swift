/// The keys of a rollout policy.
enum PolicyKey: String, ConfigurationKey {
    case rollout, clusters, maxConcurrency, managementConcurrency, maxFailures, maxDeferred
    case maxAttempts, drainDeadline, unplaced, windows, defaults, waves, phases
}

/// The keys of a wave.
enum WaveKey: String, ConfigurationKey {
    case name, canary, clusters, maxConcurrency, maxFailures, allowTotalLoss, soak
    case progressDeadline, exposure, gate

    /// The keys that may be the same for every wave.
    static let ofDefaults: [WaveKey] = [
        .maxConcurrency, .maxFailures, .allowTotalLoss, .soak, .progressDeadline, .exposure, .gate,
    ]
}

enum GateKey: String, ConfigurationKey {
    case approval
}

enum PhaseKey: String, ConfigurationKey {
    case waves
}

enum WindowsKey: String, ConfigurationKey {
    case overrun, margin, allow, deny
}

/// The keys of an entry of `allow` or `deny`.
enum WindowRuleKey: String, ConfigurationKey {
    case days, from, to, zone, clusters, phases
}

enum SelectorKey: String, ConfigurationKey {
    case matchLabels, matchExpressions
}

enum RequirementKey: String, ConfigurationKey {
    case key, `operator`, values
}

/// The phases a runbook may have, in the words of the glossary.
enum PhaseName: String, ConfigurationKey {
    case prepare, takeover, retire
}
