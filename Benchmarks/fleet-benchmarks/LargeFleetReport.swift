import FleetJournal
import Foundation

/// (b) The fleet we must not be too slow for.
struct LargeFleetReport {
    let workshop: Workshop
    let rounds = 3
    let looks = 9

    private struct Figures {
        var runs: [FleetFigures] = []
        var floor = Samples()
        var peakMemory: [Int] = []
        var reopening = Samples()
        var plan = Samples()
        var status = Samples()
        var killedReopening = Samples()
        var killedStatus = Samples()
        var killedAt: [Int] = []
    }

    func section() throws -> Section {
        var figures = Figures()
        for _ in 0..<rounds {
            try measureWhole(&figures)
            try measureKilled(&figures)
        }
        return section(figures)
    }

    /// A run to its end, then looks at what it left.
    private func measureWhole(_ figures: inout Figures) throws {
        let path = try workshop.newPath("journal.sqlite")
        let lead = try workshop.child(["lead", FleetShape.large.name, path], FleetFigures.self)
        figures.runs.append(lead.figures)
        figures.peakMemory.append(lead.peakMemory)
        let floor = InsertFloor(
            path: try workshop.newPath("floor.sqlite"), batches: lead.figures.batches)
        figures.floor.append(try floor.measure())
        try look(at: path, &figures.status)
        let reopening = try workshop.child(["reopen", path], Reopening.Figures.self)
        figures.reopening.append(reopening.figures.elapsed)
        figures.plan.append(reopening.figures.plan)
        figures.peakMemory.append(reopening.peakMemory)
    }

    /// A run that is killed at about half of its events, and looks at what is left.
    private func measureKilled(_ figures: inout Figures) throws {
        let path = try workshop.newPath("journal.sqlite")
        let half = FleetShape.large.clusters * FleetShape.large.steps
        let child = try ChildProcess([workshop.program, "lead", FleetShape.large.name, path])
        while try events(at: path) < half { usleep(20_000) }
        child.kill()
        _ = child.end()
        figures.killedAt.append(try events(at: path))
        try look(at: path, &figures.killedStatus)
        let reopening = try workshop.child(["reopen", path], Reopening.Figures.self)
        figures.killedReopening.append(reopening.figures.elapsed)
    }

    private func events(at path: String) throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        // The child may be just making the file.
        return (try? JournalDatabase.openForReading(path: path).runs().first?.lastSequence) ?? 0
    }

    private func look(at path: String, _ samples: inout Samples) throws {
        let reader = try JournalDatabase.openForReading(path: path)
        guard let run = try reader.runs().first else { throw BenchmarkFailure("No run is left.") }
        for _ in 0..<looks {
            let end = try ChildProcess.run(
                [workshop.bellwether, "status", run.id.rawValue, "--journal", path])
            guard end.succeeded else {
                throw BenchmarkFailure(String(decoding: end.errors, as: UTF8.self))
            }
            samples.append(end.elapsed)
        }
    }
}

// MARK: - Telling

extension LargeFleetReport {
    private func section(_ figures: Figures) -> Section {
        var section = Section(
            "(b) 10,000 clusters, 10 steps each that do nothing, 500 at once",
            columns: ["what", "median", "worst", "floor", "÷ floor", "aim"])
        let elapsed = Samples(figures.runs.map(\.elapsed))
        section.add(
            "run, end to end", elapsed.median.words, elapsed.longest.words,
            "\(figures.floor.median.words) (bare inserts)",
            elapsed.median.times(figures.floor.median), "< 60 s")
        add("decision, median of a run", figures.runs.map(\.decisionMedian), "", to: &section)
        add("decision, p99 of a run", figures.runs.map(\.decision99th), "< 1 ms", to: &section)
        add("decision, longest of a run", figures.runs.map(\.decisionLongest), "", to: &section)
        let memory = (figures.peakMemory.max() ?? 0) >> 20
        section.add("peak memory, run and resume", "", "\(memory) MiB", "", "", "< 200 MB")
        add("resume, whole journal", figures.reopening.values, "< 2 s", to: &section)
        add("… of which reading the plan", figures.plan.values, "", to: &section)
        add("resume, killed in the middle", figures.killedReopening.values, "< 2 s", to: &section)
        add("`status`, after the run", figures.status.values, "< 150 ms", to: &section)
        add("`status`, killed in the middle", figures.killedStatus.values, "< 150 ms", to: &section)
        remark(figures, in: &section)
        return section
    }

    private func add(
        _ what: String, _ values: [Duration], _ aim: String, to section: inout Section
    ) {
        let samples = Samples(values)
        section.add(what, samples.median.words, samples.longest.words, "", "", aim)
    }

    private func remark(_ figures: Figures, in section: inout Section) {
        let turns = figures.runs.map { "\($0.events) events in \($0.turns) turns" }
        section.remark("\(rounds) rounds: \(turns.joined(separator: ", ")).")
        section.remark(
            "The floor puts the same rows in the same batches into a bare table through GRDB, "
                + "synchronous=FULL.")
        section.remark(
            "kill -9 after \(figures.killedAt.map(String.init).joined(separator: ", ")) events.")
    }
}
