import FleetModel
import Testing

@testable import FleetLab

@Suite struct ControlPanelTests {
    private func panel(_ rehearsal: Rehearsal) -> LabControlPanel {
        LabControlPanel(fleet: rehearsal.fleet, clock: rehearsal.clock)
    }

    @Test func `the status tells revisions, proxies, owners and faults of each cluster`()
        async throws
    {
        let rehearsal = try await Rehearsal()
        let panel = panel(rehearsal)
        _ = try await panel.breakCluster("edge-01", ["fault": "hung"])
        let status = await panel.status()
        #expect(status["clusters"]?.array?.count == 2)
        let edge = try #require(status["clusters"]?[1])
        #expect(edge["name"]?.string == "edge-01")
        #expect(edge["management"]?.string == "mgmt-1")
        #expect(edge["revisions"] == [["revision": "default", "ready": true]])
        #expect(edge.count("proxies", "default") > 5)
        #expect(edge.count("owners", "ready") == edge.count("owners", "total"))
        #expect(edge["faults"]?[0]?["fault"]?.string == "hung")
        #expect(edge["faults"]?[0]?["active"]?.bool == true)
    }

    @Test func `a fault has a start and an end if it is given them`() async throws {
        let rehearsal = try await Rehearsal()
        let panel = panel(rehearsal)
        _ = try await panel.breakCluster(
            "edge-01", ["fault": "unreachable", "after": 60, "for": 30])
        let store = try rehearsal.edge
        #expect(store.transportFault == nil)
        rehearsal.run(seconds: 61)
        #expect(store.transportFault == .unreachable)
        rehearsal.run(seconds: 30)
        #expect(store.transportFault == nil)
    }

    @Test func `the owner that isn't told is the first with sidecars`() async throws {
        let rehearsal = try await Rehearsal()
        let broken = try await panel(rehearsal).breakCluster(
            "edge-01", ["fault": "workload-never-ready"])
        let owner = try #require(broken["faults"]?[0]?["parameters"]?["owner"]?.string)
        let parts = owner.split(separator: "/").map(String.init)
        let key = ObjectKey("deployments.apps", namespace: parts[0], name: parts[1])
        #expect(try rehearsal.edge.get(key) != nil)
        #expect(try ClusterSummary(store: rehearsal.edge).probe(parts[0]) == "default")
    }

    @Test func `a break and a mend are felt at once`() async throws {
        let rehearsal = try await Rehearsal()
        let panel = panel(rehearsal)
        _ = try await panel.breakCluster("edge-01", ["fault": "unreachable"])
        #expect(try rehearsal.edge.transportFault == .unreachable)
        _ = try await panel.mendCluster("edge-01", "unreachable")
        #expect(try rehearsal.edge.transportFault == nil)
    }

    @Test(arguments: [(nil, 90), (JSON.int(10), 10)])
    func `an unhealthy spell ends by itself, or when it is told to`(
        length: JSON?, seconds: Int
    ) async throws {
        let rehearsal = try await Rehearsal()
        var fault: JSON = ["fault": "ilm-unhealthy", "parameters": ["seconds": 90]]
        fault["for"] = length
        let broken = try await panel(rehearsal).breakCluster("edge-01", fault)
        let end = rehearsal.clock.now + seconds
        #expect(broken["faults"]?[0]?["until"]?.string == end.timestamp)
    }

    @Test func `the owner that isn't told has pods`() async throws {
        let rehearsal = try await Rehearsal()
        let panel = panel(rehearsal)
        let first = { () async throws -> String? in
            let broken = try await panel.breakCluster("edge-01", ["fault": "requests-fail"])
            return broken["faults"]?[0]?["parameters"]?["owner"]?.string
        }
        let before = try #require(try await first())
        let parts = before.split(separator: "/").map(String.init)
        let key = ObjectKey("deployments.apps", namespace: parts[0], name: parts[1])
        try rehearsal.edge.update(key) { $0[path: ["spec", "replicas"]] = 0 }
        let after = try #require(try await first())
        #expect(after != before)
    }

    @Test func `namespaces that ask for sidecars by a revision's name have owners, too`()
        async throws
    {
        let rehearsal = try await Rehearsal(kind: .sail, isSmall: true)
        let broken = try await panel(rehearsal).breakCluster(
            "edge-01", ["fault": "workload-never-ready"])
        let owner = broken["faults"]?[0]?["parameters"]?["owner"]?.string
        #expect(owner?.hasPrefix("shop/") == true)
    }

    @Test func `mending ends one fault, or all`() async throws {
        let rehearsal = try await Rehearsal()
        let panel = panel(rehearsal)
        _ = try await panel.breakCluster("edge-01", ["fault": "slow"])
        _ = try await panel.breakCluster("edge-01", ["fault": "ilm-stuck"])
        let left = try await panel.mendCluster("edge-01", "slow")
        #expect(left["faults"]?.array?.compactMap { $0["fault"]?.string } == ["ilm-stuck"])
        #expect(try rehearsal.edge.transportFault == nil)
        let none = try await panel.mendCluster("edge-01", nil)
        #expect(none["faults"] == [])
    }

    @Test(
        arguments: [
            ("edge-99", ["fault": "hung"], 404), ("edge-01", ["fault": "melted"], 400),
            ("edge-01", [:], 400), ("edge-01", "hung", 400),
        ] as [(String, JSON, Int)])
    func `what makes no sense is refused`(cluster: String, fault: JSON, code: Int) async throws {
        let rehearsal = try await Rehearsal()
        let error = await #expect(throws: StatusError.self) {
            try await panel(rehearsal).breakCluster(cluster, fault)
        }
        #expect(error?.code == code)
    }

    @Test func `a fault that isn't there can't be mended`() async throws {
        let rehearsal = try await Rehearsal()
        let error = await #expect(throws: StatusError.self) {
            try await panel(rehearsal).mendCluster("edge-01", "hung")
        }
        #expect(error?.code == 404)
        #expect(
            error?.message == #"cluster "edge-01" has no fault "hung"; nothing is broken"#)
    }

    @Test func `a cluster that isn't there is told with those that are`() async throws {
        let rehearsal = try await Rehearsal()
        let error = await #expect(throws: StatusError.self) {
            try await panel(rehearsal).mendCluster("edge-99", nil)
        }
        #expect(
            error?.message == #"the lab has no cluster "edge-99"; it has mgmt-1, edge-01"#)
    }
}
