import FleetLab
import FleetModel
import Foundation
import Takeovers

/// The lab that plays a fleet for one rehearsal, and the kubeconfigs that lead to it.
struct RehearsalLab: Sendable {
    let lab: Lab
    let directory: URL

    /// Builds a cluster for each of a plan's; the surveys say what they look like.
    init(
        _ plan: Plan, _ surveys: [ClusterName: ClusterSurvey], speed: Double, seed: UInt64,
        in directory: URL
    ) async throws {
        var configuration = LabConfiguration(seed: seed, speed: speed)
        configuration.kind = Self.kind(of: plan.takeover)
        configuration.played =
            plan.managementClusters.map { LabCluster(playing: $0, survey: nil, seed: seed) }
            + plan.clusters.map { LabCluster(playing: $0, survey: surveys[$0.name], seed: seed) }
        self.directory = directory
        lab = try await Lab(configuration)
    }

    /// Whatever is not Helm's carries no marks of Helm's.
    private static func kind(of takeover: Takeover) -> LabKind {
        guard takeover.runbook == "revision" else { return .gloo }
        return takeover.parameters["install"]?.string == "istioctl" ? .istioctl : .revision
    }

    static func kubeconfig(of cluster: ClusterName, in directory: URL) -> String {
        directory.appending(path: "kubeconfigs/\(cluster)").path
    }

    /// Serves the lab for as long as the work on it goes on.
    func serve<Value: Sendable>(
        for plan: Plan, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let value = try await lab.whileServing { port in
            try write(plan, port)
            return try await work()
        }
        guard let value else {
            throw UsageError.labFailed("it ended before the rehearsal", log: directory.path)
        }
        return value
    }

    /// One kubeconfig for each cluster: two may go by the same context in earnest.
    private func write(_ plan: Plan, _ port: Int) throws {
        let folder = directory.appending(path: "kubeconfigs")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for cluster in plan.managementClusters + plan.clusters {
            let entry = LabKubeconfig.Entry(
                context: cluster.context.rawValue, cluster: cluster.name.rawValue)
            let document = LabKubeconfig(port: port, entries: [entry]).document
            try Data("\(document)\n".utf8).write(
                to: URL(filePath: Self.kubeconfig(of: cluster.name, in: directory)))
        }
    }

    // MARK: - Faults

    /// Plays the faults from now on.
    func play(_ faults: [BrokenCluster]) async throws {
        for broken in faults {
            do {
                _ = try await lab.control.breakCluster(broken.name.rawValue, broken.document)
            } catch {
                throw UsageError.labRefused(error.message)
            }
        }
    }

    // MARK: - Likeness

    /// How each cluster differs from what was surveyed, in the plan's order.
    func differences(
        from surveys: [ClusterName: ClusterSurvey], _ plan: Plan
    ) -> [(cluster: ClusterName, words: [String])] {
        plan.clusters.compactMap { cluster in
            guard let survey = surveys[cluster.name] else { return nil }
            let words = Likeness(of: look(at: cluster.name), to: survey).differences
            return words.isEmpty ? nil : (cluster.name, words)
        }
    }

    private func look(at cluster: ClusterName) -> ClusterSurvey {
        var context = StepContext(now: .now)
        while case .needs(let readings) = SurveyRecipe.look(context) {
            for reading in readings {
                guard case .path(let path, _) = reading else { continue }
                let answer = lab.fleet.get(path, of: cluster.rawValue)
                context.readings[reading] = answer.map(ReadResult.found) ?? .absent
            }
        }
        guard case .seen(let survey) = SurveyRecipe.look(context) else { return ClusterSurvey() }
        return survey
    }
}
