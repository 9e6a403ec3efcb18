import FleetModel
import Testing

@testable import Takeovers

@Suite struct SyncReportTests {
    private func report(_ version: String) throws -> SyncReport {
        try #require(SyncReport(try Fixture.sample(version, in: "syncz")))
    }

    @Test func `an old istiod says names and versions`() throws {
        let connections = try report("1.14").connections
        #expect(connections.map(\.pod).first == "details-v1-6758dd9d8d-rh4db")
        #expect(connections.map(\.namespace) == ["bookinfo", "bookinfo"])
        #expect(connections.map(\.version) == ["1.14.5", "1.14.5"])
        #expect(connections.map(\.kind) == [nil, nil])
    }

    @Test func `what was sent and not acknowledged is named`() throws {
        #expect(try report("1.14").connections.map(\.unacknowledged) == [[], ["listener"]])
    }

    @Test func `a newer istiod says the kind of proxy`() throws {
        #expect(try report("1.23").connections.map(\.kind) == ["sidecar"])
    }

    @Test func `an empty answer is none connected, and no list is no answer`() throws {
        #expect(try report("empty").connections.isEmpty)
        #expect(SyncReport(["error": "x"]) == nil)
        #expect(SyncReport([["cluster_id": "x"], nil])?.nameless == 2)
    }

    @Test func `a proxy that two replicas know counts once`() throws {
        let report = try report("1.14")
        #expect(SyncReport.all(of: [report, report]).count == 2)
    }
}
