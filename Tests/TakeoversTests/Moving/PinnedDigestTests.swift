import FleetModel
import Testing

@testable import Takeovers

/// Sidecars and control planes whose images say no version, where old and new have one name.
@Suite struct PinnedDigestTests {
    /// Big Bang's new control plane, the old sidecars still running, all of it by digest.
    private func world() throws -> World {
        var world = try World(bigBang: "254/50")
        world.edit("Deployment", "istiod", in: "istio-system") {
            let path = ["spec", "template", "spec", "containers"]
            let containers = $0.template["spec"]?.items("containers") ?? []
            $0[path: path] = .array(containers.map { $0.pinned("new") })
        }
        for index in world.cluster.indices where world.cluster[index]["kind"] == "Pod" {
            guard Proxy(of: world.cluster[index])?.kind == .sidecar else { continue }
            for list in ["containers", "initContainers"] {
                let containers = world.cluster[index].spec.items(list)
                world.cluster[index][path: ["spec", list]] = .array(
                    containers.map { $0["name"] == "istio-proxy" ? $0.pinned("old") : $0 })
            }
        }
        return world
    }

    private func turn(_ world: inout World) throws -> (Observation, [String]) {
        let step = try BigBangRunbook.step("restart-workloads")
        let (end, ran) = world.turn(step, pausing: .seconds(60))
        return (end, ran.withoutLease.map(\.purpose))
    }

    @Test func `sidecars of another image than a new one's are restarted, and but once`() throws {
        var world = try world()
        let (end, ran) = try turn(&world)
        #expect(end.word == "done", "\(end)")
        #expect(ran.contains("restart Deployment bookinfo/ratings-v1"))
        #expect(Set(ran).count == ran.count)
        #expect(try turn(&world).1.isEmpty)
    }

    @Test func `a restart that brings the old image again is not taken for a move`() throws {
        var world = try world()
        let step = try BigBangRunbook.step("restart-workloads")
        while case .settling(let item, _, _) = world.observe(step) { world.settled.insert(item) }
        (world.lastRun, world.hasActed) = (world.commands(step), true)
        let name = try #require(world.lastRun.last.flatMap(OwnerReference.init)?.name)
        world.edit("Deployment", name, in: "bookinfo") {
            $0[path: ["spec", "template", "metadata", "annotations"]] = [
                "kubectl.kubernetes.io/restartedAt": "2025-06-15T15:06:40Z"
            ]
        }
        #expect(
            world.observe(step).saying
                == "Deployment bookinfo/\(name) was restarted and is still on default")
    }

    @Test func `a pod that asks for an image of its own is judged by its revision`() throws {
        var world = try world()
        for index in world.cluster.indices where world.cluster[index]["kind"] == "Pod" {
            world.cluster[index][
                path: ["metadata", "annotations", "sidecar.istio.io/proxyImage"]] = "own/proxy:1"
        }
        #expect(try turn(&world).1.isEmpty)
    }

    @Test func `the preflight counts them among those that are restarted`() throws {
        let step = try BigBangRunbook.step("preflight")
        let words = world(step: step, try world())
        #expect(!words.contains(" 0 to restart"), "\(words)")
    }

    private func world(step: Step, _ world: World) -> String { world.observe(step).saying }

    @Test func `the last look does not take them for new`() throws {
        let inPlace = Takeover(
            name: "sail", runbook: "sail", revision: "default", version: "1.25.2")
        let situation = Situation(
            takeover: inPlace, cluster: Cluster("cluster-1"), management: nil, run: "7F3K",
            epoch: 1)
        let steps = SailRunbook.steps(of: "retire", in: situation)
        let step = try #require(steps.first { $0.outline.name == "final-check" })
        var world = try world()
        #expect(world.observe(step).saying.hasPrefix("on default: bookinfo/"))
        _ = try turn(&world)
        #expect(!world.observe(step).saying.hasPrefix("on default"))
    }
}

extension JSON {
    fileprivate func pinned(_ digest: String) -> JSON {
        var container = self
        container["image"] = .string("registry.example/istio@sha256:\(digest)")
        return container
    }
}
