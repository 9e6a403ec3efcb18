import FleetModel
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `A survey in the journal` {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func survey(_ version: String) -> ClusterSurvey {
        var survey = ClusterSurvey()
        survey.identity = "4711"
        survey.controlPlanes = [
            .init(revision: "1-15", version: version, deployment: "istio-system/istiod-1-15")
        ]
        survey.owners = [
            .init(
                kind: "Pod", namespace: "shop", name: "toolbox", pods: 1, proxies: ["ünï"],
                restart: .impossible("a bare pod"))
        ]
        return survey
    }

    private func fleet(
        at time: Timestamp, _ outcomes: [(ClusterName, FleetSurvey.Outcome)]
    ) -> FleetSurvey {
        FleetSurvey(takenAt: time, sightings: outcomes.map { .init($0, $1) })
    }

    @Test func `is found again as it was`() throws {
        let journal = try scratch.open()
        try journal.keep(fleet(at: minute(1), [("edge-01", .seen(survey("1.15.3")))]))
        let kept = try journal.reader.latestSurveys(of: ["edge-01", "edge-02"])
        #expect(kept == ["edge-01": KeptSurvey(takenAt: minute(1), survey: survey("1.15.3"))])
    }

    @Test func `from before a field was added is read without it`() throws {
        let text = """
            {"identity":"4711","serverVersion":"v1.27.3","controlPlanes":[],"proxies":[],
             "injectors":[],"namespaces":[],"roots":[],"trustDomains":[],"releases":[],
             "nodeAgents":[],"webhookTroubles":[],"gaps":[],
             "owners":[{"kind":"Pod","namespace":"shop","name":"toolbox","pods":1,"proxies":[],
               "restart":{"standing":"possible"},"causesDowntime":false}],
             "gateways":[{"service":"a/b","type":"LoadBalancer","readyEndpoints":1,"proxies":[]}],
             "budgets":[{"name":"shop/web","allowed":1,"isViolated":false}],
             "operators":[{"kind":"IstioOperator","name":"a/b","state":"HEALTHY","isWell":true}]}
            """
        let survey = try JSONText.decode(ClusterSurvey.self, from: text)
        #expect(survey.owners.map(\.name) == ["toolbox"])
        #expect(survey.owners[0].traits == nil && survey.gateways[0].front == nil)
        #expect(survey.budgets[0].owners == nil && survey.operators[0].installs == nil)
        #expect(survey.operatorPods == nil)
    }

    @Test func `of a cluster that could not be read does not hide the one before`() throws {
        let journal = try scratch.open()
        try journal.keep(fleet(at: minute(1), [("edge-01", .seen(survey("1")))]))
        try journal.keep(fleet(at: minute(2), [("edge-01", .missed("no route to host"))]))
        let kept = try journal.reader.latestSurveys(of: ["edge-01"])
        #expect(kept["edge-01"]?.takenAt == minute(1))
    }

    @Test func `is looked for cluster by cluster`() throws {
        let journal = try scratch.open()
        try journal.keep(
            fleet(at: minute(1), [("edge-01", .seen(survey("1"))), ("b", .seen(survey("2")))]))
        try journal.keep(fleet(at: minute(2), [("b", .seen(survey("3")))]))
        let kept = try journal.reader.latestSurveys(of: ["edge-01", "b"])
        #expect(kept["edge-01"]?.takenAt == minute(1))
        #expect(kept["b"]?.survey == survey("3"))
    }

    @Test func `is forgotten when there are enough later ones of its cluster`() throws {
        let journal = try scratch.open()
        try journal.keep(fleet(at: minute(0), [("rare", .seen(survey("0")))]))
        for number in 1...30 {
            let time = minute(Int64(number))
            try journal.keep(fleet(at: time, [("edge-01", .seen(survey("\(number)")))]))
        }
        let counts = try journal.queue.read { database in
            try ["survey", "sighting"].map { table in
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)")
            }
        }
        #expect(counts == [21, 21])
        let kept = try journal.reader.latestSurveys(of: ["edge-01", "rare"])
        #expect(kept["edge-01"]?.survey == survey("30"))
        #expect(kept["rare"]?.survey == survey("0"))
    }

    @Test func `stays while its cluster is out of reach, for however long`() throws {
        let journal = try scratch.open()
        try journal.keep(fleet(at: minute(0), [("edge-01", .seen(survey("1")))]))
        for number in 1...40 {
            try journal.keep(
                fleet(at: minute(Int64(number)), [("edge-01", .missed("no route to host"))]))
        }
        #expect(try journal.reader.latestSurveys(of: ["edge-01"])["edge-01"]?.takenAt == minute(0))
    }

    @Test func `that another version wrote in its own form is left out`() throws {
        let journal = try scratch.open()
        try journal.keep(fleet(at: minute(1), [("edge-01", .seen(survey("1")))]))
        try journal.queue.write { try $0.execute(sql: "UPDATE sighting SET document = '{}'") }
        #expect(try journal.reader.latestSurveys(of: ["edge-01"]).isEmpty)
    }

    @Test func `has room in a journal that an older version made, with all that is in it`() throws {
        let old = try DatabaseQueue(path: scratch.path)
        try JournalSchema.migrator.migrate(old, upTo: "1")
        let plan = try PlanDocument(.small())
        try old.write { database in
            try database.execute(
                sql: "INSERT INTO plan (id, hash, createdAt, document) VALUES ('7F3K', ?, 0, ?)",
                arguments: [plan.hash, plan.text])
        }
        try old.close()
        #expect(throws: JournalError.self) {
            try JournalDatabase.openForReading(path: scratch.path)
        }
        let journal = try scratch.open()
        #expect(try journal.reader.plan(matching: "7F3K").document == plan)
        try journal.keep(fleet(at: minute(1), [("edge-01", .seen(survey("1")))]))
        let reader = try JournalDatabase.openForReading(path: scratch.path)
        #expect(try reader.latestSurveys(of: ["edge-01"]).count == 1)
    }
}
