import ArgumentParser
import FleetConfig
import FleetModel
import FleetTerminal

struct ExecVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command on many clusters, each where it is reached.",
        discussion: """
            Each cluster's own context is put in. What may change something is
            refused without --changes. Exits with 3 when the command fails on a
            cluster.

            Examples:
              bellwether exec edge-01,edge-02 -- kubectl get nodes
              bellwether exec --selector tier=gold -- istioctl version
            """)

    @Argument(help: "Clusters by name, with commas between them.")
    var clusters: String?
    @Argument(parsing: .postTerminator, help: "The command: kubectl, istioctl, helm, flux or oc.")
    var command: [String]
    @OptionGroup var choice: ClusterChoice
    @Flag(help: "Let the command change something.")
    var changes = false
    @Option(help: ArgumentHelp("How long it may take on a cluster.", valueName: "seconds"))
    var deadline = 60
    @OptionGroup var concurrency: ConcurrencyOptions
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var passphrases: PassphraseOptions

    func validate() throws {
        guard deadline > 0 else { throw ValidationError("--deadline should be above 0.") }
    }

    func run() async throws {
        let tool = try ToolCommand(command)
        guard changes || tool.onlyReads else {
            throw UsageError.changesNotAllowed(command.joined(separator: " "))
        }
        let fleet = try Wiring(project: project).fleet()
        let names = (clusters ?? "").split(separator: ",").map(String.init)
        let chosen = try choice.clusters(named: names, in: fleet)
        var failures = 0
        let executors = Executors(project: project, passphrases: passphrases.source)
        let bastions = fleet.bastions(leadingTo: chosen)
        try await executors.with(bastions, tidying: changes) { executor in
            let session = ExecSession(
                executor: executor, tool: tool, isMutating: changes, deadline: .seconds(deadline),
                maxConcurrency: concurrency.maxConcurrency)
            await session.run(on: chosen) { answer in
                failures += answer.result.succeeded ? 0 : 1
                show(answer)
            }
        }
        if failures > 0 { throw FleetModel.ExitCode.completedWithExceptions }
    }

    private func show(_ answer: ExecAnswer) {
        let speech = Speech.standard
        switch output.format {
        case _ where output.quiet:
            if !answer.result.succeeded { speech.tell(answer.cluster.name.rawValue) }
        case .json: speech.tell(answer.json)
        case .table:
            speech.tell(
                ExecView.draw(answer.result, of: answer.cluster, style: Screen.style))
        }
    }
}
