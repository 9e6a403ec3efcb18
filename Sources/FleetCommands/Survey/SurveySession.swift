import FleetModel
import FleetRunner
import Takeovers

/// Looks at many clusters, some at once, without changing anything.
struct SurveySession: Sendable {
    let executor: any CommandExecutor
    /// How many clusters are looked at at once.
    let maxConcurrency: Int

    /// How many lists of one cluster are read at once: an API server is asked for
    /// everything it has, and a bastion lends us a few channels.
    private static let readsAtOnce = 4

    /// The clusters in their order, those that could not be read with the reason.
    func run(on clusters: [Cluster]) async -> FleetSurvey {
        let start = Timestamp.now
        let sightings = await clusters.concurrentMap(atMost: maxConcurrency) { number, cluster in
            let prefix = "survey.\(start.milliseconds).\(number)"
            return FleetSurvey.Sighting(cluster.name, await look(at: cluster, prefix: prefix))
        }
        return FleetSurvey(takenAt: start, sightings: sightings)
    }

    private func look(at cluster: Cluster, prefix: String) async -> FleetSurvey.Outcome {
        let reader = ClusterReader(
            executor: executor, cluster: cluster, management: nil, prefix: prefix)
        do throws(ReadingFailed) {
            // First by itself: of a cluster that is away we want to hear once.
            _ = try await reader.identity(of: .cluster)
            return try await survey(reader)
        } catch {
            return .missed(error.failure.words)
        }
    }

    private func survey(
        _ reader: ClusterReader
    ) async throws(ReadingFailed) -> FleetSurvey.Outcome {
        var context = StepContext(now: .now)
        var gaps: [String] = []
        while true {
            switch SurveyRecipe.look(context, gaps: gaps) {
            case .seen(let survey): return .seen(survey)
            case .missed(let reason): return .missed(reason)
            case .needs(let readings):
                let answers = await readings.concurrentMap(atMost: Self.readsAtOnce) {
                    await reader.answer(to: $1)
                }
                for (reading, answer) in zip(readings, answers) {
                    if case .failure(let trouble) = answer {
                        gaps.append(try gap(at: reading, trouble))
                    }
                    context.readings[reading] = (try? answer.get()) ?? .absent  // A gap now.
                }
            }
        }
    }

    /// What we may not read is left out and said; any other trouble spoils the picture.
    private func gap(
        at reading: Reading, _ trouble: ReadingFailed
    ) throws(ReadingFailed) -> String {
        guard case .forbidden(let words) = trouble.failure,
            !SurveyRecipe.essentials.contains(reading)
        else { throw trouble }
        return words
    }
}
