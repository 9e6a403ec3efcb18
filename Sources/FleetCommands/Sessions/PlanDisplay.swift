import FleetJournal
import FleetModel
import FleetTerminal
import Takeovers

/// Shows plans the way the operator wants them.
struct PlanDisplay {
    let output: OutputOptions

    func show(_ stored: StoredPlan, isBeginning: Bool = false) {
        let speech = Speech.standard
        let (document, id) = (stored.document, RunID(stored.id.rawValue))
        switch output.format {
        case _ where output.quiet: speech.tell(stored.id.rawValue)
        case .json:
            speech.tell(PlanJSON.text(document.plan, id: id, hash: document.hash))
        case .table:
            speech.tell(
                PlanView.draw(
                    document.plan, id: id, hash: document.hash, isBeginning: isBeginning,
                    width: Screen.width, style: Screen.style))
        }
    }
}

// MARK: - Explaining

extension PlanDisplay {
    func explain(_ name: ClusterName, in plan: Plan) throws {
        let steps = try steps(on: name, in: plan)
        switch output.format {
        case .json: Speech.standard.tell(ExplainJSON.text(plan, cluster: name, steps: steps))
        case .table:
            Speech.standard.tell(
                ExplainView.draw(
                    plan, cluster: name, steps: steps, width: Screen.width, style: Screen.style))
        }
    }

    private func steps(on name: ClusterName, in plan: Plan) throws -> [ExplainedStep] {
        let cluster = try cluster(name, in: plan)
        let runbook = try Runbooks.required(plan.takeover.runbook)
        let situation = plan.situation(of: cluster, run: "<run>", epoch: 1)
        return plan.phases.flatMap { phase in
            runbook.allSteps(of: phase.name, in: situation).map {
                ExplainedStep(phase: phase.name, $0.paced(by: cluster.speed))
            }
        }
    }

    private func cluster(_ name: ClusterName, in plan: Plan) throws -> Cluster {
        if let cluster = plan.clusters.first(where: { $0.name == name }) { return cluster }
        if let leftOut = plan.leftOut.first(where: { $0.cluster == name }) {
            throw UsageError.clusterLeftOut(name, reason: leftOut.reason)
        }
        throw UsageError.unknownCluster(name, known: plan.clusters.map(\.name))
    }
}
