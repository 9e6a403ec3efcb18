import FleetModel

/// The settings of a wave that `defaults` may give for all of them.
struct WaveSettings {
    var maxConcurrency: Amount?
    var maxFailures: Written<Amount>?
    var allowTotalLoss: Bool?
    var soak: Duration?
    var progressDeadline: Duration?
    var exposure: Exposure?
    var needsApproval: Bool?

    init() {}

    init(_ section: Section<WaveKey>) {
        maxConcurrency = section.amount(.maxConcurrency, atLeast: 1)
        maxFailures = section.amount(.maxFailures, atLeast: 0).map {
            Written(value: $0, place: section.place(of: .maxFailures))
        }
        allowTotalLoss = section.flag(.allowTotalLoss)
        soak = section.duration(.soak, in: PolicyLimits.soak)
        progressDeadline = section.duration(
            .progressDeadline, in: PolicyLimits.progressDeadline)
        exposure = section.word(.exposure, of: Exposure.self)
        needsApproval = section.node(.gate).flatMap { gate in
            Section<GateKey>(gate, title: "`gate`", key: "gate", log: section.log)?.flag(.approval)
        }
    }

    /// The settings of one wave, with gaps filled from those of all waves.
    func filled(from defaults: WaveSettings) -> WaveSettings {
        var settings = self
        settings.maxConcurrency = maxConcurrency ?? defaults.maxConcurrency
        settings.maxFailures = maxFailures ?? defaults.maxFailures
        settings.allowTotalLoss = allowTotalLoss ?? defaults.allowTotalLoss
        settings.soak = soak ?? defaults.soak
        settings.progressDeadline = progressDeadline ?? defaults.progressDeadline
        settings.exposure = exposure ?? defaults.exposure
        settings.needsApproval = needsApproval ?? defaults.needsApproval
        return settings
    }
}
