import FleetJournal
import FleetModel

/// What of which run is to be taken back.
struct RollbackTarget {
    let run: RunSummary
    let plan: Plan
    let clusters: [ClusterName]

    /// Reads `CLUSTER[,CLUSTER]`, `WAVE` or `RUN`. A cluster or a wave is one of the run named
    /// beside it, else of the latest run that went forward.
    init(_ text: String, ofRun named: String?, in reader: JournalReader) throws {
        if named == nil, let run = try reader.runs().first(where: { $0.id.rawValue == text }) {
            try self.init(all: run, in: reader)
            return
        }
        let (run, plan) = try Self.run(named, in: reader)
        if let clusters = try Self.clusters(text, of: plan) {
            self.init(run: run, plan: plan, clusters: clusters)
            return
        }
        guard named == nil, let run = try? reader.run(matching: text) else {
            throw RollbackRefusal.unknownTarget(text, in: run.id, waves: plan.waveNames)
        }
        try self.init(all: run, in: reader)
    }

    private init(run: RunSummary, plan: Plan, clusters: [ClusterName]) {
        (self.run, self.plan, self.clusters) = (run, plan, clusters)
    }

    private init(all run: RunSummary, in reader: JournalReader) throws {
        let plan = try reader.plan(matching: run.plan.rawValue).plan
        self.init(run: run, plan: plan, clusters: plan.clusters.map(\.name))
        guard let other = plan.takeover.rollsBack else { return }
        let forward = try? reader.run(matching: other.rawValue)
        throw RollbackRefusal.isRollback(run.id, of: other, plan: forward?.plan)
    }

    private static func run(
        _ named: String?, in reader: JournalReader
    ) throws -> (RunSummary, Plan) {
        if let named {
            let all = try RollbackTarget(all: reader.run(matching: named), in: reader)
            return (all.run, all.plan)
        }
        for run in try reader.runs() {
            let plan = try reader.plan(matching: run.plan.rawValue).plan
            if plan.takeover.rollsBack == nil { return (run, plan) }
        }
        throw try UsageError.noRuns(in: reader)
    }

    /// `nil` when the text names neither clusters of the plan nor one of its waves.
    private static func clusters(_ text: String, of plan: Plan) throws -> [ClusterName]? {
        let names = text.split(separator: ",").map { ClusterName(String($0)) }
        let known = Set(plan.clusters.map(\.name))
        let areClusters = !names.isEmpty && names.allSatisfy(known.contains)
        let waves = plan.phases.flatMap(\.waves).filter { $0.name == text }
        switch (areClusters, waves.isEmpty) {
        case (true, true): return names
        case (true, false): throw RollbackRefusal.ambiguousTarget(text)
        case (false, false): return waves.flatMap(\.clusters)
        case (false, true): return nil
        }
    }
}
