import FleetModel
import Testing

@testable import Takeovers

extension World {
    /// What a runbook's preflight finds, of which a path may not be read.
    func findings(
        by runbook: any Runbook.Type = GlooRunbook.self, in situation: Situation = .gloo(),
        refusing path: String? = nil
    ) -> [Finding] {
        var context = StepContext(now: now)
        for _ in 0..<12 {
            switch runbook.preflight(in: situation, context) {
            case .findings(let findings): return findings
            case .needs(let readings):
                for reading in readings { context.readings[reading] = answer(reading) }
                if let path { context.readings[.path(path, on: .cluster)] = .refused("no") }
            case let other:
                Issue.record("\(other)")
                return []
            }
        }
        Issue.record("the preflight never stops asking")
        return []
    }

    /// The same at a stage of the Gloo scenario, once it was changed.
    static func findings(
        _ takeover: Takeover = .gloo(), at stage: String = "00",
        by runbook: any Runbook.Type = GlooRunbook.self, refusing path: String? = nil,
        _ change: (inout World) throws -> Void
    ) throws -> [Finding] {
        var world = try World(stage)
        try change(&world)
        return world.findings(by: runbook, in: .gloo(takeover), refusing: path)
    }

    /// The same of one check.
    func findings(
        of check: String, by runbook: any Runbook.Type = GlooRunbook.self,
        in situation: Situation = .gloo()
    ) -> [Finding] {
        findings(by: runbook, in: situation).filter { $0.check == check }
    }
}

func found(_ check: String, in findings: [Finding]) -> [Finding] {
    findings.filter { $0.check == check }
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
