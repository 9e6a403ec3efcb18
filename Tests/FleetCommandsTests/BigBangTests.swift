import Foundation
import Testing

/// Big Bang's takeover, on labs of its own kind. The way by an override is the one of the crash
/// sweep and of what was recorded.
@Suite(.serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
struct BigBangTests {
    private static let cluster = "edge-01"

    @Test func `2_50 goes over by commits of a hook, and git rules in the end`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.50.0") {
            try await Project.onLab([1]) { project, lab in
                let hook = try project.hook(committingTo: lab)
                try project.setParameters(
                    """
                      delivery: hook
                      hook: [\(hook)]
                      allowSkew: true
                      dns: others
                      finishHold: 1m
                      waived: [telemetry/debug-shell]
                    """)
                try await expectCompletion(project)
                let values = try await lab.kubectl(
                    Self.cluster, "-n", "flux-system", "get", "cm", "environment-repo", "-o",
                    "jsonpath={.data.values\\.yaml}")
                #expect(values.contains(#""istioCore":{"enabled":true}"#))
                let releases = try await lab.kubectl(
                    Self.cluster, "-n", "bigbang", "get", "hr", "-o", "name")
                #expect(releases.contains("istio-core") && !releases.contains("operator"))
                try await expectNothingToChange(project, lab, [1])
            }
        }
    }

    @Test func `the shipped takeover can be planned`() async throws {
        let paths = ["Policies/Takeovers/bigbang-2-54.yaml", "Policies/Rollouts/bigbang.yaml"]
        let files = try Dictionary(
            uniqueKeysWithValues: paths.map { path in
                let file = Program.root.appending(path: path)
                return (path, try String(contentsOf: file, encoding: .utf8))
            })
        try await Project.example(files) { project in
            let plan = try await project.run("plan", "bigbang-2-54", "--policy", "bigbang")
            #expect(plan.exit == 0 && plan.complaint.isEmpty, "\(plan.story)")
            let explained = try await project.run(
                "plan", "bigbang-2-54", "--policy", "bigbang", "--explain", "edge-01")
            #expect(explained.output.contains("/opt/gitops/commit-values --push edge-01 step-1"))
        }
    }

    @Test func `deadlines that would part what must not be parted make no plan`() async throws {
        let path = "Policies/Takeovers/bigbang-2-54.yaml"
        let text = try String(contentsOf: Program.root.appending(path: path), encoding: .utf8)
        let rollout = """
            rollout: hasty
            drainDeadline: 75m
            waves:
              - {name: canary, canary: true, clusters: [edge-01], progressDeadline: 2h}
              - {name: rest, clusters: rest, progressDeadline: 2h}

            """
        let hasty = "Policies/Rollouts/hasty.yaml"
        try await Project.example([path: text, hasty: rollout]) { project in
            let long = try await project.run("plan", "bigbang-2-54", "--policy", "hasty")
            #expect(long.exit == 0, "\(long.story)")
            // The plan is read by people, who are told; scripts read what they did before.
            #expect(long.complaint.contains("has no maintenance window"), "\(long.story)")
            #expect(!long.output.contains("maintenance window"), "\(long.story)")
            try project.edit(hasty, "drainDeadline: 75m\n", "")
            try project.edit(hasty, "edge-01], progressDeadline: 2h", "edge-01]")
            let short = try await project.run("plan", "bigbang-2-54", "--policy", "hasty")
            #expect(short.exit == 65, "\(short.story)")
            for words in [
                "`drainDeadline` should be at least 1h 12m, got: 15m",
                #"`progressDeadline` of wave "canary" should be at least 1h 12m, got: 1h"#,
                "from `step-1-values` to `gateways-up`",
            ] {
                #expect(short.complaint.contains(words), "\(words) in \(short.story)")
            }
            #expect(!short.complaint.contains(#"of wave "rest""#), "\(short.story)")
        }
    }

    @Test func `on Big Bang 3 there is nothing to do`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "3.0.0") {
            try await Project.onLab([1]) { project, lab in
                try await expectCompletion(project)
                // Its Istio is another than the takeover asks for, which is nobody's business.
                let istiod = try await lab.kubectl(
                    Self.cluster, "-n", "istio-system", "get", "deployment", "istiod", "-o",
                    "jsonpath={..image}")
                #expect(istiod.hasSuffix(":1.26.2"))
                #expect(try lab.changes(of: [Self.cluster]).isEmpty)
            }
        }
    }

    @Test func `routes that were prepared are taken back until the values change`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            let policy = Project.policy([1], approvedBefore: "takeover")
            try await Project.onLab([1], policy: policy) { project, lab in
                let before = try await gateways(lab)
                try await project.goesThereAndBack(lab) {
                    let there = try await gateways(lab)
                    #expect(there != before)
                } back: {
                    let back = try await gateways(lab)
                    #expect(back == before)
                }
            }
        }
    }

    /// What every VirtualService says of gateways, and what is noted on it.
    private func gateways(_ lab: Lab) async throws -> String {
        try await lab.kubectl(
            Self.cluster, "get", "virtualservices", "-A", "-o",
            "jsonpath={range .items[*]}{.metadata.name} {.metadata.annotations} {.spec.gateways}{end}"
        )
    }

    // MARK: - Parts

    private func expectCompletion(_ project: Project) async throws {
        let run = try await project.lead("run", "lab", "--policy", "lab").end()
        #expect(run.exit == 0, "\(run.story)")
        #expect(try run.lines.map(RunEvent.init).last?.event == "runCompleted")
    }

    private func expectNothingToChange(
        _ project: Project, _ lab: Lab, _ numbers: [Int]
    ) async throws {
        let moment = try lab.moment()
        let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
        let again = try await project.lead("run", plan).end()
        #expect(again.exit == 0, "\(again.story)")
        let events = try again.lines.map(RunEvent.init)
        let changing = events.filter { $0.changed == true }.compactMap(\.step)
        #expect(Set(changing).isSubset(of: ["lock", "unlock"]))
        #expect(try lab.changes(of: numbers.map(Flock.name), since: moment).isEmpty)
    }
}

extension Project {
    /// A command that commits values to the lab's git: it takes the place of a real one,
    /// which is told the cluster and the stage, and reads the values.
    fileprivate func hook(committingTo lab: Lab) throws -> String {
        let script = """
            #!/bin/sh
            set -e
            values=$(cat | sed 's/"/\\\\"/g')
            printf '{"data":{"values.yaml":"%s"}}' "$values" |
              kubectl --kubeconfig '\(lab.kubeconfig.path)' --context "$1" -n flux-system \\
                patch configmap environment-repo --type=merge --patch-file /dev/stdin

            """
        return try writeScript(script, to: "commit.sh")
    }
}
