public import FleetModel

/// A cluster's preflight as one line of JSON.
public enum PreflightJSON {
    public static func text(_ report: PreflightReport, checks: [PreflightCheck]) -> String {
        JSON.object([
            "cluster": .string(report.cluster.rawValue),
            "isReady": .bool(report.isReady),
            "trouble": report.trouble.map(JSON.string) ?? .null,
            "checks": .array(checks.map { .string($0.number) }),
            "findings": .array(report.findings.map { finding($0, checks) }),
        ]).description
    }

    private static func finding(_ finding: Finding, _ checks: [PreflightCheck]) -> JSON {
        [
            "check": .string(finding.check),
            "severity": .string(finding.severity.rawValue),
            "words": .string(finding.words),
            "cure": .string(checks.first { $0.number == finding.check }?.cure ?? ""),
        ]
    }
}
