import Foundation
import Testing

extension CommandLineTests {
    /// Known failures as an operator meets them: a takeover that gets stuck, and `why`.
    @Suite(.serialized) struct FailureRunTests {
        @Test(.lab(clusters: 1))
        func `a gateway without an address is waited for, as why tells`() async throws {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Flock.name(1), "lb-address-never-comes")
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "add-eastwest-gateway", of: Flock.name(1))
                try await Patience.until("the reason") {
                    try await project.told(of: 1).contains("has no address yet") ? true : nil
                }
                run.signal(SIGKILL)
                _ = try await run.end()
            }
        }

        @Test(.lab(clusters: 1))
        func `what a preflight for Gloo finds around a cluster`() async throws {
            try await Project.onLab([1]) { project, lab in
                let policy = """
                    apiVersion: admin.gloo.solo.io/v2
                    kind: RootTrustPolicy
                    metadata: {name: root, namespace: gloo-mesh}
                    spec: {config: {autoRestartPods: true}}
                    """
                _ = try await lab.kubectl(
                    lab.manager(of: 1), "apply", "--validate=false", "-f", "-", input: policy)
                _ = try await lab.kubectl(
                    Flock.name(1), "-n", "istio-operator", "set", "env",
                    "deployment/istio-operator", "WATCH_NAMESPACE=istio-system,gm-iop-1-25")
                let asked = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(asked.exit != 0, "\(asked.story)")
                let story = asked.story.split(whereSeparator: \.isWhitespace)
                    .joined(separator: " ")
                for words in [
                    "it restarts pods by itself", "would handle what is made in gm-iop-1-25",
                ] {
                    #expect(story.contains(words), "\(words) in \(story)")
                }
                try project.edit(
                    "Inventory/lab.yaml", "context: \(Flock.name(1))", "context: edge_01")
                let refused = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(refused.story.contains("can't have an underscore"), "\(refused.story)")
            }
        }

        @Test(.lab(clusters: 3))
        func `a webhook without trust and a rollout without end`() async throws {
            try await Project.onLab([3, 1, 2], policy: patientWithAll) { project, lab in
                let cases = [
                    ("ca-bundle-missing", nil, "I1: istio-sidecar-injector-1-25 has no caBundle"),
                    (
                        "workload-never-ready", "crashes=true",
                        "it exceeded its progress deadline (CrashLoopBackOff); its restart was undone"
                    ),
                ]
                for (number, (fault, setting, _)) in zip(1..., cases) {
                    try await lab.breakCluster(Flock.name(number), fault, setting: setting)
                }
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect([3, 4].contains(run.exit), "\(run.story)")
                for (number, (_, _, words)) in zip(1..., cases) {
                    let told = try await project.told(of: number)
                    #expect(told.contains(words))
                }
            }
        }

        /// Those who fail stop nobody else.
        private let patientWithAll = """
            rollout: lab
            maxAttempts: 1
            defaults: {gate: {approval: false}}
            waves:
              - {name: canary, canary: true, clusters: {matchLabels: {role: first}}}
              - name: broken
                clusters: rest
                maxConcurrency: 100%
                maxFailures: 100%
                allowTotalLoss: true
                exposure: soft
            """
    }
}

extension Project {
    /// What `why` says of a cluster, in one line.
    fileprivate func told(of number: Int) async throws -> String {
        try await run("why", Flock.name(number)).output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
