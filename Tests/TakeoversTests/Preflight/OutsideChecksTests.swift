import FleetModel
import Testing

@testable import Takeovers

/// Who asks the old control plane and is led over by no step, found before anything is touched.
@Suite struct OutsideChecksTests {
    enum Case: String, CaseIterable, Sendable { case gloo, revision, sail }

    private func world(_ runbook: Case) throws -> World {
        runbook == .revision ? try .revision("00") : try World("00")
    }

    private func found(
        _ runbook: Case, isInPlace: Bool = false, charts: JSON? = nil, waived: [JSON] = [],
        _ world: World
    ) -> [Finding] {
        var parameters: [String: JSON] = ["waived": .array(waived)]
        parameters["charts"] = charts
        switch runbook {
        case .gloo: return world.findings(of: "P06", in: .gloo(.gloo(parameters: parameters)))
        case .revision:
            return world.findings(
                of: "P06", by: RevisionRunbook.self,
                in: .revision(.revision(parameters: parameters)))
        case .sail:
            let takeover = Takeover(
                name: "sail", runbook: "sail",
                revision: isInPlace ? "default" : "default-v1-15-0", version: "1.15.0",
                oldRevision: "default", parameters: parameters)
            return world.findings(of: "P06", by: SailRunbook.self, in: .gloo(takeover))
        }
    }

    private func old(_ runbook: Case) -> Revision { runbook == .revision ? "1-24-3" : "default" }
    private func new(_ runbook: Case) -> Revision {
        switch runbook {
        case .gloo: "1-15"
        case .revision: "1-25-2"
        case .sail: "default-v1-15-0"
        }
    }

    @Test(arguments: Case.allCases)
    func `machines outside are told whoever leads the mesh over`(runbook: Case) throws {
        var world = try world(runbook)
        world.cluster.append([
            "kind": "WorkloadGroup", "metadata": ["name": "vm", "namespace": "billing"],
        ])
        let words =
            "machines of WorkloadGroup billing/vm may use \(old(runbook)), which would not be "
            + #"retired: lead them over, then name it in the parameter "waived""#
        #expect(found(runbook, world) == [Finding("P06", .warn, words)])
        #expect(found(runbook, waived: ["billing/vm"], world).isEmpty)
        if runbook == .sail { #expect(found(.sail, isInPlace: true, world).isEmpty) }
    }

    private func pod(_ name: String, _ labels: JSON, argument: String, of owner: JSON) -> JSON {
        [
            "kind": "Pod",
            "metadata": [
                "name": .string(name), "namespace": "shop", "labels": labels,
                "ownerReferences": [owner],
            ],
            "spec": [
                "containers": [["name": "istio-proxy", "args": ["proxy", .string(argument)]]]
            ],
            "status": ["phase": "Running"],
        ]
    }

    @Test(arguments: Case.allCases)
    func `a ztunnel is told that no step leads over`(runbook: Case) throws {
        var world = try world(runbook)
        let owner: JSON = ["kind": "DaemonSet", "name": "ztunnel", "controller": true]
        var agent = pod("ztunnel-1", ["app": "ztunnel"], argument: "ztunnel", of: owner)
        agent[path: ["metadata", "annotations"]] = ["istio.io/rev": .string("\(old(runbook))")]
        world.cluster.append(agent)
        let words =
            "DaemonSet shop/ztunnel asks the istiod of \(old(runbook)), which would not be retired: "
            + "lead ztunnel over by the value `revision` of its chart"
        #expect(found(runbook, world) == [Finding("P06", .warn, words)])
        #expect(found(runbook, waived: ["shop/ztunnel"], world).isEmpty)
        guard runbook == .revision else { return }
        let charts: JSON = ["istiod": "istio/istiod", "ztunnel": "istio/ztunnel"]
        #expect(found(.revision, charts: charts, world).isEmpty)
    }

    @Test(arguments: Case.allCases)
    func `waypoints of the old control plane are told`(runbook: Case) throws {
        var world = try world(runbook)
        let owner: JSON = ["kind": "ReplicaSet", "name": "waypoint-5d9", "controller": true]
        let labels: JSON = ["gateway.networking.k8s.io/gateway-name": "waypoint"]
        var waypoint = pod("waypoint-5d9-x", labels, argument: "waypoint", of: owner)
        waypoint[path: ["metadata", "annotations"]] = [
            "istio.io/rev": .string("\(old(runbook))")
        ]
        world.cluster += [
            waypoint,
            [
                "kind": "ReplicaSet",
                "metadata": [
                    "name": "waypoint-5d9", "namespace": "shop",
                    "ownerReferences": [
                        ["kind": "Deployment", "name": "waypoint", "controller": true]
                    ],
                ],
            ],
        ]
        let words =
            "waypoints of \(old(runbook)), which would not be retired: Deployment shop/waypoint; "
            + "label their Gateways istio.io/rev=\(new(runbook)) once that is there"
        #expect(found(runbook, world) == [Finding("P06", .warn, words)])
    }
}
