import Foundation
import Testing

extension CommandLineTests {
    /// Runs that nobody disturbs.
    @Suite(.serialized) struct TakeoverTests {
        @Test func `a run completes, and when it is run again there is nothing to change`()
            async throws
        {
            try await Project.onLab(Flock.completed) { project, lab in
                try await leaveBehind(lab)
                try await expectReady(project, lab)
                let first = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(first.exit == 0, "\(first.story)")
                #expect(first.complaint == "")
                try expectInOrder(first.lines.map(RunEvent.init))
                let names = Flock.completed.map(Flock.name)
                #expect(try Set(lab.changes(of: names).map(\.cluster)) == Set(names))
                try await expectNothingToChange(project, lab)
                try await expectOver(project)
                try await expectAnswers(project)
                try await expectSwept(lab)
            }
        }

        /// What an istioctl of long ago noted and brought, and a copy of one of its filters that is
        /// somebody's own.
        private func leaveBehind(_ lab: Lab) async throws {
            let objects = """
                apiVersion: install.istio.io/v1alpha1
                kind: IstioOperator
                metadata:
                  name: installed-state
                  namespace: istio-system
                  annotations: {install.istio.io/ignoreReconcile: "true"}
                spec: {profile: default, tag: 1.14.5}
                ---
                \(filter("stats-filter-1.17"))
                ---
                \(filter("our-headers"))
                """
            _ = try await lab.kubectl(
                Flock.name(Flock.completed[0]), "apply", "-f", "-", input: objects)
        }

        private func expectSwept(_ lab: Lab) async throws {
            let left = try await lab.kubectl(
                Flock.name(Flock.completed[0]), "-n", "istio-system", "get",
                "istiooperators,envoyfilters", "-o", "name")
            #expect(left == "envoyfilter.networking.istio.io/our-headers\n")
        }

        private func filter(_ name: String) -> String {
            """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata:
              name: \(name)
              namespace: istio-system
              labels: {istio.io/rev: default, operator.istio.io/component: Pilot}
            spec: {configPatches: []}
            """
        }

        /// The preflight finds every cluster ready, and changes none.
        private func expectReady(_ project: Project, _ lab: Lab) async throws {
            let moment = try lab.moment()
            let asked = try await project.run("preflight", "lab", "--policy", "lab")
            #expect(asked.exit == 0, "\(asked.story)")
            #expect(asked.lines.last == "All \(Flock.completed.count) clusters can be taken over.")
            let clusters = Flock.completed.map(Flock.name) + ["mgmt-1"]
            #expect(try lab.changes(of: clusters, since: moment).isEmpty)
        }

        private func expectInOrder(_ events: [RunEvent]) {
            #expect(events.map(\.sequence) == Array(1...events.count))
            #expect(events.first?.event == "runStarted")
            #expect(events.last?.event == "runCompleted")
            #expect(events.contains { $0.changed == true })
            let canaryPassed = events.firstIndex { $0.event == "wavePassed" } ?? 0
            let began = Set(events[..<canaryPassed].compactMap(\.cluster)).filter {
                $0.hasPrefix("edge")
            }
            #expect(began == [Flock.name(Flock.completed[0])])
        }

        private func expectNothingToChange(_ project: Project, _ lab: Lab) async throws {
            let moment = try lab.moment()
            let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
            let again = try await project.lead("run", plan).end()
            #expect(again.exit == 0, "\(again.story)")
            let events = try again.lines.map(RunEvent.init)
            let changing = events.filter { $0.changed == true }.compactMap(\.step)
            #expect(Set(changing).isSubset(of: ["lock", "unlock"]))
            let clusters = Flock.completed.map(Flock.name) + ["mgmt-1"]
            #expect(try lab.changes(of: clusters, since: moment).isEmpty)
        }

        /// What was taken over can be asked, all of it at once, and is not changed by that.
        private func expectAnswers(_ project: Project) async throws {
            let asked = try await project.run(
                "exec", "--all", "--format", "json", "--", "kubectl", "get",
                "--raw", "/api/v1/namespaces/kube-system")
            #expect(asked.exit == 0, "\(asked.story)")
            #expect(asked.lines.count == Flock.completed.count)
            let failed = try await project.run(
                "exec", Flock.name(Flock.completed[0]), "--quiet", "--", "kubectl", "get", "pod",
                "x")
            #expect(failed.exit == 3, "\(failed.story)")
            #expect(failed.lines == [Flock.name(Flock.completed[0])])
            let refused = try await project.run(
                "exec", "--all", "--", "kubectl", "delete", "ns", "x")
            #expect(refused.exit == 64, "\(refused.story)")
        }

        private func expectOver(_ project: Project) async throws {
            let ids = try await project.run("status", "--quiet").lines
            #expect(ids.count == 2)
            for id in ids {
                for verb in ["resume", "halt"] {
                    let run = try await project.run(verb, id)
                    #expect(run.exit == 65, "\(run.story)")
                    #expect(run.complaint.hasPrefix("error: run \(id) is over: completed"))
                }
                #expect(try await project.run("status", id, "--quiet").word == "completed")
            }
        }

        @Test(.lab(clusters: 1)) func `revisions that distrust each other are found first`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                try await lab.breakCluster(Flock.name(1), "trust-split")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                #expect(run.story.contains("call-old-to-new: CERTIFICATE_VERIFY_FAILED"))
                let changed = try lab.changes(of: [Flock.name(1)]).compactMap(\.object)
                #expect(!changed.contains { $0.contains("shop") }, "\(changed)")
            }
        }

        @Test(.lab(clusters: 2)) func `a broken canary halts the fleet before anybody follows`()
            async throws
        {
            try await Project.onLab([1, 2]) { project, lab in
                let (canary, other) = (Flock.name(1), Flock.name(2))
                try await lab.breakCluster(canary, "ilm-failed")
                let transcript = try await Session("broken-canary", in: project).play()
                #expect(transcript.isAsRecorded, "\(transcript.difference)")
                #expect(try lab.changes(of: [other]).isEmpty)
                #expect(try await project.status().state == "halted")
            }
        }

        @Test func `a gate waits for approval, across processes`() async throws {
            try await Project.onLab(Flock.approved, policy: Project.gatedPolicy) { project, _ in
                let waiting = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(waiting.exit == 4, "\(waiting.story)")
                let status = try await project.status()
                #expect(status.state == "awaitingApproval")
                #expect(try await project.lead("resume", status.run).end().exit == 4)
                let approval = try await project.run("approve", status.run)
                #expect(approval.exit == 0, "\(approval.story)")
                #expect(approval.complaint.contains("`bellwether resume \(status.run)`"))
                let twice = try await project.run("approve", status.run)
                #expect(twice.exit == 64, "\(twice.story)")
                let resumed = try project.lead("resume", status.run)
                try await resumed.reaches("takeover") {
                    $0.event == "attemptStarted" && $0.phase == "takeover"
                }
                // The rest is like any other run.
                resumed.signal(SIGINT)
                #expect(try await resumed.end().exit == 4)
            }
        }

        @Test(.lab(clusters: 1)) func `the key of an image hub is never shown`() async throws {
            let (hub, key) = ("registry.example.net/istio-", "0123456789ab")
            try await Project.onLab([1], hub: hub + key) { project, lab in
                try await lab.breakCluster(Flock.name(1), "ilm-failed")
                let run = try await project.run("run", "lab", "--policy", "lab")
                #expect(run.exit == 4, "\(run.story)")
                let logs = try await project.run("logs", Flock.name(1), "--format", "json")
                let shown = logs.output.replacing("\\", with: "").contains(hub + "[REDACTED]")
                #expect(shown, "\(logs.story)")
                let explained = try await project.run(
                    "plan", "lab", "--policy", "lab", "--explain", Flock.name(1))
                let secrets = [run, logs, explained].filter { $0.story.contains(key) }
                #expect(secrets.isEmpty)
            }
        }

        @Test func `a quiet run says its id and keeps its files to their owner`() async throws {
            try await Project.onLab(Flock.quiet) { project, lab in
                try await lab.breakCluster(Flock.name(9), "ilm-failed")
                let run = try await project.run("run", "lab", "--policy", "lab", "--quiet")
                #expect(run.exit == 4, "\(run.story)")
                #expect(run.complaint == "")
                #expect(try await project.run("status", "--quiet").output == run.output)
                #expect(try await project.run("status", run.word, "--quiet").word == "halted")
                let files = try Permissions.under(project.file(".bellwether"))
                #expect(files.count > 1)
                #expect(files.filter { !$0.areOwnersAlone } == [])
            }
        }
    }
}
