import FleetModel
import Testing

@testable import Takeovers

/// What is removed for good is kept as a copy.
@Suite struct KeptCopiesTests {
    private static let name = "fleet-istio-migration-removed-default"

    private func copies(_ world: World) -> [String: String] {
        world.object("ConfigMap", Self.name, in: "default")?["data"]?.strings ?? [:]
    }

    private func step(_ name: String) throws -> Step { try GlooRunbook.step(name, of: "retire") }

    @Test func `nothing is deleted before there is a copy of it`() throws {
        var world = try World("60")
        var deleted = 0
        for name in ["remove-old-gateways", "remove-old-control-plane", "remove-old-operator"] {
            let (observation, commands) = world.turn(try step(name))
            #expect(observation.word == "done", "\(name): \(observation)")
            let purposes = commands.withoutLease.map(\.purpose)
            #expect(purposes.first?.hasPrefix("keep copies of what") == true, "\(purposes)")
            deleted += purposes.count - 1
        }
        #expect(
            copies(world).keys.sorted() == [
                "deployment.istio-operator.istio-operator",
                "istiooperator.istio-system.control-plane",
                "istiooperator.istio-system.eastwest-gateway",
                "service.istio-operator.istio-operator",
            ])
        #expect(deleted == 4)
    }

    @Test func `a copy can be applied once more, and has nothing that a server adds`() throws {
        var world = try World("60")
        let before = try #require(
            world.object("IstioOperator", "control-plane", in: "istio-system"))
        _ = world.turn(try step("remove-old-gateways"))
        _ = world.turn(try step("remove-old-control-plane"))
        let text = copies(world)["istiooperator.istio-system.control-plane"] ?? ""
        let copy = try #require(JSON(parsing: text))
        #expect(copy["apiVersion"] == "install.istio.io/v1alpha1")
        #expect(copy["kind"] == "IstioOperator")
        #expect(copy.qualifiedName == "istio-system/control-plane")
        #expect(copy.spec == before.spec)
        #expect(copy["status"] == nil && copy.metadata["uid"] == nil)
    }

    @Test func `a second run writes no copy anew`() throws {
        var world = try World("60")
        let step = try step("remove-old-gateways")
        world.run(world.commands(step))
        let before = copies(world)
        #expect(before.count == 1)
        world.edit("IstioOperator", "eastwest-gateway", in: "istio-system") {
            $0[path: ["spec", "tag"]] = "half-gone"
        }
        #expect(world.turn(step).observation.word == "done")
        #expect(copies(world) == before)
    }

    @Test func `what has no room is not deleted, unless somebody says where it is kept`() throws {
        var world = try World("60")
        world.edit("IstioOperator", "eastwest-gateway", in: "istio-system") {
            $0[path: ["spec", "note"]] = .string(String(repeating: "x", count: 950_000))
        }
        let step = try step("remove-old-gateways")
        guard case .failed(let failure) = world.observe(step) else {
            Issue.record("\(world.observe(step).word)")
            return
        }
        #expect(failure.reason.hasPrefix("ConfigMap default/\(Self.name) has no room for a copy"))
        world.cluster.append([
            "kind": "ConfigMap", "metadata": ["name": .string(Self.name), "namespace": "default"],
            "data": ["istiooperator.istio-system.eastwest-gateway": "git: mesh/eastwest.yaml"],
        ])
        #expect(world.turn(step).observation.word == "done")
    }

    @Test func `the key of an image hub is in no record`() throws {
        var world = try World("60")
        world.edit("IstioOperator", "eastwest-gateway", in: "istio-system") {
            $0[path: ["spec", "hub"]] = "us-docker.pkg.dev/gloo-mesh/istio-OLDKEY"
        }
        let saving = try #require(world.commands(try step("remove-old-gateways")).last)
        #expect(saving.stdin?.contains("OLDKEY") == true)
        #expect(saving.redacted(saving.stdin ?? "").contains("OLDKEY") == false)
    }

    @Test func `the preview says where the copies are`() throws {
        for name in ["remove-old-gateways", "remove-old-control-plane", "remove-old-operator"] {
            let preview = try step(name).preview
            #expect(preview.proof.contains("ConfigMap default/\(Self.name) has a copy"))
            let stdin = preview.compensation.compactMap(\.stdin).joined()
            #expect(stdin.contains("of ConfigMap default/\(Self.name)>"))
        }
    }
}
