public import FleetModel

/// A plan as one JSON object, for `plan --format json`.
///
/// Durations are in seconds. Manifests are named, not quoted: they can be
/// large, and the hash stands for them.
public enum PlanJSON {
    public static func text(_ plan: Plan, id: RunID, hash: String) -> String {
        JSON(present: [
            "id": .string(id.rawValue),
            "sha256": .string(hash),
            "takeover": takeover(plan.takeover),
            "policy": .string(plan.policy),
            "limits": limits(plan.limits),
            "phases": .array(plan.phases.map { phase($0, in: plan) }),
            "clusters": .array(plan.clusters.map(cluster)),
            "managementClusters": .array(plan.managementClusters.map(cluster)),
            "bastions": .array(plan.bastions.map(bastion)),
            "leftOut": .array(plan.leftOut.map(leftOut)),
            "windows": plan.windows.map(windows),
        ]).description
    }

    private static func takeover(_ takeover: Takeover) -> JSON {
        JSON(present: [
            "name": .string(takeover.name),
            "runbook": .string(takeover.runbook),
            "revision": .string(takeover.revision.rawValue),
            "version": .string(takeover.version),
            "oldRevision": .string(takeover.oldRevision.rawValue),
            "parameters": .object(takeover.parameters),
            "manifests": .array(takeover.manifests.keys.sorted().map(JSON.string)),
            "rollsBack": takeover.rollsBack.map { .string($0.rawValue) },
        ])
    }

    private static func limits(_ limits: Plan.Limits) -> JSON {
        JSON(present: [
            "maxConcurrency": JSON(limits.maxConcurrency),
            "managementConcurrency": limits.managementConcurrency.map { JSON($0) },
            "maxFailures": limits.maxFailures.map { JSON($0) },
            "maxDeferred": JSON(limits.maxDeferred),
            "maxAttempts": JSON(limits.maxAttempts),
            "drainDeadline": JSON(limits.drainDeadline),
        ])
    }
}

// MARK: - Phases

extension PlanJSON {
    private static func phase(_ phase: Phase, in plan: Plan) -> JSON {
        [
            "name": .string(phase.name),
            "steps": .array(phase.steps.map(step)),
            "waves": .array(phase.waves.map { wave($0, in: plan) }),
        ]
    }

    private static func step(_ step: StepOutline) -> JSON {
        [
            "name": .string(step.name),
            "title": .string(step.title),
            "interrupt": .string(step.interrupt.rawValue),
            "endsAtSafePoint": .bool(step.endsAtSafePoint),
            "isBaseline": .bool(step.isBaseline),
        ]
    }

    private static func wave(_ wave: Wave, in plan: Plan) -> JSON {
        [
            "name": .string(wave.name),
            "clusters": JSON(wave.clusters),
            "isCanary": .bool(wave.isCanary),
            "maxConcurrency": JSON(wave.maxConcurrency),
            "maxFailures": JSON(wave.maxFailures),
            "soak": JSON(wave.soak),
            "progressDeadline": JSON(wave.progressDeadline),
            "needsApproval": .bool(wave.needsApproval),
            "exposure": .string(wave.exposure.rawValue),
            "worstCase": JSON(plan.worstCase(of: wave)),
        ]
    }
}

// MARK: - Windows

extension PlanJSON {
    private static func windows(_ windows: Windows) -> JSON {
        [
            "overrun": .string(windows.overrun.rawValue),
            "margin": JSON(windows.margin),
            "rules": .array(windows.rules.map(rule)),
        ]
    }

    private static func rule(_ rule: WindowRule) -> JSON {
        JSON(present: [
            "effect": .string(rule.effect.rawValue),
            "span": .string("\(rule.span)"),
            "zone": .string(rule.zone),
            "clusters": rule.clusters.map { .string("\($0)") },
            "phases": .array(rule.phases.map(JSON.string)),
        ])
    }
}

// MARK: - Clusters

extension PlanJSON {
    private static func cluster(_ cluster: Cluster) -> JSON {
        JSON(present: [
            "name": .string(cluster.name.rawValue),
            "context": .string(cluster.context.rawValue),
            "kubeconfig": cluster.kubeconfig.map(JSON.string),
            "management": cluster.management.map { .string($0.rawValue) },
            "registeredName": .string(cluster.registeredName),
            "bastion": cluster.bastion.map { .string($0.rawValue) },
            "region": cluster.region.map(JSON.string),
            "labels": JSON(cluster.labels),
            "order": cluster.order.map { JSON($0) },
        ])
    }

    private static func bastion(_ bastion: Bastion) -> JSON {
        JSON(present: [
            "name": .string(bastion.name.rawValue),
            "ssh": bastion.sshAlias.map(JSON.string),
            "host": bastion.host.map(JSON.string),
            "port": bastion.port.map { JSON($0) },
            "user": bastion.user.map(JSON.string),
            "via": bastion.via.map { .string($0.rawValue) },
        ])
    }

    private static func leftOut(_ leftOut: Plan.LeftOut) -> JSON {
        ["cluster": .string(leftOut.cluster.rawValue), "reason": .string(leftOut.reason)]
    }
}
