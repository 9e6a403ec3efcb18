import ArgumentParser
import FleetModel
import FleetSSH
import FleetTerminal

struct BastionVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bastion", abstract: "Look after the hosts that lead to clusters.",
        subcommands: [BastionCheckVerb.self])
}

struct BastionCheckVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "See how each bastion is reached, and whether a takeover would work there.",
        discussion: """
            Changes nothing. Exits with 69 when a bastion can't be used.

            Examples:
              bellwether bastion check
              bellwether bastion check ams-jump
            """)

    @Argument(help: "The bastion's name. Without one, all are checked.")
    var name: String?
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var passphrases: PassphraseOptions

    func run() async throws {
        let fleet = try Wiring(project: project).fleet()
        let wanted = try chosen(in: fleet)
        let everyone = fleet.clusters + fleet.managementClusters
        let executors = Executors(project: project, passphrases: passphrases.source)
        let reports = try await executors.withWays(to: fleet.bastions) { ways in
            let executor = SSHExecutor(ways.map(\.access), limits: .attended)
            return await withTaskGroup(of: BastionReport.self) { group in
                for way in ways where wanted.contains(way.bastion.name) {
                    let clusters = everyone.filter { $0.bastion == way.bastion.name }
                    group.addTask { await .make(of: way, for: clusters, by: executor) }
                }
                var reports: [BastionReport] = []
                for await report in group { reports.append(report) }
                return reports.sorted { $0.way.bastion.name < $1.way.bastion.name }
            }
        }
        for report in reports { show(report) }
        if reports.contains(where: { $0.failure != nil }) { throw FleetModel.ExitCode.unavailable }
    }

    private func chosen(in fleet: Fleet) throws -> [BastionName] {
        let known = fleet.bastions.map(\.name)
        guard !known.isEmpty else { throw UsageError.noBastions }
        guard let name else { return known }
        guard known.contains(BastionName(name)) else {
            throw UsageError.unknownBastion(name, known: known)
        }
        return [BastionName(name)]
    }

    private func show(_ report: BastionReport) {
        let speech = Speech.standard
        switch output.format {
        case _ where output.quiet:
            if report.failure != nil { speech.tell(report.way.bastion.name.rawValue) }
        case .json: speech.tell(report.json)
        case .table:
            speech.tell(
                BastionView.draw(
                    report.way.bastion.name, findings: report.findings, failure: report.failure,
                    warnings: report.warnings, style: Screen.style))
        }
    }
}
