import FleetModel

/// The parameters that every runbook has, read, with what stands for those not given.
///
/// A value of the wrong form reads as not given: ``ParameterTable`` has refused it long
/// before a step is made.
struct MoveSettings: Hashable, Sendable {
    private let parameters: [String: JSON]

    init(_ parameters: [String: JSON]) { self.parameters = parameters }

    /// How long every probe must keep answering with the new revision: an old
    /// operator may turn its injector on again.
    var probeHold: Duration { duration(.probeHold) ?? .seconds(60) }

    /// How long what has moved must stay well before the next workload is restarted.
    var settle: Duration { duration(.settle) ?? .seconds(20) }

    /// How far apart the two looks are that prove the old revision unused.
    var proofHold: Duration { duration(.proofHold) ?? .seconds(30) }

    /// The longest wait between two looks; `nil` leaves it to each step.
    var poll: Duration? { duration(.poll) }

    /// Workloads to restart before or after all others, as `namespace/name`.
    var first: [String] { list(.first) }
    var last: [String] { list(.last) }

    /// What becomes of a workload that does not come up again after its restart.
    enum FailedRollout: String, CaseIterable, Sendable { case undo, leave }

    var failedRollout: FailedRollout {
        self[.failedRollout]?.string.flatMap(FailedRollout.init) ?? .undo
    }

    /// Whether to go on although some pods cannot be moved.
    var allowsLeftBehind: Bool { self[.allowLeftBehind]?.bool ?? false }

    /// Whether to go on although the versions are further apart than Istio supports.
    var allowsSkew: Bool { self[.allowSkew]?.bool ?? false }

    /// Whether the takeover's operator has said that these pods may lose their
    /// control plane: by their own name or that of what controls them.
    func isWaived(_ pod: Pod) -> Bool {
        let waived = list(.waived)
        return !waived.isEmpty && pod.names.contains(where: waived.contains)
    }

    /// The same of a proxy that the API server knows nothing of.
    func isWaived(_ name: String) -> Bool { list(.waived).contains(name) }

    /// Whether the old istiods are asked which proxies are connected to them.
    var asksIstiod: Bool { self[.askIstiod]?.bool ?? true }

    /// Whether pods of the two revisions have to reach each other before workloads move.
    var testsTraffic: Bool { self[.testTraffic]?.bool ?? true }

    /// What becomes of errors that `istioctl analyze` finds.
    enum Analysis: String, CaseIterable, Sendable { case off, warn, block }

    /// `nil` leaves it to the inventory: who names an istioctl is warned.
    var analysis: Analysis? { self[.analysis]?.string.flatMap(Analysis.init) }

    /// Whether the errors of before are noted and those of afterwards held against them.
    var comparesAnalysis: Bool { analysis == .warn || analysis == .block }

    /// Whether the clusters are OpenShift's.
    var isOpenShift: Bool { text(.platform) == "openshift" }

    var testNamespace: String { text(.testNamespace) ?? "petstore" }
    var testImage: String { text(.testImage) ?? "openapitools/openapi-petstore" }
    var clientImage: String { text(.clientImage) ?? "curlimages/curl:7.73.0" }

    /// The requests that show whether users are served.
    var probes: [TrafficProbe] { (self[.probes]?.array ?? []).compactMap(TrafficProbe.init) }
    var hasProbes: Bool { self[.probes]?.array?.isEmpty == false }

    /// How many of a probe's requests may fail, in percent.
    var probeErrors: Int { self[.probeErrors]?.percent ?? 0 }

    private subscript(parameter: MoveParameter) -> JSON? { parameters[parameter.rawValue] }

    private func text(_ parameter: MoveParameter) -> String? { self[parameter]?.nonEmpty }

    private func list(_ parameter: MoveParameter) -> [String] {
        (self[parameter]?.array ?? []).compactMap(\.string)
    }

    private func duration(_ parameter: MoveParameter) -> Duration? {
        self[parameter]?.string.flatMap(Duration.init(text:))
    }
}
