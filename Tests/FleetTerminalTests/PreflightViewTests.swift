import FleetModel
import FleetTerminal
import Testing

struct PreflightViewTests {
    private let checks = [
        PreflightCheck("P01", "somebody answers", cure: "call louder"),
        PreflightCheck("P07", "the workloads are well", cure: "heal them"),
        PreflightCheck("lock", "nobody else is at work", cure: "wait"),
    ]

    private let reports = [
        PreflightReport(cluster: "edge-01", findings: [Finding("P01", .note, "version 1.27")]),
        PreflightReport(
            cluster: "edge-02",
            findings: [Finding("P07", .warn, "web is alone"), Finding("P07", .block, "db is ill")]),
        PreflightReport(cluster: "edge-03", findings: [Finding("P07", .warn, "web is alone")]),
        PreflightReport(cluster: "edge-04", trouble: "connection refused"),
    ]

    @Test func `a runbook without checks finds nobody ready`() {
        let unasked = [PreflightReport(cluster: "edge-01", findings: [])]
        #expect(
            PreflightView.draw(unasked, checks: [], width: 80, style: .plain)
                == ["The runbook has no checks: nothing was asked, and nothing was found."])
    }

    @Test func `a matrix shows the worst of each check, and then every finding once`() {
        #expect(
            PreflightView.draw(reports, checks: checks, width: 80, style: .plain) == [
                "cluster  P01  P07 lock",
                "edge-01    ✔    ✔    ✔",
                "edge-02    ✔    ✗    ✔",
                "edge-03    ✔    !    ✔",
                "edge-04    ?    ?    ?",
                "",
                "? edge-04 could not be asked: connection refused",
                "",
                "P07  the workloads are well",
                "  web is alone  edge-02, edge-03",
                "  db is ill  edge-02",
                "  hint: heal them",
                "",
                "2 of 4 clusters can be taken over.",
            ])
    }

    @Test func `what does not fit beside the names follows below`() {
        let lines = PreflightView.draw(
            Array(reports.prefix(1)), checks: checks, width: 18, style: .plain)
        #expect(
            lines.prefix(5) == [
                "cluster  P01  P07", "edge-01    ✔    ✔", "", "cluster lock", "edge-01    ✔",
            ])
    }

    @Test func `of one cluster everything is shown, good news too`() {
        let lines = PreflightView.draw(
            Array(reports.prefix(1)), checks: checks, width: 80, style: .plain)
        #expect(lines.contains("  version 1.27  edge-01"))
        #expect(!lines.contains { $0.contains("hint") }, "good news wants no cure")
        #expect(lines.last == "The cluster can be taken over.")
    }

    @Test func `in JSON each cluster has a line, and each finding its cure`() throws {
        let json = try #require(
            JSON(parsing: PreflightJSON.text(reports[1], checks: checks)))
        #expect(json["isReady"] == false)
        #expect(json["findings"]?.array?.last?["severity"] == "block")
        #expect(json["findings"]?.array?.last?["cure"] == "heal them")
    }
}
