import ArgumentParser
import FleetJournal
import FleetModel

/// Which run a verb is about: the one named, else the latest.
struct RunChoice: ParsableArguments {
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("The run's id. Default: the latest run.", valueName: "run"))
    var run: String?

    func summary(in reader: JournalReader) throws -> RunSummary {
        if let run { return try reader.run(matching: run) }
        guard let latest = try reader.runs().first else { throw try UsageError.noRuns(in: reader) }
        return latest
    }
}

extension UsageError {
    /// What is said where a run is wanted before there is one.
    static func noRuns(in reader: JournalReader) throws -> UsageError {
        .noRuns(latest: try reader.planIDs().first)
    }
}
