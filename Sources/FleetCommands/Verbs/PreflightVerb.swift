import ArgumentParser
import FleetModel
import FleetTerminal
import Takeovers

struct PreflightVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "See which clusters are ready for a takeover, check by check.",
        discussion: """
            Changes nothing. A run asks the same before it touches a cluster, and puts
            aside one that is not ready. Exits with 3 when a cluster is not.

            Examples:
              bellwether preflight gloo-1-25 --policy careful
              bellwether preflight gloo-1-25 --policy careful --cluster edge-01
            """)

    @Argument(help: "The takeover: a name in Policies/Takeovers/, or a path.")
    var takeover: String
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only these clusters of the plan.", valueName: "cluster"))
    var cluster: [String] = []
    @OptionGroup var concurrency: ConcurrencyOptions
    @OptionGroup var options: PlanOptions
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var passphrases: PassphraseOptions

    func run() async throws {
        let plan = try Wiring(project: project).plan(takeover, options)
        let runbook = try Runbooks.required(plan.takeover.runbook)
        let clusters = try chosen(in: plan)
        let executors = Executors(project: project, passphrases: passphrases.source)
        let reports = try await executors.with(plan.bastions, tidying: false) { executor in
            let session = PreflightSession(
                plan: plan, runbook: runbook, executor: executor,
                maxConcurrency: concurrency.maxConcurrency, clock: .live)
            return await session.examine(clusters)
        }
        show(reports, runbook.checks)
        if !reports.allSatisfy(\.isReady) { throw FleetModel.ExitCode.completedWithExceptions }
    }

    private func chosen(in plan: Plan) throws -> [Cluster] {
        guard !cluster.isEmpty else { return plan.clusters }
        return try cluster.map { name in
            guard let known = plan.clusters.first(where: { $0.name.rawValue == name }) else {
                throw UsageError.unknownCluster(
                    ClusterName(name), known: plan.clusters.map(\.name))
            }
            return known
        }
    }

    private func show(_ reports: [PreflightReport], _ checks: [PreflightCheck]) {
        let speech = Speech.standard
        switch output.format {
        case _ where output.quiet:
            speech.tell(reports.filter { !$0.isReady }.map(\.cluster.rawValue))
        case .json: speech.tell(reports.map { PreflightJSON.text($0, checks: checks) })
        case .table:
            speech.tell(
                PreflightView.draw(
                    reports, checks: checks, width: Screen.width, style: Screen.style))
        }
    }
}
