import FleetJournal
import FleetModel
import Foundation

/// A directory of a test's own, gone when the test is.
final class Scratch: Sendable {
    let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "journal-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
    }

    // Nothing depends on the directory being gone.
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var path: String { directory + "/journal.sqlite" }

    /// Opens the journal without patience, so that no test waits long for a lock.
    func open(patience: Duration = .milliseconds(50)) throws -> JournalDatabase {
        try JournalDatabase(path: path, patience: patience)
    }

    func bytes(of name: String = "journal.sqlite") throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name)))
    }

    func overwrite(_ bytes: [UInt8], name: String = "journal.sqlite") throws {
        try Data(bytes).write(to: URL(fileURLWithPath: directory + "/" + name))
    }

    /// The permission bits of a file in the directory.
    func permissions(of name: String) throws -> Int? {
        let path = directory + "/" + name
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return attributes[.posixPermissions] as? Int
    }
}

/// Minutes since 1970, for tests that only care about the order.
func minute(_ count: Int64) -> Timestamp { Timestamp(milliseconds: count * 60_000) }

extension JournalDatabase {
    /// A run to play with, and the lead of it.
    func leadNewRun(_ plan: Plan = .small(), host: String = "here") throws -> RunLock {
        let stored = try save(try PlanDocument(plan), at: minute(0))
        let run = try createRun(of: stored.id, at: minute(0))
        return try acquire(run, host: host, pid: 1, at: minute(0))
    }
}

extension Plan {
    /// A plan that differs from others by its takeover's name only.
    static func small(_ name: String = "istio") -> Plan {
        let takeover = Takeover(
            name: name, runbook: "gloo", revision: "1-25", version: "1.25.3-solo",
            parameters: ["waits": .double(2), "large": .int(.max), "none": .null])
        let steps = [StepOutline("observe", title: "look")]
        let waves = [
            Wave("canary", clusters: ["edge-01"], isCanary: true, soak: .seconds(600)),
            Wave("rest", clusters: ["edge-02", "edge-03"], maxConcurrency: 2),
        ]
        return Plan(
            takeover: takeover, policy: "careful",
            phases: [Phase("prepare", steps: steps, waves: waves)],
            clusters: [
                Cluster("edge-01", labels: ["b": "2", "a": "ünï"]), Cluster("edge-02"),
                Cluster("edge-03", context: "arn:aws:eks/x"),
            ], leftOut: [Plan.LeftOut("edge-09", because: "hold: \"asked\"")])
    }
}
