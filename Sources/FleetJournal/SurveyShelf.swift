public import FleetModel
import GRDB

extension JournalDatabase {
    /// Keeps a survey of the fleet, and forgets the oldest of each of its clusters.
    public func keep(_ survey: FleetSurvey) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: "INSERT INTO survey (takenAt) VALUES (?)",
                arguments: [survey.takenAt.milliseconds])
            let number = database.lastInsertedRowID
            for sighting in survey.sightings {
                try database.insert(sighting, of: number)
                try database.forgetOldSurveys(of: sighting.cluster)
            }
            let empty = "DELETE FROM survey WHERE number NOT IN (SELECT survey FROM sighting)"
            try database.execute(sql: empty)
        }
    }
}

extension JournalReader {
    /// The latest survey of each of these clusters that could be read when it was made.
    ///
    /// A survey that another version wrote in a form of its own is left out: it is
    /// there to be compared with, and nothing is decided by it.
    public func latestSurveys(
        of clusters: [ClusterName]
    ) throws(JournalError) -> [ClusterName: KeptSurvey] {
        try read { database in
            var surveys: [ClusterName: KeptSurvey] = [:]
            for cluster in clusters { surveys[cluster] = try database.latestSurvey(of: cluster) }
            return surveys
        }
    }
}

/// So many surveys of a cluster are kept: enough to look back over a takeover, while the
/// largest, of thousands of workloads, is about a megabyte.
private let keptSurveys = 20

extension Database {
    fileprivate func insert(_ sighting: FleetSurvey.Sighting, of survey: Int64) throws {
        let values: (document: String?, reason: String?) =
            switch sighting.outcome {
            case .seen(let survey): (try JSONText.encode(survey), nil)
            case .missed(let reason): (nil, reason)
            }
        try execute(
            sql: "INSERT INTO sighting (survey, cluster, document, reason) VALUES (?, ?, ?, ?)",
            arguments: [survey, sighting.cluster.rawValue, values.document, values.reason])
    }

    /// The last that could be read stays, however long the cluster has been away.
    fileprivate func forgetOldSurveys(of cluster: ClusterName) throws {
        let sql = """
            DELETE FROM sighting WHERE cluster = :cluster AND survey NOT IN
                (SELECT survey FROM sighting WHERE cluster = :cluster
                 ORDER BY survey DESC LIMIT :kept)
            AND survey IS NOT (SELECT max(survey) FROM sighting
                WHERE cluster = :cluster AND document IS NOT NULL)
            """
        try execute(sql: sql, arguments: ["cluster": cluster.rawValue, "kept": keptSurveys])
    }

    fileprivate func latestSurvey(of cluster: ClusterName) throws -> KeptSurvey? {
        let sql = """
            SELECT takenAt, document FROM sighting JOIN survey ON number = survey
            WHERE cluster = ? AND document IS NOT NULL ORDER BY number DESC LIMIT 1
            """
        guard let row = try Row.fetchOne(self, sql: sql, arguments: [cluster.rawValue]),
            // Another version's form; see ``JournalReader/latestSurveys(of:)``.
            let survey = try? JSONText.decode(ClusterSurvey.self, from: row[1])
        else { return nil }
        return KeptSurvey(takenAt: Timestamp(milliseconds: row[0]), survey: survey)
    }
}
