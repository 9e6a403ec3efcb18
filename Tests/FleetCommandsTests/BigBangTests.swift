import Foundation
import Testing

/// Big Bang's takeover, on labs of its own kind.
@Suite(.serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
struct BigBangTests {
    private static let cluster = "edge-01"

    @Test func `2_54 goes over by an override, and again changes nothing`() async throws {
        try await Lab.beside(clusters: 2, bigBang: "2.54.0") {
            try await Project.onLab([1, 2]) { project, lab in
                try await expectCompletion(project)
                try await expectNothingToChange(project, lab, [1, 2])
            }
        }
    }

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
        let path = "Policies/Takeovers/bigbang-2-54.yaml"
        let text = try String(contentsOf: Program.root.appending(path: path), encoding: .utf8)
        try await Project.example([path: text]) { project in
            let plan = try await project.run("plan", "bigbang-2-54", "--policy", "careful")
            #expect(plan.exit == 0, "\(plan.story)")
            let explained = try await project.run(
                "plan", "bigbang-2-54", "--policy", "careful", "--explain", "edge-01")
            #expect(explained.output.contains("/opt/gitops/commit-values --push edge-01 step-1"))
        }
    }

    @Test func `on Big Bang 3 there is nothing to do`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "3.0.0") {
            try await Project.onLab([1]) { project, lab in
                try await expectCompletion(project)
                #expect(try lab.changes(of: [Self.cluster]).allSatisfy(\.isFluxRequest))
            }
        }
    }

    @Test func `a late prune is put right, an orphan removed, and DNS waited for`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Self.cluster, "operator-prunes-late")
                try await lab.breakCluster(Self.cluster, "load-balancer-orphaned")
                try project.setParameters(
                    """
                      allowSkew: true
                      orphans: delete
                      waived: [telemetry/debug-shell]
                    """)
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "await-dns", of: Self.cluster)
                let map = try await lab.kubectl(
                    Self.cluster, "-n", "bigbang", "get", "cm", "fleet-istio-migration-dns", "-o",
                    "jsonpath={.data.records}")
                #expect(map.contains(/cart\.bigbang\.example A 198\.\S+ -> 198\.\S+/))
                _ = try await lab.kubectl(
                    Self.cluster, "-n", "bigbang", "annotate", "--overwrite", "configmap",
                    "fleet-istio-migration-dns", "bellwether/dns=done")
                let end = try await run.end()
                #expect(end.exit == 0, "\(end.story)")
                let changed = try end.lines.map(RunEvent.init).filter { $0.changed == true }
                    .compactMap(\.step)
                #expect(changed.contains("new-control-plane"), "the upgrade was forced")
                #expect(changed.contains("remove-orphans"))
                let services = try await lab.kubectl(
                    Self.cluster, "-n", "istio-system", "get", "svc", "-o", "name")
                #expect(!services.contains("ingressgateway"))
            }
        }
    }

    @Test func `routes that were prepared are taken back until the values change`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            let policy = Project.policy([1], approvedBefore: "takeover")
            try await Project.onLab([1], policy: policy) { project, lab in
                let before = try await gateways(lab)
                let forward = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(forward.exit == 4, "\(forward.story)")
                #expect(try await gateways(lab) != before)
                let run = try await project.status().run
                try await project.run("halt", run).expectSuccess()
                let back = try await project.lead("rollback", run, "--yes").end()
                #expect(back.exit == 0, "\(back.story)")
                #expect(try await gateways(lab) == before)
                let moment = try lab.moment()
                let again = try await project.lead("rollback", run, "--yes").end()
                #expect(again.exit == 0, "\(again.story)")
                #expect(try lab.changes(of: [Self.cluster], since: moment).isEmpty)
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

    @Test func `a halt between the steps waits until the gateways are back`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Self.cluster, "operator-prunes-late")
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "old-gone", of: Self.cluster)
                run.signal(SIGINT)
                let end = try await run.end()
                #expect(end.exit == 4, "\(end.story)")
                let events = try end.lines.map(RunEvent.init)
                let last = events.last { $0.event == "attemptFinished" }
                #expect(last?.step == "gateways-up", "\(end.story)")
                #expect(events.last?.event == "runHalted")
                let id = try await project.status().run
                let resumed = try await project.lead("resume", id).end()
                #expect(resumed.exit == 0, "\(resumed.story)")
            }
        }
    }

    @Test func `a hook that fails is told in its own words, and nothing has changed`()
        async throws
    {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                try project.write("#!/bin/sh\necho 'push rejected' >&2\nexit 1\n", to: "no.sh")
                try project.setParameters(
                    "  delivery: hook\n  hook: [/bin/sh, \(project.file("no.sh").path)]\n"
                        + "  allowSkew: true\n  waived: [telemetry/debug-shell]")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                #expect(run.output.contains("push rejected"), "\(run.story)")
                let releases = try await lab.kubectl(
                    Self.cluster, "-n", "bigbang", "get", "hr", "-o", "name")
                #expect(releases.contains("istio-operator") && !releases.contains("istiod"))
            }
        }
    }

    @Test func `an operator that is gone is told before anything is switched off`() async throws {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Self.cluster, "operator-gone")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                #expect(run.output.contains("no istio-operator runs in istio-operator"))
                let objects = try lab.changes(of: [Self.cluster]).compactMap(\.object)
                #expect(
                    !objects.contains {
                        $0.contains("fleet-istio-migration") && !$0.contains("baseline")
                    })
            }
        }
    }

    @Test func `a finalizer that nobody clears is told, and the run goes on once it is`()
        async throws
    {
        try await Lab.beside(clusters: 1, bigBang: "2.54.0") {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Self.cluster, "operator-prunes-late")
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "old-gone", of: Self.cluster)
                try await lab.breakCluster(Self.cluster, "operator-gone")
                let end = try await run.end()
                #expect(end.exit == 4, "\(end.story)")
                let why = try await project.run("why", Self.cluster)
                let words = why.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                #expect(words.contains("IstioOperator istio-system/istiocontrolplane can't go: no"))
                try await lab.mend(Self.cluster)
                let id = try await project.status().run
                let resumed = try await project.lead("resume", id).end()
                #expect(resumed.exit == 0, "\(resumed.story)")
            }
        }
    }

    @Test func `another root halts the fleet behind a cluster that is whole`() async throws {
        try await Lab.beside(clusters: 2, bigBang: "2.54.0") {
            try await Project.onLab([1, 2]) { project, lab in
                try await lab.breakCluster(Self.cluster, "root-changed")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                #expect(run.output.contains("the root of trust has changed"), "\(run.story)")
                #expect(run.output.contains("CERTIFICATE_VERIFY_FAILED"))
                let old = try await lab.kubectl(
                    Self.cluster, "-n", "shop", "get", "pods", "-o", "jsonpath={..image}")
                #expect(!old.contains("1.23.6") && old.contains("1.25.2"))
                let follower = try lab.changes(of: ["edge-02"]).compactMap(\.object)
                #expect(!follower.contains { $0.contains("baseline") })
            }
        }
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
    /// Gives the lab's takeover other parameters.
    fileprivate func setParameters(_ lines: String) throws {
        let path = "Policies/Takeovers/lab.yaml"
        let text = try text(of: path)
        let heading = text.components(separatedBy: "parameters:")[0]
        try write("\(heading)parameters:\n\(lines)\n", to: path)
    }

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

extension Lab.Change {
    /// Whether Flux was only asked to look at something.
    fileprivate var isFluxRequest: Bool { object?.contains("toolkit.fluxcd.io/") ?? false }
}
