import ArgumentParser
import FleetJournal
import FleetModel

struct PlanVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Work out what a takeover would do, cluster by cluster, and touch nothing.",
        discussion: """
            Examples:
              bellwether plan gloo-1-25 --policy careful
              bellwether plan gloo-1-25 --policy careful --explain edge-01
            """)

    @Argument(help: "The takeover: a name in Policies/Takeovers/, or a path.")
    var takeover: String
    @OptionGroup var options: PlanOptions
    @Option(help: ArgumentHelp("Show every command for this cluster.", valueName: "cluster"))
    var explain: String?
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let wiring = Wiring(project: project)
        let plan = try wiring.plan(takeover, options)
        let stored = try wiring.journal().save(
            PlanDocument(plan), at: .now, reason: options.reason)
        wiring.warnings(about: plan).forEach(Speech.standard.remark)
        let display = PlanDisplay(output: output)
        if let explain {
            try display.explain(ClusterName(explain), in: plan)
        } else {
            display.show(stored)
        }
    }
}
