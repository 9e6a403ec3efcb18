import Foundation
import Testing

extension CommandLineTests {
    /// What breaks while a takeover goes on.
    @Suite(.serialized) struct InvariantRunTests {
        /// A step of a team's own that does more harm than it should.
        private let slip = """
            steps:
              - name: tidy-up
                after: prepare/lock
                observe:
                  get: /api/v1/namespaces/istio-system/services/istiod
                  expect: . == null
                act:
                  run:
                    - kubectl
                    - -n
                    - istio-system
                    - delete
                    - service/istiod
                    - crd/virtualservices.networking.istio.io

            """

        @Test(.lab(clusters: 2))
        func `what breaks in the middle stops the cluster, and says what`() async throws {
            try await Project.onLab([1, 2]) { project, lab in
                // A running operator would make the Service anew.
                try await lab.breakCluster(Flock.name(1), "operator-gone")
                let path = "Policies/Takeovers/lab.yaml"
                let users = "http://127.0.0.1:\(try lab.port)/users/${cluster}/istio-system/istiod"
                let takeover = try project.text(of: path)
                    .replacing("parameters:\n", with: "parameters:\n  probes:\n    - \(users)\n")
                try project.write(takeover + slip, to: path)
                let explained = try await project.run(
                    "plan", "lab", "--policy", "lab", "--explain", Flock.name(1))
                #expect(explained.output.contains("keeps  I1 webhooks, I2 injection, I3 sidecars"))
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                let why = try await project.run("why", Flock.name(1))
                let words = why.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                for claim in [
                    "I1: istio-sidecar-injector calls Service istio-system/istiod, which is gone",
                    "I8: definitions of Istio's resources are gone: virtualservices.networking",
                    "/users/edge-01/istio-system/istiod fail: fails, 5 of 5: HTTP 503",
                ] { #expect(words.contains(claim), "\(why.story)") }
                let changes = try lab.changes(of: [Flock.name(1)]).compactMap(\.object)
                let slips = changes.filter {
                    $0.contains("istiod") || $0.contains("virtualservices")
                }
                #expect(!slips.isEmpty && changes == slips, "nothing came after it: \(changes)")
                #expect(try lab.changes(of: [Flock.name(2)]).isEmpty)
            }
        }

        @Test(.lab(clusters: 1))
        func `what broke while no coordinator lived is told by the next one`() async throws {
            try await Project.onLab([1]) { project, lab in
                let (cluster, manager) = (Flock.name(1), lab.manager(of: 1))
                try await lab.breakCluster(cluster, "ilm-stuck")
                let run = try project.lead("run", "lab", "--policy", "lab")
                // The step has looked and acted, and waits.
                try await Patience.until("a control plane to be asked for") {
                    try lab.changes(of: [manager]).isEmpty ? nil : true
                }
                run.signal(SIGKILL)
                _ = try await run.end()
                let bare = #"{"metadata":{"labels":{"sidecar.istio.io/inject":"false"}}}"#
                _ = try await lab.kubectl(
                    cluster, "-n", "shop", "patch", "deployment/cart", "--type", "merge", "-p",
                    #"{"spec":{"template":\#(bare)}}"#)
                _ = try await lab.kubectl(
                    cluster, "-n", "shop", "rollout", "status", "deployment/cart")
                try await lab.mend(cluster)
                let resumed = try await project.lead("resume", project.status().run).end()
                #expect(resumed.exit == 4, "\(resumed.story)")
                let claim = "I3: Deployment shop/cart lost its sidecars: 2 of 2 pods have none"
                let why = try await project.run("why", cluster)
                let words = why.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(words.contains(claim), "\(why.story)")
            }
        }

        @Test(.lab(clusters: 1))
        func `another root after the old control plane went is an alarm`() async throws {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Flock.name(1), "root-changed")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                #expect(run.output.contains("I5: another root of trust than before in"))
            }
        }
    }
}
