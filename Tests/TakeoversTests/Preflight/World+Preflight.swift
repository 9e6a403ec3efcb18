import FleetModel

@testable import Takeovers

extension World {
    /// What a runbook's preflight finds; in words where it comes to no end.
    func findings(
        by runbook: any Runbook.Type = GlooRunbook.self, in situation: Situation = .gloo()
    ) -> [Finding] {
        var context = StepContext(now: now)
        for _ in 0..<12 {
            switch runbook.preflight(in: situation, context) {
            case .findings(let findings): return findings
            case .needs(let readings):
                for reading in readings { context.readings[reading] = answer(reading) }
            case .unclear(let words): return [Finding("unclear", .block, words)]
            case .failed(let failure): return [Finding("failed", .block, failure.reason)]
            }
        }
        return [Finding("failed", .block, "the preflight never stops asking")]
    }

    /// The same of one check.
    func findings(
        of check: String, by runbook: any Runbook.Type = GlooRunbook.self,
        in situation: Situation = .gloo()
    ) -> [Finding] {
        findings(by: runbook, in: situation).filter { $0.check == check }
    }
}
