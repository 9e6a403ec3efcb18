import FleetLab
import FleetModel

/// A fault as it is asked for: `edge-01=ilm-failed,state=FAILED,after=30`.
struct RehearsalFault: Hashable, Sendable {
    /// A cluster, or a wave and all of its clusters.
    let target: String
    let name: String
    let parameters: [String: String]

    /// `nil` when the text has no such form.
    init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let pairs = parts.map { part in
            part.split(separator: "=", maxSplits: 1).map(String.init)
        }
        guard pairs.allSatisfy({ $0.count == 2 && !$0[0].isEmpty && !$0[1].isEmpty }) else {
            return nil
        }
        (target, name) = (pairs[0][0], pairs[0][1])
        let rest = pairs.dropFirst().map { ($0[0], $0[1]) }
        guard Set(rest.map(\.0)).count == rest.count else { return nil }
        parameters = Dictionary(uniqueKeysWithValues: rest)
    }

    /// The clusters it is about: the one of that name, else those of the first wave of that
    /// name. None when there is neither.
    func clusters(in plan: Plan) -> [ClusterName] {
        let known = plan.clusters + plan.managementClusters
        if known.contains(where: { $0.name.rawValue == target }) { return [ClusterName(target)] }
        let waves = plan.phases.flatMap(\.waves)
        return waves.first { $0.name == target }?.clusters ?? []
    }

    /// The fault on each of its clusters.
    ///
    /// - Throws: what is wrong with it, so that a misspelt one is told before a lab is built.
    func placed(in plan: Plan) throws(UsageError) -> [BrokenCluster] {
        let clusters = clusters(in: plan)
        guard !clusters.isEmpty else { throw nowhere(in: plan) }
        do {
            // The owner stands for the one that the lab will choose.
            _ = try LabFault(name: name, parameters: kindParameters, firstWorkload: "any/one")
        } catch {
            throw .labRefused(error.message)
        }
        let document = try document
        return clusters.map { BrokenCluster(name: $0, fault: name, document: document) }
    }

    /// What is said where nothing has the name of its target.
    private func nowhere(in plan: Plan) -> UsageError {
        let clusters = (plan.clusters + plan.managementClusters).map(\.name.rawValue)
        return .faultNowhere(target, known: plan.waveNames.map { "wave \($0)" } + clusters)
    }

    /// The fault as a lab takes it.
    var document: JSON {
        get throws(UsageError) {
            var document: JSON = ["fault": .string(name)]
            for key in times where parameters[key] != nil {
                document[key] = .int(try seconds(of: key))
            }
            for (key, value) in kindParameters {
                document[path: ["parameters", key]] = .string(value)
            }
            return document
        }
    }

    private var kindParameters: [String: String] {
        parameters.filter { !times.contains($0.key) }
    }

    private func seconds(of key: String) throws(UsageError) -> Int64 {
        let value = parameters[key] ?? ""
        guard let seconds = Int64(value), (0...longest).contains(seconds) else {
            throw .badFaultTime(key, of: name, value)
        }
        return seconds
    }
}

/// A cluster with a fault, as a lab takes it.
struct BrokenCluster: Hashable, Sendable {
    let name: ClusterName
    let fault: String
    let document: JSON
}

/// Seconds of lab time from which and for which a fault is played.
private let times = ["after", "for"]
/// A year; nobody rehearses longer.
private let longest: Int64 = 366 * 86_400
