import FleetModel
import Testing

@testable import Takeovers

/// What is looked at right before the old revision goes, and what is tidied up behind it.
@Suite struct RetirementTests: RetiringGloo {
    private let validator = "istiod-default-validator"
    private let validators = "ValidatingWebhookConfiguration"

    private func addValidator(to world: inout World) throws {
        world.cluster.append(try Fixture.sample("vwc-\(validator)", in: "webhooks"))
    }

    private func leadValidator(_ world: inout World) {
        world.edit(validators, validator) { object in
            object = object.calling("istiod-1-15")
        }
    }

    // MARK: - The default validator

    @Test func `a validator that only says it is the old revision's is led over, too`() throws {
        var world = try world { try addValidator(to: &$0) }
        leadValidator(&world)
        let words = "istiod-default-validator belongs to default"
        #expect(try reason("move-default", world) == words)
        let step = try GlooRunbook.step("move-default", of: "retire")
        #expect(world.turn(step).observation.word == "done")
        #expect(world.object(validators, validator)?.labels["istio.io/rev"] == "1-15")
        world.remove("Service", "istiod-1-15", in: "istio-system")
        #expect(world.observe(step).word == "partial")
    }

    @Test func `the old istiod stays while it checks Istio's configuration`() throws {
        let world = try world { try addValidator(to: &$0) }
        let words = "istiod-default-validator still calls istio-system/istiod"
        #expect(try reason("remove-old-control-plane", world) == words)
        #expect(try reason("remove-old-gateways", world) != words)
    }

    @Test func `nothing is led to a new istiod that cannot be trusted yet`() throws {
        let world = try world {
            try addValidator(to: &$0)
            $0.edit("MutatingWebhookConfiguration", "istio-sidecar-injector-1-15") { object in
                var webhooks = object.items("webhooks")
                webhooks[0][path: ["clientConfig", "caBundle"]] = nil
                object["webhooks"] = .array(webhooks)
            }
        }
        #expect(try reason("move-default", world) == "the injector of 1-15 is not ready")
    }

    @Test(arguments: ["unknown", "control-plane"])
    func `only what a resource owns is taken from it`(owner: String) throws {
        let label = "install.operator.istio.io/owning-resource"
        var world = try world {
            try addValidator(to: &$0)
            $0.edit(validators, validator) {
                $0[path: ["metadata", "labels", label]] = .string(owner)
            }
        }
        let commands = world.commands(try GlooRunbook.step("move-default", of: "retire"))
        var changed = world
        changed.edit(validators, validator) { $0[path: ["metadata", "resourceVersion"]] = "9" }
        changed.run(commands)
        #expect(changed.object(validators, validator)?.labels["istio.io/rev"] == "default")
        world.run(commands)
        let labels = world.object(validators, validator)?.labels
        #expect(labels?["istio.io/rev"] == "1-15")
        #expect(labels?[label] == (owner == "unknown" ? owner : nil))
    }

    // MARK: - The notes

    @Test func `namespaces and records are forgotten together, or each by itself`() throws {
        let move = GlooSituation(.gloo()).move
        let step = ForgetNotes(move: move, recordsNamespace: "gloo-mesh-gateways").step()
        var world = try World("70")
        #expect(world.observe(step) == .done("nothing is noted any more"))
        world.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "annotations", SelectionNote.annotation]] = "{}"
        }
        var going = world
        going.edit("Namespace", "bookinfo") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        #expect(going.observe(step) == .done("nothing is noted any more"))
        let records: JSON = [
            "kind": "ConfigMap",
            "metadata": [
                "name": .string(AddressChanges.mapName), "namespace": "gloo-mesh-gateways",
            ],
        ]
        going.cluster.append(records)
        let left = "ConfigMap \(AddressChanges.mapName)"
        #expect(going.observe(step) == .notDone("\(left) still tell of before"))
        world.cluster.append(records)
        #expect(world.observe(step) == .notDone("bookinfo, \(left) still tell of before"))
        let (end, commands) = world.turn(step)
        #expect(end.word == "done")
        #expect(
            commands.withoutLease.map(\.purpose) == [
                "forget what bookinfo selected before", "forget which DNS records had to change",
            ])
    }

    // MARK: - The last look

    @Test func `the last look leaves out what has ended and what is waived, and no other`() throws {
        var world = try World("70")
        world.cluster.append(try Fixture.sample("job-completed", in: "pods"))
        #expect(try reason("final-check", world) == "done")
        let pod = try Fixture.sample("bare-pod", in: "pods")
        world.cluster.append(pod)
        #expect(try reason("final-check", world) == "on default: \(pod.qualifiedName)")
        let parameters: [String: JSON] = [
            "gateways": "none", "waived": [.string(pod.qualifiedName)],
        ]
        let waiving = try GlooRunbook.step(
            "final-check", of: "retire", in: .gloo(.gloo(parameters: parameters)))
        #expect(world.observe(waiving).word == "done")
        world.edit("Pod", pod.name, in: pod.namespace) {
            $0[path: ["metadata", "annotations", "sidecar.istio.io/status"]] =
                #"{"revision":"1-13"}"#
        }
        #expect(try reason("final-check", world) == "done")
    }

    @Test func `the last look wants gateways that are well, and namespaces that stay`() throws {
        var world = try World("70")
        world.edit("Service", "istio-eastwestgateway", in: "gloo-mesh-gateways") {
            $0["status"] = ["loadBalancer": [:]]
        }
        #expect(try reason("final-check", world).contains("has no address yet"))
        for name in ["gm-iop-1-15", "gloo-mesh-gateways"] {
            world = try World("70")
            world.edit("Namespace", name) {
                $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
            }
            let words = "protected namespaces are gone: \(name)"
            #expect(try reason("final-check", world) == words)
        }
    }
}
