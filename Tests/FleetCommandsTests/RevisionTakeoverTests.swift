import Foundation
import Testing

extension CommandLineTests {
    /// Upgrades by the real helm, on a lab that Helm installed.
    @Suite(
        .serialized,
        .enabled(
            if: Program.helm != nil,
            "there is no helm in the PATH; set BELLWETHER_HELM to one to run these tests"))
    struct RevisionTakeoverTests {
        @Test(.lab(clusters: 1, kind: "revision"))
        func `an upgrade completes, and when it is run again there is nothing to change`()
            async throws
        {
            let helm = try #require(Program.helm)
            try await Project.onHelmLab([1], helm: helm) { project, lab in
                let name = Flock.name(1)
                let asked = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(asked.exit == 0, "\(asked.story)")
                let first = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(first.exit == 0, "\(first.story)")
                #expect(first.complaint == "")
                try await expectNewRevision(project, lab)
                let moment = try lab.moment()
                let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
                let again = try await project.lead("run", plan).end()
                #expect(again.exit == 0, "\(again.story)")
                #expect(try lab.changes(of: [name], since: moment).isEmpty)
            }
        }

        @Test(.lab(clusters: 1, kind: "revision"))
        func `a coordinator that dies while helm is at work is followed by one that goes on`()
            async throws
        {
            let helm = try #require(Program.helm)
            try await Project.onHelmLab([1], helm: helm) { project, lab in
                let steps = [
                    "install-control-plane", "upgrade-gateways", "remove-old-control-plane",
                ]
                try await completes(project, killedAt: steps)
                try await expectNewRevision(project, lab)
            }
        }

        @Test(.lab(clusters: 1, kind: "revision"))
        func `a gateway goes by canary, whoever dies meanwhile, and keeps its Service`()
            async throws
        {
            let helm = try #require(Program.helm)
            try await Project.onHelmLab([1], helm: helm) { project, lab in
                try project.edit(
                    "Policies/Takeovers/lab.yaml", "gateways: [istio-ingress/istio-ingress]",
                    "gateways: [{release: istio-ingress/istio-ingress, by: canary}]\n"
                        + "  gatewayHold: 5s")
                try await project.run(
                    "exec", Flock.name(1), "--changes", "--", "kubectl", "scale",
                    "deployment/istio-ingress", "--replicas", "2", "-n", "istio-ingress"
                ).expectSuccess()
                let before = try await gateway(lab)
                try await completes(project, killedAt: ["drain-gateways", "fold-gateways"])
                try await expectNewRevision(project, lab)
                #expect(try await gateway(lab) == before.replacing("1-27", with: "1-28"))
            }
        }

        /// Kills the coordinator at each of the steps, and has another one go on.
        private func completes(_ project: Project, killedAt steps: [String]) async throws {
            var leading = try project.lead("run", "lab", "--policy", "lab")
            for step in steps {
                try await leading.reaches(step: step, of: Flock.name(1))
                leading.signal(SIGKILL)
                _ = try await leading.end()
                let run = try await project.run("status", "--quiet").lines.first ?? ""
                leading = try project.lead("resume", run)
            }
            let last = try await leading.end()
            #expect(last.exit == 0, "\(last.story)")
        }

        /// The gateway's Service and the Deployments behind it.
        private func gateway(_ lab: Lab) async throws -> String {
            let template =
                "{range .items[*]}{.metadata.name} {.metadata.uid} {.spec.replicas} "
                + "{.spec.template.metadata.labels.istio\\.io/rev} "
                + "{.status.loadBalancer.ingress[0].ip}{\"\\n\"}{end}"
            let seen = try await lab.kubectl(
                Flock.name(1), "get", "services,deployments", "-n", "istio-ingress", "-o",
                "jsonpath=\(template)")
            #expect(seen.contains("istio-ingress"), "\(seen)")
            return seen
        }

        /// Nothing but the bare pod, which may stay, is left of the old revision.
        private func expectNewRevision(_ project: Project, _ lab: Lab) async throws {
            let cluster = Flock.name(1)
            let left = try await lab.kubectl(
                cluster, "get", "deployments,configmaps", "-A", "-l", "istio.io/rev=1-27", "-o",
                "name")
            #expect(left == "")
            let agents = try await lab.kubectl(
                cluster, "get", "ds", "istio-cni-node", "-n", "istio-system", "-o",
                "jsonpath={.spec.template.spec.containers[0].image}")
            // Whatever the chart's version says: `--reuse-values` would leave 1.27.3 there.
            #expect(agents == "docker.io/istio/install-cni:1.28.0")
            try await lab.expectTunnel(of: "1-28", "1.28.0", on: cluster)
            let survey = try await project.run("survey", cluster)
            #expect(survey.exit == 0, "\(survey.story)")
            #expect(survey.output.contains("1-28 1.28.0"), "\(survey.output)")
            #expect(survey.output.contains("3 x ztunnel 1-28"), "\(survey.output)")
            let planes = survey.lines.filter { $0.contains("istio-system/istiod-") }
            #expect(planes.allSatisfy { $0.contains("istiod-1-28") }, "\(survey.output)")
        }
    }
}
