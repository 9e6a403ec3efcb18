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

extension World {
    /// Has proxies of the cluster that were told a trust domain be told another one.
    mutating func rename(
        trustDomain domain: String, of isMeant: (JSON) -> Bool = { _ in true }
    ) {
        for index in cluster.indices where cluster[index]["kind"] == "Pod" {
            guard isMeant(cluster[index]) else { continue }
            for list in ["containers", "initContainers"] {
                let containers = cluster[index].spec.items(list).map { container in
                    var container = container
                    container["env"] = .array(
                        container.items("env").map { variable in
                            variable["name"] == "TRUST_DOMAIN"
                                ? ["name": "TRUST_DOMAIN", "value": .string(domain)] : variable
                        })
                    return container
                }
                if !containers.isEmpty {
                    cluster[index][path: ["spec", list]] = .array(containers)
                }
            }
        }
    }
}
