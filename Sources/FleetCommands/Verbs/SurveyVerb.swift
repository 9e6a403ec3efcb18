import ArgumentParser
import FleetConfig
import FleetJournal
import FleetModel
import FleetSSH
import FleetTerminal

struct SurveyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "survey",
        abstract: "Look at the mesh of every cluster, and change nothing.",
        discussion: """
            Control planes, proxies, injectors, what a takeover would restart and what it
            could not, gateways, roots of trust, operators. A single cluster is shown with
            everything that was seen. What was seen is kept, to be compared with next
            time. Exits with 3 when a cluster could not be read.

            Examples:
              bellwether survey
              bellwether survey edge-01
              bellwether survey --selector tier=gold --diff
            """)

    @Argument(help: "Clusters by name. Without any, every workload cluster.")
    var clusters: [String] = []
    @OptionGroup var choice: ClusterChoice
    @Flag(help: "Show what changed since each cluster was surveyed last.")
    var diff = false
    @Flag(help: "Show each cluster with everything that was seen.")
    var details = false
    @OptionGroup var concurrency: ConcurrencyOptions
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var passphrases: PassphraseOptions

    func run() async throws {
        let wiring = Wiring(project: project)
        let fleet = try wiring.fleet()
        let chosen = try chosen(in: fleet)
        // Before the executors, which look into the journal: it may be an older version's.
        let journal = try wiring.journal()
        let earlier = try journal.reader.latestSurveys(of: chosen.map(\.name))
        let executors = Executors(project: project, passphrases: passphrases.source)
        let bastions = fleet.bastions(leadingTo: chosen)
        let survey = try await executors.with(bastions, tidying: false, limits: .attended) {
            await SurveySession(executor: $0, maxConcurrency: concurrency.maxConcurrency)
                .run(on: chosen)
        }
        try journal.keep(survey)
        show(survey, comparedWith: earlier)
        if !survey.missed.isEmpty { throw FleetModel.ExitCode.completedWithExceptions }
    }

    private func chosen(in fleet: Fleet) throws -> [Cluster] {
        let names = clusters.flatMap { $0.split(separator: ",").map(String.init) }
        guard names.isEmpty, choice.selector == nil else {
            return try choice.clusters(named: names, in: fleet)
        }
        guard !fleet.clusters.isEmpty else { throw UsageError.noClusterChosen }
        return fleet.clusters
    }
}

// MARK: - Showing

extension SurveyVerb {
    private func show(
        _ survey: FleetSurvey, comparedWith earlier: [ClusterName: KeptSurvey]
    ) {
        let comparisons = survey.sightings.map { SurveyComparison($0, with: earlier[$0.cluster]) }
        switch output.format {
        case _ where output.quiet: Speech.standard.tell(quietNames(survey, comparisons))
        case .json:
            Speech.standard.tell(
                comparisons.map { $0.json(takenAt: survey.takenAt, withChanges: diff) })
        case .table:
            tell(survey)
            if diff { comparisons.forEach(tell) }
        }
    }

    /// The clusters to look after: those that could not be read, or with --diff have changed.
    private func quietNames(
        _ survey: FleetSurvey, _ comparisons: [SurveyComparison]
    ) -> [String] {
        let missed = Set(survey.missed.map(\.cluster))
        return comparisons.filter { comparison in
            let changes = comparison.difference?.changes ?? []
            return missed.contains(comparison.sighting.cluster) || (diff && !changes.isEmpty)
        }.map(\.sighting.cluster.rawValue)
    }

    private func tell(_ survey: FleetSurvey) {
        let speech = Speech.standard
        let pages = details || survey.sightings.count == 1
        guard pages, survey.sightings.count > survey.missed.count else {
            return speech.tell(
                SurveyView.draw(survey, width: Screen.width, style: Screen.style))
        }
        for sighting in survey.sightings {
            guard let seen = sighting.survey else { continue }
            speech.tell(
                ClusterSurveyView.draw(
                    seen, of: sighting.cluster, width: Screen.width, style: Screen.style))
        }
        for (cluster, reason) in survey.missed {
            speech.tell("\(cluster) could not be read: \(reason)")
        }
    }

    private func tell(_ comparison: SurveyComparison) {
        guard comparison.sighting.survey != nil else { return }
        Speech.standard.tell(
            SurveyDifferenceView.draw(
                comparison.difference, of: comparison.sighting.cluster,
                since: comparison.earlier?.takenAt, width: Screen.width, style: Screen.style))
    }
}
