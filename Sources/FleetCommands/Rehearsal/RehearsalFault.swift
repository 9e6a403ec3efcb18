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

    /// What is said where nothing has the name of its target.
    func nowhere(in plan: Plan) -> UsageError {
        var waves: [String] = []
        for wave in plan.phases.flatMap(\.waves) where !waves.contains(wave.name) {
            waves.append(wave.name)
        }
        let clusters = (plan.clusters + plan.managementClusters).map(\.name.rawValue)
        return .faultNowhere(target, known: waves.map { "wave \($0)" } + clusters)
    }

    /// The fault as a lab takes it; `nil` when one of its times is no number.
    var document: JSON? {
        var document: JSON = ["fault": .string(name)]
        for key in parameters.keys.sorted() {
            let value = parameters[key] ?? ""
            if times.contains(key) {
                guard let seconds = Int64(value), (0...longest).contains(seconds) else {
                    return nil
                }
                document[key] = .int(seconds)
            } else {
                document[path: ["parameters", key]] = .string(value)
            }
        }
        return document
    }
}

/// Seconds of lab time from which and for which a fault is played.
private let times: Set<String> = ["after", "for"]
/// A year; nobody rehearses longer.
private let longest: Int64 = 366 * 86_400
