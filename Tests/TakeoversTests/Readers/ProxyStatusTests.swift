import Testing

@testable import Takeovers

@Suite struct ProxyStatusTests {
    private func table(_ version: String) throws -> ProxyStatusTable {
        try #require(ProxyStatusTable(try Fixture.text("proxy-status-\(version)")))
    }

    @Test(arguments: [
        ("1.14", 4), ("1.20", 4), ("1.23", 4), ("1.27", 4), ("1.28-v1", 2), ("empty-1.14", 0),
    ])
    func `every format has a row for each proxy`(version: String, count: Int) throws {
        #expect(try table(version).rows.count == count)
    }

    @Test func `a row names pod, namespace, istiod and version`() throws {
        let row = try table("1.14").rows[1]
        #expect(row.pod == "istio-eastwestgateway-1-15-575b697f9-49v4c")
        #expect(row.namespace == "gloo-mesh-gateways")
        #expect(row.istiod == "istiod-1-15-5b7b9df586-95sq6")
        #expect(row.version == "1.15.3-solo")
        #expect(row.cluster == "cluster-1")
    }

    @Test func `what was never acknowledged is a trouble`() throws {
        let rows = try table("1.14").rows
        #expect(rows[2].troubles == ["LDS"])
        #expect(rows[1].types["RDS"] == .notSent)
        #expect(rows.filter { !$0.troubles.isEmpty }.count == 1)
    }

    @Test func `an age beside a state does not matter`() throws {
        let types = try table("1.23").rows[0].types
        #expect(types["CDS"] == .synced)
        #expect(types["ECDS"] == .ignored)
    }

    @Test func `counted types are in sync, and a proxy may have none`() throws {
        let rows = try table("1.27").rows
        #expect(rows[0].types.keys.sorted() == ["CDS", "EDS", "LDS", "RDS"])
        #expect(rows[2].types.keys.sorted() == ["WADS", "WDS"])
        #expect(rows[3].types.isEmpty)
        #expect(rows[3].version == "1.26.3")
    }

    @Test(arguments: ["", "no running Istio pods in \"istio-system\"\n", "\n\n"])
    func `no titles means no proxies`(text: String) {
        #expect(ProxyStatusTable(text)?.rows == [])
    }

    @Test func `a line that does not fit its titles spoils the table`() throws {
        let text = try Fixture.text("proxy-status-1.14") + "half-a-line.shop     cluster-1\n"
        #expect(ProxyStatusTable(text) == nil)
    }

    @Test(arguments: [
        ("a.b.shop", "a.b", "shop"), ("a.shop", "a", "shop"), ("a", "a", ""), ("a.", "a", ""),
    ])
    func `a pod's name may have dots, its namespace has none`(
        name: String, pod: String, namespace: String
    ) {
        #expect(proxyName(name) == (pod, namespace))
    }

    @Test func `talk before the titles is left out`() throws {
        let text = try "Warning: x is deprecated\n" + Fixture.text("proxy-status-1.20")
        #expect(ProxyStatusTable(text)?.rows.count == 4)
    }
}
