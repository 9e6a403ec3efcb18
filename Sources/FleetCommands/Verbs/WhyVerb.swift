import ArgumentParser
import FleetCoordinator
import FleetJournal
import FleetModel

struct WhyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a cluster is where it is: one chain of reasons.",
        discussion: "Example:\n  bellwether why edge-014")

    @Argument(help: "The cluster's name.")
    var cluster: String
    @OptionGroup var choice: RunChoice
    @OptionGroup var project: ProjectOptions

    func run() async throws {
        let reader = try Wiring(project: project).reader()
        let summary = try choice.summary(in: reader)
        let coordinator = try await RunLook(reader: reader).replay(summary.id)
        let name = ClusterName(cluster)
        let known = coordinator.plan.clusters.map(\.name)
        guard
            known.contains(name) || coordinator.plan.leftOut.contains(where: { $0.cluster == name })
        else { throw UsageError.notInRun(name, summary.id, known: known) }
        let note = try reader.notes(of: summary.id).first { $0.cluster == name }
        Speech.standard.tell(
            coordinator.reasons(for: name, at: .now) + waivers(of: name, in: coordinator)
                + unattended(summary, coordinator)
                + secondChance(name, summary, coordinator)
                + (note.map { ["Last words, \((Timestamp.now - $0.time).short) ago: \($0.text)"] }
                    ?? [])
                + ["See its commands with `bellwether logs \(cluster) --run \(summary.id)`."])
    }

    private func waivers(of cluster: ClusterName, in coordinator: Coordinator) -> [String] {
        coordinator.waivedChecks.filter { $0.cluster == cluster }.map { waiver in
            let found = waiver.found.map { "; it found: \($0)" } ?? ""
            return "Check \(waiver.check) is waived on it: \(waiver.reason)\(found)".sentence
        }
    }

    /// A run that is over comes back to nobody whom it left aside.
    private func secondChance(
        _ cluster: ClusterName, _ summary: RunSummary, _ coordinator: Coordinator
    ) -> [String] {
        guard summary.state.isOver, coordinator.leftAside.contains(cluster) else { return [] }
        return [
            "Once that is mended, run `bellwether run \(summary.plan) --reason TEXT`: it takes "
                + "\(cluster) along, and finds the others done."
        ]
    }

    /// What the journal says of a cluster is as old as the coordinator's last word.
    private func unattended(_ summary: RunSummary, _ coordinator: Coordinator) -> [String] {
        guard !summary.isLed, summary.state.isUnderWay else {
            return []
        }
        guard coordinator.waitingForApproval == nil else {
            return [
                "To let it start, run `bellwether approve \(summary.id)`, "
                    + "then `bellwether resume \(summary.id)`."
            ]
        }
        return [
            "Nothing happens until then: no coordinator holds the run. "
                + "To go on, run `bellwether resume \(summary.id)`."
        ]
    }
}
