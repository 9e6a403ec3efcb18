import FleetModel
import Testing

@testable import Takeovers

@Suite struct RemoveByIstioctlTests {
    private func step() throws -> Step {
        try RevisionRunbook.step(
            "remove-old-control-plane", of: "retire", in: .revision(.istioctl()))
    }

    private func labelled(
        _ kind: String, _ name: String, _ component: String, of revision: Revision = "1-24-3"
    ) -> JSON {
        [
            "kind": .string(kind),
            "metadata": [
                "name": .string(name), "namespace": "istio-system",
                "labels": [
                    "istio.io/rev": .string(revision.rawValue),
                    "operator.istio.io/component": .string(component),
                ],
            ],
        ]
    }

    @Test(
        arguments: [
            ("DaemonSet", "istio-cni-node", "Cni"),
            ("Deployment", "istio-ingressgateway", "IngressGateways"),
            ("Service", "istio-ingressgateway", "IngressGateways"),
        ])
    func `nothing goes along that others need`(
        kind: String, name: String, component: String
    ) throws {
        var world = try World.revision("40")
        #expect(world.observe(try step()).word == "notDone")
        world.cluster.append(labelled(kind, name, component))
        #expect(
            world.observe(try step())
                == .failed(
                    Failure(
                        .terminal, "istioctl would take \(kind) istio-system/\(name) along")))
    }

    @Test func `proxies that only istiod knows of keep it, but for waived ones`() throws {
        var world = try World.revision("40")
        world.dryRunWarnings = [
            "There are still 1 proxies pointing to the control plane revision 1-24-3", "vm-1.edge",
            "If you proceed with the uninstall, these proxies will become detached.",
        ]
        #expect(
            world.observe(try step())
                == .failed(Failure(.terminal, "the old istiod still serves vm-1.edge")))
        world.cluster.append([
            "kind": "Pod", "metadata": ["name": "vm-1", "namespace": "edge"],
            "status": ["phase": "Running"],
        ])
        let waived = Takeover.istioctl(parameters: ["waived": ["edge/vm-1"]])
        let step = try RevisionRunbook.step(
            "remove-old-control-plane", of: "retire", in: .revision(waived))
        #expect(world.observe(step).word == "notDone")
        // Of more than thirty it tells no names.
        world.dryRunWarnings.remove(at: 1)
        #expect(world.observe(step).word == "failed terminal")
    }

    @Test(arguments: ["", "Error: could not list revisions: timed out"])
    func `a dry run that failed, or lists nothing while istiod stands, says nothing`(
        stderr: String
    ) throws {
        var world = try World.revision("40")
        world.istioctlAnswers["uninstall"] = ToolReport(exit: 1, stderr: stderr)
        #expect(world.observe(try step()).word == "unknown")
        world.istioctlAnswers["uninstall"] = ToolReport(exit: 0)
        #expect(world.observe(try step()).word == "unknown")
        world.remove("Deployment", "istiod-1-24-3", in: "istio-system")
        #expect(world.observe(try step()).word == "done")
    }

    @Test func `gateways that it asks about keep it`() throws {
        var world = try World.revision("40")
        world.dryRunWarnings = ["You are about to remove the following gateways: edge. To avoid"]
        #expect(world.observe(try step()).word == "failed terminal")
    }

    @Test func `who still uses the old revision keeps it`() throws {
        let world = try World.revision("30")
        #expect(world.observe(try step()).word == "failed terminal")
    }

    @Test func `the default validator keeps it while it calls the old istiod`() throws {
        let (kind, name) = ("ValidatingWebhookConfiguration", "istiod-default-validator")
        var world = try World.revision("40")
        world.addDefaultValidator(of: "1-24-3")
        var own = world
        own.edit(kind, name) { $0[path: ["metadata", "name"]] = "istio-validator-1-24-3" }
        #expect(own.observe(try step()).word == "notDone")
        let words = "istiod-default-validator still calls istio-system/istiod-1-24-3"
        #expect(world.observe(try step()) == .failed(Failure(.terminal, words)))
    }

    @Test func `the preflight tells beforehand what would go along`() throws {
        var world = try World.revision("00")
        let preflight = try RevisionRunbook.step(
            "preflight", of: "prepare", in: .revision(.istioctl()))
        #expect(world.observe(preflight).word == "done")
        world.cluster.append(labelled("DaemonSet", "istio-cni-node", "Cni"))
        let words = "PR2 DaemonSet istio-system/istio-cni-node would go with revision 1-24-3"
        #expect("\(world.observe(preflight))".contains(words))
    }

    @Test(arguments: [("DaemonSet", "Cni"), ("Deployment", "IngressGateways")])
    func `nothing is installed where that would remove what is of the new revision already`(
        kind: String, component: String
    ) throws {
        var world = try World.revision("00")
        let steps = RevisionRunbook.steps(of: "prepare", in: .revision(.istioctl()))
        let install = try #require(steps.first { $0.outline.name == "install-control-plane" })
        world.cluster.append(labelled(kind, "shared", component, of: "1-25-2"))
        let words =
            "istioctl would remove \(kind) istio-system/shared, of the new revision and not in the "
            + "profile"
        #expect(world.observe(install) == .failed(Failure(.terminal, words)))
        #expect("\(world.observe(try #require(steps.first)))".contains("PR6 \(words)"))
        // Of a Helm chart it removes nothing.
        world.edit(kind, "shared", in: "istio-system") {
            $0[path: ["metadata", "annotations", "meta.helm.sh/release-name"]] = "cni"
        }
        #expect(world.observe(install).word == "notDone")
    }

    @Test func `another istioctl, and a plane of Helm's, are told beforehand`() throws {
        var world = try World.revision("00")
        let preflight = try RevisionRunbook.step(
            "preflight", of: "prepare", in: .revision(.istioctl()))
        world.istioctlVersion = "1.24.3"
        #expect("\(world.observe(preflight))".contains("PR4 istioctl is 1.24.3, not 1.25.2"))
        world.edit("Deployment", "istiod-1-24-3", in: "istio-system") {
            $0[path: ["metadata", "annotations", "meta.helm.sh/release-name"]] = "istiod"
        }
        #expect(
            "\(world.observe(preflight))".contains("PR2 revision 1-24-3 is of Helm"))
    }
}
