import ArgumentParser
import FleetJournal
import FleetModel
import FleetTerminal

struct LogsVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show the commands that changed a cluster, and how each ended.",
        discussion: "Example:\n  bellwether logs edge-014")

    @Argument(help: "The cluster's name.")
    var cluster: String
    @OptionGroup var choice: RunChoice
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let reader = try Wiring(project: project).reader()
        let summary = try choice.summary(in: reader)
        let plan = try reader.plan(matching: summary.plan.rawValue).document.plan
        let name = ClusterName(cluster)
        let known = plan.clusters.map(\.name)
        guard known.contains(name) else {
            throw UsageError.notInRun(name, summary.id, known: known)
        }
        let records = try reader.records(of: summary.id, cluster: name)
        switch output.format {
        case _ where output.quiet: Speech.standard.tell(records.map(\.id.rawValue))
        case .json: Speech.standard.tell(try records.map { try LogText.json($0, in: plan) })
        case .table:
            let view = LogView(
                plan: plan, width: Screen.width, style: Screen.style,
                secondOfDay: Screen.secondOfDay)
            Speech.standard.tell(view.draw(records))
        }
    }
}
