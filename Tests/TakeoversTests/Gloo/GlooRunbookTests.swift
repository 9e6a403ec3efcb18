import FleetModel
import Testing

@testable import Takeovers

@Suite struct GlooRunbookTests {
    @Test func `the outline names the steps of each phase in order`() {
        let outline = GlooRunbook.outline(for: .gloo())
        #expect(outline.phases.map(\.name) == ["prepare", "takeover", "retire"])
        #expect(
            outline.phases.map { $0.steps.map(\.name) } == [
                [
                    "preflight", "lock", "add-control-plane", "check-control-plane",
                    "add-eastwest-gateway", "old-untouched", "test-workload", "test-traffic",
                    "unlock",
                ],
                [
                    "lock", "activate", "deactivate-old-injector", "restart-workloads",
                    "test-moved-traffic", "switch-gateways", "unlock",
                ],
                [
                    "lock", "prove-old-unused", "remove-test-workload", "remove-old-gateways",
                    "move-default", "remove-old-control-plane", "sweep", "remove-old-operator",
                    "final-check", "unlock",
                ],
            ])
    }

    @Test(arguments: [["controlPlane"], ["controlPlane", "ingressGateway", "eastWestGateway"]])
    func `steps and outline agree whatever manifests there are`(roles: [String]) {
        var manifests = Takeover.standardManifests
        manifests["ingressGateway"] = Takeover.gatewayManifest("ingress").description
        let takeover = Takeover.gloo(manifests: manifests.filter { roles.contains($0.key) })
        for phase in GlooRunbook.outline(for: takeover).phases {
            let steps = GlooRunbook.steps(of: phase.name, in: .gloo(takeover))
            #expect(steps.map(\.outline) == phase.steps)
            #expect(Set(steps.map(\.outline.name)).count == steps.count)
        }
    }

    @Test func `only the preflight is a baseline, and activation alone is no place to stop`() {
        let steps = GlooRunbook.outline(for: .gloo()).phases.flatMap(\.steps)
        #expect(steps.filter(\.isBaseline).map(\.name) == ["preflight"])
        #expect(steps.filter { !$0.endsAtSafePoint }.map(\.name) == ["activate"])
        #expect(
            steps.filter { $0.interrupt == .betweenItems }.map(\.name) == ["restart-workloads"])
    }

    @Test func `the management cluster's objects are edited by three steps`() {
        let steps = ["prepare", "takeover", "retire"].flatMap {
            GlooRunbook.steps(of: $0, in: .gloo())
        }
        #expect(
            steps.filter { $0.edits == .management }.map(\.outline.name) == [
                "add-control-plane", "add-eastwest-gateway", "activate",
            ])
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("1h", .seconds(5)), ("0s", .milliseconds(100)),
    ])
    func `a takeover may have its steps look more often, within reason`(
        poll: String, expected: Duration
    ) throws {
        let takeover = Takeover.gloo(parameters: ["poll": .string(poll)])
        let step = try GlooRunbook.step("activate", of: "takeover", in: .gloo(takeover))
        #expect(step.poll == expected)
    }

    @Test func `a runbook is found by its name`() {
        #expect(Runbooks.named("gloo") == GlooRunbook.self)
        #expect(GlooRunbook.form.manifests.filter(\.isNeeded).map(\.role) == ["controlPlane"])
        #expect(GlooRunbook.form.needsManagement)
        #expect(Runbooks.named("helm") == nil)
        #expect(GlooRunbook.steps(of: "lunch", in: .gloo()).isEmpty)
    }

    @Test func `every preview shows commands with their cluster, and a proof`() {
        let situation = Situation.gloo(
            cluster: Cluster(
                "edge-01", context: "edge-ctx", kubeconfig: "/k/edge", bastion: "ams",
                tools: ["kubectl": "/opt/bin/kubectl"]))
        for phase in ["prepare", "takeover", "retire", "rollback"] {
            for step in GlooRunbook.steps(of: phase, in: situation) {
                let preview = step.preview
                #expect(!preview.proof.isEmpty)
                #expect(!preview.reads.isEmpty, "\(step.outline.name)")
                for command in preview.acts + preview.compensation {
                    #expect(command.isMutating)
                    #expect(command.argv.contains("--request-timeout=30s"))
                    #expect(!command.purpose.isEmpty)
                }
                for command in preview.acts where !command.argv.contains("mgmt-1") {
                    #expect(
                        command.argv.prefix(5) == [
                            "/opt/bin/kubectl", "--kubeconfig", "/k/edge", "--context", "edge-ctx",
                        ])
                    #expect(command.place == .bastion("ams"))
                }
            }
        }
    }

    @Test func `the activation's preview is the patch that will run`() throws {
        let step = try GlooRunbook.step("activate", of: "takeover")
        let act = try #require(step.preview.acts.first)
        #expect(
            act.shellLine == "kubectl --context mgmt-1 --request-timeout=30s -n gloo-mesh patch "
                + "istiolifecyclemanagers.admin.gloo.solo.io istiod-control-plane --type=json "
                + "--patch-file /dev/stdin")
        let ran = try World("30").commands(step).last
        #expect(ran?.argv == act.argv)
        #expect(
            ran?.stdin?.replacing(#""value":"2554""#, with: #""value":"<resourceVersion>""#)
                .replacing("installations/0", with: "installations/<installation>")
                .replacing("clusters/0", with: "clusters/<cluster>") == act.stdin)
    }

    @Test func `a step without its manifest says so`() {
        let steps = GlooRunbook.steps(of: "prepare", in: .gloo(.gloo(manifests: [:])))
        let step = steps.first { $0.outline.name == "add-control-plane" }
        let context = StepContext(now: Timestamp(milliseconds: 0))
        #expect(step?.observe(context).word == "failed terminal")
    }
}
