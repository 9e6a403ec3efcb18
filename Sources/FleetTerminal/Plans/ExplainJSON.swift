public import FleetModel

/// Everything a plan would do on one cluster as one JSON object, for
/// `plan --explain --format json`.
///
/// Durations are in seconds. What only the cluster knows stands between `<` and
/// `>`, and secrets are taken out.
public enum ExplainJSON {
    public static func text(_ plan: Plan, cluster: ClusterName, steps: [ExplainedStep]) -> String {
        JSON.object([
            "cluster": .string(cluster.rawValue),
            "takeover": .string(plan.takeover.name),
            "through": .array(way(to: cluster, in: plan).map { .string($0.rawValue) }),
            "steps": .array(steps.map(step)),
        ]).description
    }

    private static func way(to name: ClusterName, in plan: Plan) -> [BastionName] {
        plan.clusters.first { $0.name == name }.map(plan.way) ?? []
    }

    private static func step(_ explained: ExplainedStep) -> JSON {
        let (step, preview) = (explained.step, explained.preview)
        return [
            "phase": .string(explained.phase),
            "name": .string(step.name),
            "title": .string(step.title),
            "interrupt": .string(step.interrupt.rawValue),
            "timeout": JSON(explained.timeout),
            "poll": JSON(explained.poll),
            "hold": JSON(explained.hold),
            "reads": .array(preview.reads.map(reading)),
            "acts": .array(preview.acts.map(command)),
            "proof": .string(preview.proof),
            "keeps": .array(preview.keeps.map { .string($0) }),
            "remedies": .array(preview.remedies.map(command)),
            "compensation": .array(preview.compensation.map(command)),
        ]
    }

    private static func reading(_ reading: Reading) -> JSON {
        switch reading {
        case .path(let path, let target):
            ["path": .string(path), "target": .string(target.rawValue)]
        case .command(let command, let target):
            ["command": self.command(command), "target": .string(target.rawValue)]
        case .output(let command), .report(let command), .trial(let command):
            ["command": self.command(command)]
        }
    }

    private static func command(_ command: Command) -> JSON {
        JSON(present: [
            "argv": .array(command.argv.map { .string(command.redacted($0)) }),
            "stdin": command.stdin.map { .string(command.redacted($0)) },
            "bastion": command.place.bastion.map { .string($0.rawValue) },
            "isMutating": .bool(command.isMutating),
            "deadline": JSON(command.deadline),
            "purpose": .string(command.purpose),
        ])
    }
}
