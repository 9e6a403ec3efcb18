import ArgumentParser
import FleetLab
import FleetModel
import FleetTerminal

struct LabStatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what every cluster of the lab runs now.")

    @OptionGroup var choice: LabChoice
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let status = try await LabHome(choice.directory).server().client.status()
        guard output.format == .table else { return Speech.standard.tell(status.description) }
        let clusters = status["clusters"]?.array ?? []
        if output.quiet {
            return Speech.standard.tell(clusters.compactMap { $0["name"]?.string })
        }
        let table = Table(
            [
                .init("CLUSTER"), .init("MANAGEMENT"), .init("ISTIOD"), .init("PROXIES"),
                .init("OWNERS READY", .right), .init("FAULTS"),
            ], rows: clusters.map(row))
        Speech.standard.tell(table.draw(width: Screen.width, style: Screen.style))
    }

    private func row(_ cluster: JSON) -> [String] {
        let revisions = (cluster["revisions"]?.array ?? []).map { revision in
            let name = revision["revision"]?.string ?? "?"
            return revision["ready"]?.bool == true ? name : "\(name) (not ready)"
        }
        let proxies = cluster["proxies"]?.object ?? [:]
        let counts = proxies.keys.sorted().map { "\($0): \(proxies[$0]?.int ?? 0)" }
        let owners = cluster["owners"]
        return [
            cluster["name"]?.string ?? "", cluster["management"]?.string ?? "–",
            revisions.joined(separator: ", "), counts.joined(separator: ", "),
            "\(owners?["ready"]?.int ?? 0)/\(owners?["total"]?.int ?? 0)",
            LabFaultWords.list(cluster["faults"]),
        ]
    }
}
