import FleetModel

/// What a rehearsal found out as one JSON object. Durations are in seconds.
public enum RehearsalJSON {
    public static func text(_ report: RehearsalReport) -> String {
        JSON(present: [
            "takeover": .string(report.takeover), "policy": .string(report.policy),
            "speed": .double(report.speed), "clusters": JSON(report.clusters),
            "surveyedAt": report.surveyedAt.map { JSON($0) },
            "length": JSON(report.length), "isEstimate": .bool(true),
            "phases": .array(
                report.phases.map { ["name": .string($0.name), "length": JSON($0.length)] }),
            "waves": .array(report.waves.map(wave)),
            "slowestSteps": .array(report.slowestSteps.map(step)),
            "slowestClusters": .array(report.slowestClusters.map(cluster)),
            "troubles": .array(report.troubles.map(trouble)),
            "faults": .array(report.faults.map { fault($0, report) }),
            "halt": report.halt.map(halt),
            "exitCode": JSON(Int(report.exitCode.rawValue)),
            "leftOut": .array(
                report.leftOut.map {
                    ["cluster": .string($0.cluster.rawValue), "reason": .string($0.reason)]
                }),
            "liberties": .array(report.liberties.map(JSON.string)),
            "differences": .array(
                report.differences.map {
                    [
                        "cluster": .string($0.cluster.rawValue),
                        "words": .array($0.words.map(JSON.string)),
                    ]
                }),
        ]).description
    }

    private static func wave(_ wave: RehearsalReport.WaveTime) -> JSON {
        JSON(present: [
            "phase": .string(wave.phase), "name": .string(wave.name),
            "clusters": JSON(wave.clusters), "succeeded": JSON(wave.succeeded),
            "length": wave.length.map { JSON($0) }, "soak": JSON(wave.soak),
            "commands": JSON(wave.commands),
        ])
    }

    private static func step(_ step: RehearsalReport.StepTime) -> JSON {
        [
            "phase": .string(step.phase), "step": .string(step.step),
            "cluster": .string(step.cluster.rawValue), "length": JSON(step.length),
            "commands": JSON(step.commands),
        ]
    }

    private static func cluster(_ cluster: RehearsalReport.ClusterTime) -> JSON {
        [
            "cluster": .string(cluster.cluster.rawValue), "length": JSON(cluster.length),
            "commands": JSON(cluster.commands),
        ]
    }

    private static func trouble(_ trouble: RehearsalReport.Trouble) -> JSON {
        [
            "cluster": .string(trouble.cluster.rawValue), "state": .string(trouble.state.rawValue),
            "phase": .string(trouble.phase), "wave": .string(trouble.wave),
            "step": .string(trouble.step), "words": .string(trouble.words),
        ]
    }

    private static func fault(_ fault: RehearsalReport.Fault, _ report: RehearsalReport) -> JSON {
        [
            "cluster": .string(fault.cluster.rawValue), "fault": .string(fault.name),
            "fate": .string(report.fate(of: fault)),
        ]
    }

    private static func halt(_ halt: RehearsalReport.Halted) -> JSON {
        [
            "reason": .string(halt.reason), "phase": .string(halt.phase),
            "wave": .string(halt.wave), "touched": JSON(halt.touched),
        ]
    }
}
