import FleetModel
import Testing

@testable import FleetLab

@Suite struct TunnelPodTests {
    private static let daemonSet = ObjectKey(
        "daemonsets.apps", namespace: "istio-system", name: "ztunnel")

    @Test func `a lab that Helm installed has a ztunnel on every node`() async throws {
        let rehearsal = try await Rehearsal(kind: .revision, isSmall: true)
        let pods = try tunnels(rehearsal)
        #expect(pods.count == 3 && pods.allSatisfy(\.isReady))
        #expect(pods.allSatisfy { ProxyReader($0)?.revision == "1-27" })
    }

    @Test func `a node's new ztunnel comes first, and counts once the old one is gone`()
        async throws
    {
        let rehearsal = try await Rehearsal(kind: .revision, isSmall: true)
        try change(rehearsal) { $0["image"] = "docker.io/istio/ztunnel:1.27.4" }
        var (least, most, hasBeenBoth) = (Int.max, 0, false)
        for _ in 0..<120 {
            rehearsal.run(seconds: 1)
            let pods = try tunnels(rehearsal)
            least = min(least, pods.filter(\.isReady).count)
            most = max(most, pods.filter(\.isActive).count)
            let new = pods.filter(isNew).filter(\.isReady).count
            let updated = try status("updatedNumberScheduled", rehearsal)
            #expect(updated <= new)
            hasBeenBoth = hasBeenBoth || updated < new
        }
        #expect(least == 3 && most == 4 && hasBeenBoth)
        #expect(try status("updatedNumberScheduled", rehearsal) == 3)
        #expect(try tunnels(rehearsal).allSatisfy(isNew))
    }

    @Test func `a ztunnel whose istiod is not there never becomes ready, and the old ones stay`()
        async throws
    {
        let rehearsal = try await Rehearsal(kind: .revision, isSmall: true)
        try change(rehearsal) {
            $0["env"] = [
                Manifest.variable("XDS_ADDRESS", "istiod-1-28.istio-system.svc:15012")
            ]
        }
        rehearsal.run(seconds: 120)
        let pods = try tunnels(rehearsal)
        #expect(pods.count == 4 && pods.filter(\.isReady).count == 3)
        #expect(try status("updatedNumberScheduled", rehearsal) == 0)
        #expect(try status("numberAvailable", rehearsal) == 3)
    }

    @Test func `an istiod without ambient takes no new ztunnel, and keeps the ones it has`()
        async throws
    {
        let rehearsal = try await Rehearsal(kind: .revision, isSmall: true)
        let istiod = ObjectKey(
            "deployments.apps", namespace: "istio-system", name: "istiod-1-27")
        try rehearsal.edge.update(istiod) { deployment in
            let path = ["spec", "template", "spec", "containers"]
            var containers = deployment[path: path]?.array ?? []
            containers[0]["env"] = .array(
                (containers[0]["env"]?.array ?? []).filter {
                    $0["name"]?.string != LabChart.ambient
                })
            deployment[path: path] = .array(containers)
        }
        rehearsal.run(seconds: 60)
        #expect(try tunnels(rehearsal).allSatisfy(\.isReady))
        try change(rehearsal) { $0["image"] = "docker.io/istio/ztunnel:1.27.4" }
        rehearsal.run(seconds: 120)
        #expect(try tunnels(rehearsal).filter(isNew).map(\.isReady) == [false])
    }

    private func tunnels(_ rehearsal: Rehearsal) throws -> [JSON] {
        try rehearsal.edge.list("pods").filter { $0.labels["app"] == "ztunnel" }
    }

    private func isNew(_ pod: JSON) -> Bool { ProxyReader(pod)?.version == "1.27.4" }

    private func status(_ count: String, _ rehearsal: Rehearsal) throws -> Int {
        try rehearsal.edge.get(Self.daemonSet)?.count("status", count) ?? 0
    }

    private func change(_ rehearsal: Rehearsal, _ edit: (inout JSON) -> Void) throws {
        try rehearsal.edge.update(Self.daemonSet) { daemonSet in
            let path = ["spec", "template", "spec", "containers"]
            var containers = daemonSet[path: path]?.array ?? []
            edit(&containers[0])
            daemonSet[path: path] = .array(containers)
        }
    }
}
