import ArgumentParser
import FleetJournal
import FleetModel
import FleetTerminal
import Foundation

struct RehearseVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Carry a plan out in a lab that looks like the fleet, and touch nothing real.",
        discussion: """
            The lab is made from the last survey of each cluster; time in it runs fast.
            Exits as the real run would have. Faults are those of `lab break --help`, on a
            cluster or on every cluster of a wave.

            Examples:
              bellwether rehearse gloo-1-25 --policy careful
              bellwether rehearse gloo-1-25 --policy careful --fault edge-07=ilm-failed
              bellwether rehearse gloo-1-25 --policy careful \\
                --fault canary=control-plane-never-ready \\
                --fault edge-09=slow,milliseconds=900
            """)

    @Argument(help: "The takeover: a name in Policies/Takeovers/, or a path.")
    var takeover: String
    @OptionGroup var options: PlanOptions
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A fault to play.", valueName: "cluster=fault[,name=value…]"))
    var fault: [String] = []
    @Option(help: "Seconds of lab time for each second of ours.")
    var speed = 10.0
    @Option(help: "What every name and delay of the lab follows from.")
    var seed: UInt64 = 1
    @Flag(help: "Leave out clusters that were never surveyed.")
    var partial = false
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("A step that is taken for done.", valueName: "step"))
    var assume: [String] = []
    @Option(
        help: ArgumentHelp(
            "Keep the rehearsal's journal here, for `status`, `why` and `logs`.",
            valueName: "dir"))
    var keep: String?
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard speed >= 1, speed <= 1_000 else {
            throw ValidationError("--speed should be between 1 and 1000.")
        }
    }

    func run() async throws {
        let faults = try fault.map { text in
            guard let fault = RehearsalFault(text) else { throw UsageError.badFault(text) }
            return fault
        }
        let (plan, surveys) = try surveyedPlan(faults)
        let broken = try faults.flatMap { try $0.placed(in: plan) }
        let report = try await inDirectory { directory in
            Speech.standard.remark(
                "Rehearsing \(counted(plan.clusters.count, "cluster")) in \(directory.path); "
                    + "nothing real is touched.")
            return try await RehearsalSession(
                plan: plan, surveys: surveys, broken: broken, speed: speed, seed: seed,
                assuming: assume, directory: directory, audience: audience
            ).run()
        }
        show(report)
        if report.exitCode != .completed { throw report.exitCode }
    }

    /// A step that is misspelt would be rehearsed, and told of as if it had not been.
    private func expectSteps(in plan: Plan) throws {
        let known = plan.stepNames
        for name in assume where !known.contains(name) {
            throw UsageError.unknownStep(name, known: known)
        }
    }

    /// Only a person at a terminal wants to watch.
    private var audience: any RunAudience {
        let isWatched = Screen.isTerminal && output.format == .table && !output.quiet
        return isWatched ? LiveAudience() : QuietAudience()
    }

    // MARK: - What is rehearsed

    /// The plan for the clusters that have a survey, and the surveys.
    ///
    /// What was misspelt comes out before what was never surveyed.
    private func surveyedPlan(
        _ faults: [RehearsalFault]
    ) throws -> (Plan, [ClusterName: KeptSurvey]) {
        let wiring = Wiring(project: project)
        let whole = try wiring.plan(takeover, options)
        try expectSteps(in: whole)
        for fault in faults { _ = try fault.placed(in: whole) }
        let surveys = try keptSurveys(of: whole.clusters.map(\.name), wiring)
        let missing = whole.clusters.map(\.name).filter { surveys[$0] == nil }
        guard !missing.isEmpty else { return (whole, surveys) }
        guard partial else { throw UsageError.notSurveyed(missing) }
        let plan = try wiring.plan(takeover, options) { fleet in
            for index in fleet.clusters.indices where missing.contains(fleet.clusters[index].name) {
                fleet.clusters[index].hold = "it was never surveyed"
            }
        }
        return (plan, surveys)
    }

    private func keptSurveys(
        of clusters: [ClusterName], _ wiring: Wiring
    ) throws -> [ClusterName: KeptSurvey] {
        // Who has no journal has surveyed nothing yet.
        guard FileManager.default.fileExists(atPath: project.journalPath) else { return [:] }
        return try wiring.reader().latestSurveys(of: clusters)
    }

    /// A directory that goes with the rehearsal, unless it is to be kept.
    private func inDirectory<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let manager = FileManager.default
        let directory =
            keep.map { URL(filePath: $0).absoluteURL }
            ?? manager.temporaryDirectory.appending(path: "bellwether-\(UUID().uuidString)")
        // Never into the journal of real runs, nor over a former rehearsal.
        guard !manager.fileExists(atPath: directory.appending(path: "journal.sqlite").path) else {
            throw UsageError.keptAlready(directory.path)
        }
        try manager.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            // What can't be removed is left to the host's own cleaning of /tmp.
            if keep == nil { try? manager.removeItem(at: directory) }
        }
        return try await body(directory)
    }

    // MARK: - Showing

    private func show(_ report: RehearsalReport) {
        let speech = Speech.standard
        switch output.format {
        case _ where output.quiet: speech.tell(report.troubles.map(\.cluster.rawValue))
        case .json: speech.tell(RehearsalJSON.text(report))
        case .table:
            speech.tell(RehearsalView.draw(report, width: Screen.width, style: Screen.style))
        }
    }
}
