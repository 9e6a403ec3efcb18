import Foundation
import Testing

/// What goes wrong on Big Bang's way, on labs of its own kind.
@Suite(.serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
struct BigBangTroubleTests {
    private static let cluster = "edge-01"

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
                let words = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                let halt = try #require(words.range(of: "edge-01 raised an alarm"), "\(run.story)")
                // The fleet stands before the restarts that make this cluster whole again.
                #expect(words[halt.upperBound...].contains("restart-workloads"), "\(run.story)")
                let old = try await lab.kubectl(
                    Self.cluster, "-n", "shop", "get", "pods", "-o", "jsonpath={..image}")
                #expect(!old.contains("1.23.6") && old.contains("1.25.2"))
                let follower = try lab.changes(of: ["edge-02"]).compactMap(\.object)
                #expect(!follower.contains { $0.contains("baseline") })
            }
        }
    }
}
