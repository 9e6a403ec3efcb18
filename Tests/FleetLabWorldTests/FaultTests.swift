import FleetModel
import Testing

@testable import FleetLab

@Suite struct FaultTests {
    private static let cart = ObjectKey("deployments.apps", namespace: "shop", name: "cart")

    @Test func `a control plane that never gets ready is reported, and heals when mended`()
        async throws
    {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.controlPlaneNeverReady)
        try rehearsal.management.create(GlooKinds.controlPlanes, GlooManifests.controlPlane())
        rehearsal.run(seconds: 120)
        #expect(try rehearsal.state() == "INSTALLING_CONTROL_PLANE")
        rehearsal.run(seconds: 120)
        #expect(try rehearsal.state() == "UNHEALTHY")
        #expect(
            try rehearsal.installation()?["message"]?.string
                == "deployment istiod-1-15 is not ready")
        rehearsal.mend()
        #expect(try rehearsal.run { try rehearsal.state() == "HEALTHY" })
    }

    @Test(arguments: [
        ("FAILED", "FAILED"), ("CONTROLLER_INSTALL_FAILED", "CONTROLLER_INSTALL_FAILED"),
        ("CONTROL_PLANE_INSTALL_FAILED", "CONTROL_PLANE_INSTALL_FAILED"),
    ])
    func `an installation fails as it is told, and starts over when mended`(
        state: String, expected: String
    ) async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.glooFailure(state: state))
        try rehearsal.management.create(GlooKinds.controlPlanes, GlooManifests.controlPlane())
        #expect(try rehearsal.run { try rehearsal.state() == expected })
        rehearsal.run(seconds: 60)
        #expect(try rehearsal.state() == expected)
        rehearsal.mend()
        #expect(try rehearsal.run { try rehearsal.state() == "HEALTHY" })
    }

    @Test func `an unhealthy spell passes by itself`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        let now = rehearsal.clock.now
        rehearsal.fleet.worlds["edge-01"]?.faults.add(
            ScheduledFault(fault: .glooUnhealthy(seconds: 60), start: now, end: now + 60))
        #expect(try rehearsal.run { try rehearsal.state() == "UNHEALTHY" })
        #expect(try rehearsal.run { try rehearsal.state() == "HEALTHY" })
        #expect(rehearsal.clock.now >= now + 60)
    }

    @Test func `a scheduled fault begins when its time has come`() async throws {
        let rehearsal = try await Rehearsal()
        let store = try rehearsal.edge
        rehearsal.fleet.worlds["edge-01"]?.faults.add(
            ScheduledFault(fault: .unreachable, start: rehearsal.clock.now + 120))
        rehearsal.run(seconds: 119)
        #expect(store.transportFault == nil)
        rehearsal.run(seconds: 2)
        #expect(store.transportFault == .unreachable)
        rehearsal.mend()
        #expect(store.transportFault == nil)
    }

    @Test func `transport faults and denials reach the store`() async throws {
        let rehearsal = try await Rehearsal()
        let store = try rehearsal.edge
        rehearsal.startFault(.slow(milliseconds: 1500))
        #expect(store.transportFault == .slow(.milliseconds(1500)))
        rehearsal.mend()
        rehearsal.startFault(.hung)
        #expect(store.transportFault == .hung)
        rehearsal.startFault(.permissionDenied(resource: "deployments.apps"))
        #expect(
            store.deniedAccess.contains(AccessRule(verb: "patch", resource: "deployments.apps")))
    }

    @Test func `one workload's new pods never get ready while its old ones serve`() async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.workloadNeverReady(owner: "shop/cart", crashes: false))
        try rehearsal.restart(Self.cart)
        rehearsal.run(seconds: 120)
        let stuck = try #require(try rehearsal.edge.get(Self.cart))
        #expect(stuck.count("status", "availableReplicas") == 2)
        #expect(stuck.count("status", "updatedReplicas") == 1)
        try rehearsal.restart(ObjectKey("deployments.apps", namespace: "shop", name: "web"))
        rehearsal.run(seconds: 60)
        let other = try #require(
            try rehearsal.edge.get(
                ObjectKey("deployments.apps", namespace: "shop", name: "web")))
        #expect(
            Condition.find("Progressing", in: other)?["reason"]?.string
                == "NewReplicaSetAvailable")
        rehearsal.mend()
        rehearsal.run(seconds: 60)
        #expect(try rehearsal.edge.get(Self.cart)?.count("status", "updatedReplicas") == 2)
    }

    @Test(arguments: [
        (LabFault.imagePullBackOff(image: "proxyv2:1.23"), "ImagePullBackOff", "Pending"),
        (
            LabFault.workloadNeverReady(owner: "shop/cart", crashes: true), "CrashLoopBackOff",
            "Running"
        ),
    ])
    func `a container waits for its reason`(
        fault: LabFault, reason: String, phase: String
    ) async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(fault)
        try rehearsal.restart(Self.cart)
        rehearsal.run(seconds: 60)
        let pods = try rehearsal.edge.list("pods", namespace: "shop").filter {
            $0.workloadName == "cart"
        }
        let sick = try #require(pods.first { !$0.isReady })
        #expect(sick.phase == phase)
        let status = sick[path: ["status", "containerStatuses"]]?[0]
        #expect(status?[path: ["state", "waiting", "reason"]]?.string == reason)
        #expect(pods.filter(\.isReady).count == 2)
    }

    @Test func `a full quota refuses pods of applications only`() async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.quotaExceeded)
        try rehearsal.restart(Self.cart)
        rehearsal.run(seconds: 10)
        let events = try rehearsal.edge.list("events", namespace: "shop")
        #expect(events.contains { $0["message"]?.string?.contains("exceeded quota") == true })
        #expect(try rehearsal.installControlPlane())
    }

    @Test func `an address that never comes, comes when mended`() async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.addressNeverComes)
        let service = Manifest.make(
            "v1", "Service", "late", in: "shop",
            [
                "spec": [
                    "type": "LoadBalancer", "selector": ["app": "web"],
                    "ports": [["name": "http", "port": 80]],
                ]
            ])
        try rehearsal.edge.create("services", service)
        rehearsal.run(seconds: 300)
        let summary = ClusterSummary(store: try rehearsal.edge)
        #expect(!summary.addressed.contains("shop/late"))
        rehearsal.mend()
        rehearsal.run(seconds: 30)
        #expect(summary.addressed.contains("shop/late"))
    }

    @Test func `a stuck management plane leaves its status as it was`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        rehearsal.startFault(.glooStuck)
        try rehearsal.setDefault(true)
        rehearsal.run(seconds: 300)
        #expect(try rehearsal.state() == "HEALTHY")
        #expect(try ClusterSummary(store: rehearsal.edge).injectors(ofNamespace: "shop").count == 1)
    }

    @Test func `a management plane may leave the tag default to others`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        rehearsal.startFault(.defaultTagNeverComes)
        try rehearsal.setDefault(true)
        rehearsal.run(seconds: 300)
        let injectors = { try ClusterSummary(store: rehearsal.edge).injectors(ofNamespace: "shop") }
        #expect(try rehearsal.state() == "HEALTHY")
        #expect(try injectors().count == 1)
        rehearsal.mend()
        rehearsal.run(seconds: 30)
        #expect(try injectors().count == 2)
    }

    @Test func `a storm of conflicts keeps moving the lifecycle manager`() async throws {
        let rehearsal = try await Rehearsal()
        #expect(try rehearsal.installControlPlane())
        let before = try version(rehearsal)
        rehearsal.startFault(.conflictStorm)
        rehearsal.run(seconds: 10)
        #expect(try version(rehearsal) > before + 5)
        let after = try rehearsal.management.get(Rehearsal.controlPlaneKey)
        #expect(after?.generation == 1)
        #expect(try rehearsal.state() == "HEALTHY")
    }

    private func version(_ rehearsal: Rehearsal) throws -> Int {
        let text = try rehearsal.management.get(Rehearsal.controlPlaneKey)?.resourceVersion
        return Int(text ?? "") ?? 0
    }

    @Test func `a mended lab is at rest`() async throws {
        let rehearsal = try await Rehearsal()
        for kind in LabFaultKind.allCases {
            rehearsal.startFault(try LabFault(name: kind.rawValue, firstWorkload: "shop/cart"))
        }
        rehearsal.run(seconds: 30)
        rehearsal.mend()
        rehearsal.run(seconds: 120)
        #expect(rehearsal.fleet.advance(to: rehearsal.clock.now) == nil)
    }

    @Test func `every fault has a name, an explanation and parameters that can be read back`()
        throws
    {
        for kind in LabFaultKind.allCases {
            let fault = try LabFault(name: kind.rawValue, firstWorkload: "shop/cart")
            #expect(fault.name == kind.rawValue)
            #expect(!kind.explanation.isEmpty)
            #expect(try LabFault(name: fault.name, parameters: fault.parameters) == fault)
        }
    }

    @Test(arguments: [
        ("melted", [:], "there is no fault"), ("hung", ["speed": "1"], "has no parameter"),
        ("slow", ["milliseconds": "lots"], "should be a number"),
        ("slow", ["milliseconds": "-3"], "should be a number"),
        ("workload-never-ready", [:], "needs an owner"),
    ])
    func `a fault that makes no sense is refused`(
        name: String, parameters: [String: String], words: String
    ) throws {
        let error = #expect(throws: StatusError.self) {
            try LabFault(name: name, parameters: parameters)
        }
        #expect(error?.message.contains(words) == true)
    }
}
