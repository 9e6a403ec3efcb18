import FleetModel

/// Istio's own look at its configuration (P14), where somebody named an istioctl.
struct ConfigurationAnalysis: Sendable {
    private let move: Move
    private let istioctl: Istioctl

    /// `nil` when nobody named an istioctl; `isOurTool` says that the takeover needs one in any
    /// case.
    init?(_ move: Move, isOurTool: Bool = false) {
        let cluster = move.situation.cluster
        let isNamed = isOurTool || cluster.tools[ClusterTool.istioctl.rawValue] != nil
        guard move.settings.comparesAnalysis || (isNamed && move.settings.analysis == nil) else {
            return nil
        }
        (self.move, istioctl) = (move, Istioctl(cluster: cluster))
    }

    var analysis: Reading {
        .report(
            istioctl.ask(
                ["analyze", "-A", "-o", "json", "--failure-threshold", "Error"],
                purpose: "have istioctl analyze the configuration"))
    }

    private var precheck: Reading {
        .report(istioctl.ask(["x", "precheck"], purpose: "have istioctl look before the upgrade"))
    }

    var readings: [Reading] { [analysis, precheck] }

    /// What the preflight says of it, but for what is `expected`.
    func findings(
        _ view: ClusterView, expecting isExpected: (AnalysisReport.Message) -> Bool
    ) throws(Pause) -> [Finding] {
        let precheck = PrecheckReport(try view.report(of: precheck))
        let analysis = try view.report(of: analysis)
        let report = AnalysisReport(analysis)
        let found = (report?.errors ?? []) + precheck.messages.filter { $0.level != "Info" }
        var seen: Set<String> = []
        let fresh = found.filter { !isExpected($0) && seen.insert($0.key).inserted }
        return fresh.filter(\.isError).prefix(Self.shown).map { finding("\($0)") }
            + hidden(fresh.filter(\.isError).count)
            + fresh.filter { !$0.isError }.map { .warn("P14", "\($0)") }
            + (precheck.trouble.map { [.warn("P14", "istioctl x precheck: \($0)")] } ?? [])
            + (report == nil
                ? [.warn("P14", "istioctl analyze does not answer: \(analysis.lastLine)")] : [])
    }

    private func hidden(_ count: Int) -> [Finding] {
        count > Self.shown ? [finding("and \(count - Self.shown) errors more")] : []
    }

    private func finding(_ words: String) -> Finding {
        move.settings.analysis == .block ? .block("P14", words) : .warn("P14", words)
    }

    /// More would hide what the other checks say.
    private static let shown = 20

    /// The errors as they are now.
    func errors(_ view: ClusterView) throws(Pause) -> [AnalysisReport.Message] {
        let report = try view.report(of: analysis)
        guard let found = AnalysisReport(report) else {
            throw .unclear("istioctl analyze does not answer: \(report.lastLine)")
        }
        return found.errors
    }
}
