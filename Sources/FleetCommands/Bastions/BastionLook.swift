import FleetModel
import FleetRunner

/// One look at a bastion: what can be asked in one line, and what it answered.
struct BastionLook: Sendable {
    let result: CommandResult
    /// `nil` when there was no answer.
    let survey: BastionSurvey?
    /// How far its clock is ahead of ours.
    let skew: Duration?

    static func take(
        at bastion: Bastion, for clusters: [Cluster], by executor: any CommandExecutor,
        now: @Sendable () -> Timestamp = { .now }
    ) async -> BastionLook {
        let files = Set(clusters.compactMap(\.kubeconfig)).sorted()
        let command = BastionSurvey.command(for: bastion, kubeconfigs: files)
        let before = now()
        let id = CommandID("check.\(bastion.name).\(before.milliseconds)")
        let result = await executor.run(command, id: id)
        let survey = result.succeeded ? BastionSurvey(answer: result.stdoutText) : nil
        // Its clock was read about halfway.
        let halfway = before + (now() - before) / 2
        let skew = survey?.clock.map { Timestamp(milliseconds: $0 * 1_000) - halfway }
        return BastionLook(result: result, survey: survey, skew: skew)
    }

    /// Why there was no answer, if there was none.
    var failure: String? {
        guard !result.succeeded else { return nil }
        let last = result.stderrText.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return "\(result.ending)\(last)"
    }
}
