import FleetModel
import Testing

@testable import Takeovers

@Suite struct RemoveNamespacesTests {
    private let situation = Situation.gloo(
        .gloo(parameters: ["gateways": "none", "removeNamespaces": ["istio-gateways"]]))

    private func step() throws -> Step {
        try GlooRunbook.step("remove-namespaces", of: "retire", in: situation)
    }

    /// The old revision is gone, and a namespace of its is empty but for what all have.
    private func world() throws -> World {
        var world = try World("70")
        world.cluster.removeAll { $0.namespace == "istio-gateways" || $0.name == "istio-gateways" }
        world.cluster += [
            ["kind": "Namespace", "metadata": ["name": "istio-gateways"]],
            [
                "kind": "ConfigMap",
                "metadata": ["name": "istio-ca-root-cert", "namespace": "istio-gateways"],
            ],
            [
                "kind": "ServiceAccount",
                "metadata": ["name": "istio-operator", "namespace": "istio-gateways"],
            ],
            ["kind": "Event", "metadata": ["name": "e", "namespace": "istio-gateways"]],
        ]
        return world
    }

    @Test func `an empty namespace goes, and only that`() throws {
        var world = try world()
        let step = try step()
        #expect(world.observe(step) == .notDone("nothing is left in istio-gateways"))
        let commands = world.commands(step)
        let deletions = commands.filter { $0.argv.contains("delete") }.map(\.argv)
        #expect(deletions.count == 1 && deletions[0].contains("istio-gateways"))
        world.run(commands)
        #expect(world.observe(step) == .done("istio-gateways gone"))
        #expect(world.object("Namespace", "istio-system") != nil)
    }

    @Test(
        arguments: [
            "Service", "ConfigMap", "Gateway", "Pod", "EnvoyFilter", "ProxyConfig",
            "PersistentVolume",
        ])
    func `whatever is still in it keeps it`(kind: String) throws {
        var world = try world()
        world.cluster.append([
            "kind": .string(kind), "metadata": ["name": "mine", "namespace": "istio-gateways"],
        ])
        let isListed = kind != "PersistentVolume"
        let observation = try world.observe(step())
        #expect((observation.word == "failed terminal") == isListed)
        guard isListed else { return }
        #expect("\(observation)".contains("still holds \(kind) mine"))
        #expect(try world.commands(step()).isEmpty)
    }

    @Test func `what is served in several versions is named once`() throws {
        var world = try world()
        world.cluster.append([
            "kind": "Gateway", "metadata": ["name": "mine", "namespace": "istio-gateways"],
        ])
        let words = "\(try world.observe(step()))"
        #expect(words.ranges(of: "Gateway mine").count == 1)
    }

    @Test func `a secret keeps it, and is not read`() throws {
        var world = try world()
        world.secrets = ["public-cert"]
        let observation = try world.observe(step())
        #expect("\(observation)".contains("still holds Secret public-cert"))
    }

    @Test func `one that is going is waited for, with the reason`() throws {
        var world = try world()
        world.edit("Namespace", "istio-gateways") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
            $0[path: ["status", "conditions"]] = [
                [
                    "type": "NamespaceFinalizersRemaining", "status": "True",
                    "message": "istio-finalizer.install.istio.io in 1 resource instances",
                ]
            ]
        }
        let observation = try world.observe(step())
        #expect(observation.word == "partial")
        #expect("\(observation)".contains("istio-finalizer.install.istio.io"))
    }

    @Test func `one that is going is not judged any more, and another goes meanwhile`() throws {
        var world = try world()
        world.edit("Namespace", "istio-gateways") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2026-01-01T00:00:00Z"
            $0[path: ["status", "conditions"]] = [
                [
                    "type": "NamespaceFinalizersRemaining", "status": "False",
                    "message": "All content-preserving finalizers finished",
                ]
            ]
        }
        world.cluster.append([
            "kind": "Service", "metadata": ["name": "mine", "namespace": "istio-gateways"],
        ])
        let words = "namespace istio-gateways is still going"
        #expect(try world.observe(step()) == .partial(words))
        world.cluster.append(["kind": "Namespace", "metadata": ["name": "istio-operator"]])
        let both = RemoveNamespaces(
            move: GlooSituation(situation).move, names: ["istio-gateways", "istio-operator"]
        ).step()
        #expect(world.observe(both) == .notDone("nothing is left in istio-operator"))
        let deletions = world.commands(both).filter { $0.argv.contains("delete") }
        #expect(deletions.map(\.purpose) == ["remove the empty namespace istio-operator"])
    }

    @Test func `what is protected is not removed, whoever asks for it`() throws {
        var world = try world()
        world.cluster.append(["kind": "Namespace", "metadata": ["name": "kube-public"]])
        let step = RemoveNamespaces(
            move: GlooSituation(situation).move, names: ["kube-public"]
        ).step()
        let words = "namespace kube-public is protected"
        #expect(world.observe(step) == .failed(Failure(.terminal, words)))
    }

    @Test(arguments: ["istio-system", "kube-system", "gm-iop-1-15", "gloo-mesh", "Not a name"])
    func `what is protected is refused beforehand`(name: String) {
        let takeover = Takeover.gloo(
            parameters: ["gateways": "none", "removeNamespaces": [.string(name)]])
        #expect(GlooRunbook.problems(in: takeover).count == 1)
    }
}
