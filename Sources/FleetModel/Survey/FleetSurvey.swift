/// What was seen of a fleet in one go.
public struct FleetSurvey: Hashable, Sendable {
    public let takenAt: Timestamp
    /// In the order in which the clusters were asked for.
    public let sightings: [Sighting]

    public init(takenAt: Timestamp, sightings: [Sighting]) {
        (self.takenAt, self.sightings) = (takenAt, sightings)
    }

    /// What came of looking at one cluster.
    public struct Sighting: Hashable, Sendable {
        public let cluster: ClusterName
        public let outcome: Outcome

        public init(_ cluster: ClusterName, _ outcome: Outcome) {
            (self.cluster, self.outcome) = (cluster, outcome)
        }

        public var survey: ClusterSurvey? {
            if case .seen(let survey) = outcome { survey } else { nil }
        }
    }

    public enum Outcome: Hashable, Sendable {
        case seen(ClusterSurvey)
        /// The cluster could not be read, for this reason.
        case missed(String)
    }

    /// The clusters that could not be read, with the reasons.
    public var missed: [(cluster: ClusterName, reason: String)] {
        sightings.compactMap { sighting in
            if case .missed(let reason) = sighting.outcome {
                (sighting.cluster, reason)
            } else {
                nil
            }
        }
    }
}

/// A survey of one cluster that was kept.
public struct KeptSurvey: Hashable, Sendable {
    public let takenAt: Timestamp
    public let survey: ClusterSurvey

    public init(takenAt: Timestamp, survey: ClusterSurvey) {
        (self.takenAt, self.survey) = (takenAt, survey)
    }
}
