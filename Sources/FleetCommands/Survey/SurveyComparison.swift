import FleetModel
import FleetTerminal
import Foundation

/// What was seen of a cluster now, beside what was seen of it last.
struct SurveyComparison {
    let sighting: FleetSurvey.Sighting
    let earlier: KeptSurvey?

    init(_ sighting: FleetSurvey.Sighting, with earlier: KeptSurvey?) {
        (self.sighting, self.earlier) = (sighting, earlier)
    }

    /// `nil` when there is nothing to compare with, or nothing was seen.
    var difference: SurveyDifference? {
        guard let earlier, let survey = sighting.survey else { return nil }
        return SurveyDifference(from: earlier.survey, to: survey)
    }

    /// The cluster as one line of JSON.
    func json(takenAt: Timestamp, withChanges: Bool) -> String {
        var members: [String: JSON] = [
            "cluster": .string(sighting.cluster.rawValue), "takenAt": .string(takenAt.rfc3339),
        ]
        switch sighting.outcome {
        case .missed(let reason): members["failure"] = .string(reason)
        case .seen(let survey):
            members["survey"] = survey.json
            members["concerns"] = .array(survey.concerns.map(JSON.string))
        }
        if withChanges {
            members["since"] = earlier.map { .string($0.takenAt.rfc3339) } ?? .null
            members["changes"] = difference.map { .array($0.changes.map(\.json)) } ?? .null
        }
        return JSON.object(members).description
    }
}

extension ClusterSurvey {
    fileprivate var json: JSON {
        // It holds nothing that has no JSON form.
        let data = try? JSONEncoder().encode(self)
        return data.flatMap { JSON(parsing: Array($0)) } ?? .null
    }
}

extension SurveyDifference.Change {
    fileprivate var json: JSON {
        [
            "topic": .string(topic.rawValue), "subject": .string(subject),
            "before": before.map(JSON.string) ?? .null, "after": after.map(JSON.string) ?? .null,
        ]
    }
}
