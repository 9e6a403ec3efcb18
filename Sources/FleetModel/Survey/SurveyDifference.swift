/// What changed between two surveys of a cluster.
public struct SurveyDifference: Hashable, Sendable {
    /// In the order of the topics, and of the subjects within each.
    public let changes: [Change]

    public struct Change: Hashable, Sendable {
        public let topic: SurveyFact.Topic
        public let subject: String
        /// `nil` for what was not there before.
        public let before: String?
        /// `nil` for what is gone.
        public let after: String?
    }

    public init(from old: ClusterSurvey, to new: ClusterSurvey) {
        let (before, after) = (Self.values(of: old), Self.values(of: new))
        changes = SurveyFact.Topic.allCases.flatMap { topic in
            let (old, new) = (before[topic] ?? [:], after[topic] ?? [:])
            return Set(old.keys).union(new.keys).sorted().compactMap { subject -> Change? in
                guard old[subject] != new[subject] else { return nil }
                return Change(
                    topic: topic, subject: subject, before: old[subject], after: new[subject])
            }
        }
    }

    private static func values(
        of survey: ClusterSurvey
    ) -> [SurveyFact.Topic: [String: String]] {
        Dictionary(grouping: survey.facts, by: \.topic).mapValues { facts in
            // Two facts of one subject, such as a root in two sets, are told together.
            Dictionary(facts.map { ($0.subject, $0.value) }) { "\($0); \($1)" }
        }
    }
}
