import FleetModel

/// How a cluster of the lab differs from the survey it was made from.
///
/// Only what a takeover goes by counts: not who the cluster is, its addresses and roots, nor
/// what Flux and operators say of themselves.
struct Likeness: Hashable, Sendable {
    /// One clause for each fact, in the order of the topics.
    let differences: [String]

    init(of copy: ClusterSurvey, to survey: ClusterSurvey) {
        differences = SurveyDifference(from: survey, to: copy).changes
            .filter { topics.contains($0.topic) }.map(\.clause)
    }
}

private let topics: Set<SurveyFact.Topic> = [
    .controlPlane, .proxies, .injector, .namespace, .owner, .trustDomain, .budget, .trouble,
]

extension SurveyDifference.Change {
    fileprivate var clause: String {
        let name = "\(topic.rawValue) \(subject)"
        return switch (before, after) {
        case (nil, _): "\(name) is too many"
        case (_, nil): "\(name) is missing"
        case (let before?, let after?): "\(name) is \(after), not \(before)"
        }
    }
}
