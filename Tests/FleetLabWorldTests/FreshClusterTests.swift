import FleetModel
import Testing

@testable import FleetLab

@Suite struct FreshClusterTests {
    @Test func `a workload cluster starts as the takeover's first checkpoint`() async throws {
        let rehearsal = try await Rehearsal()
        let summary = ClusterSummary(store: try rehearsal.edge)
        #expect(summary.istiods == ["istiod"])
        #expect(summary.dangling == [])
        #expect(Array(summary.proxies.keys) == ["default 1.23.6"])
        #expect(summary.injectors(ofNamespace: "shop") == ["istio-sidecar-injector"])
        #expect(
            summary.addressed == [
                "istio-gateways/istio-eastwestgateway", "istio-gateways/istio-ingressgateway",
            ])
    }

    @Test func `a fresh cluster is at rest and every owner in it is ready`() async throws {
        let rehearsal = try await Rehearsal(clusters: 3)
        #expect(rehearsal.fleet.advance(to: rehearsal.clock.now) == nil)
        for cluster in rehearsal.fleet.clusters {
            let store = try rehearsal.store(cluster.name)
            for pod in store.list("pods") where !pod.isFinished {
                #expect(pod.isReady, "\(cluster.name) \(pod.namespace)/\(pod.name)")
            }
            for deployment in store.list("deployments.apps") {
                #expect(
                    deployment.count("status", "availableReplicas")
                        == deployment.count("spec", "replicas"),
                    "\(cluster.name) \(deployment.name)")
            }
        }
    }

    @Test(
        arguments: [
            ("envoyfilters", ["v1alpha3"]), ("proxyconfigs", ["v1beta1"]),
            ("virtualservices", ["v1beta1", "v1alpha3"]),
        ])
    func `Istio's resources are served in the versions that Istio has them in`(
        plural: String, versions: [String]
    ) async throws {
        let definitions = try await Rehearsal().edge
            .list("customresourcedefinitions.apiextensions.k8s.io")
        let own = definitions.first { $0.name == "\(plural).networking.istio.io" }
        let served = own?[path: ["spec", "versions"]]?.array ?? []
        #expect(served.compactMap { $0["name"]?.string } == versions)
    }

    @Test func `the same seed makes the same cluster`() async throws {
        let first = try await Rehearsal(seed: 11).edge.list("pods")
        let second = try await Rehearsal(seed: 11).edge.list("pods")
        let third = try await Rehearsal(seed: 12).edge.list("pods")
        #expect(first == second)
        #expect(first.map(\.name) != third.map(\.name))
    }

    @Test func `every kind of owner is there`() async throws {
        let store = try await Rehearsal().edge
        let owners = Set(
            store.list("pods").map { $0.controllerReference?["kind"]?.string ?? "none" })
        #expect(owners == ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "none"])
        #expect(store.list("pods").contains { $0.phase == "Succeeded" && ProxyReader($0) != nil })
        #expect(store.list("deployments.apps").contains { $0.count("spec", "replicas") == 0 })
        #expect(try ClusterSummary(store: store).probe("legacy") == nil)
    }

    @Test func `clusters have different roots and every namespace knows its cluster's`()
        async throws
    {
        let rehearsal = try await Rehearsal(clusters: 2)
        let roots = try ["edge-01", "edge-02"].map { name in
            Set(
                try rehearsal.store(name).list("configmaps").filter {
                    $0.name == MeshRoot.configMap
                }.map { $0[path: ["data", "root-cert.pem"]]?.string ?? "" })
        }
        #expect(roots.map(\.count) == [1, 1])
        #expect(roots[0] != roots[1])
    }
}
