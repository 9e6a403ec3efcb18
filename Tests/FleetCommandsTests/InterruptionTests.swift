import Foundation
import Testing

extension CommandLineTests {
    /// Runs that are stopped on the way, and go on later. The management plane is held
    /// still meanwhile, so that the stop always comes in the middle of a step.
    @Suite(.serialized) struct InterruptionTests {
        @Test func `after a halt from another process no cluster starts until resume`()
            async throws
        {
            try await stopped(Flock.halted) { project, lab, run in
                let status = try await project.status()
                let halt = try await project.run("halt", status.run, "--reason", "error rate")
                #expect(halt.exit == 0, "\(halt.story)")
                try await run.reaches(event: "runHalting")
                try await lab.mend(Flock.name(2))
                let end = try await run.end()
                #expect(end.exit == 4, "\(end.story)")
                let events = try end.lines.map(RunEvent.init)
                let halting = try #require(events.firstIndex { $0.event == "runHalting" })
                #expect(events[halting].reason?.contains("error rate") == true)
                #expect(events.last?.event == "runHalted")
                #expect(!events.contains { $0.cluster == Flock.name(4) })
                #expect(try lab.changes(of: [Flock.name(4)]).isEmpty)
                try await expectCompletion(of: project)
            }
        }

        @Test func `two Ctrl-Cs abort, one drains, and after either a run can be resumed`()
            async throws
        {
            let cluster = Flock.name(6)
            try await Project.onLab(Flock.interrupted) { project, lab in
                // A read that gets no answer keeps a draining run waiting.
                try await lab.breakCluster(cluster, "hung")
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "preflight", of: cluster)
                try await expectAbort(run)
                let status = try await project.status()
                #expect(status.state == "aborted")
                try await lab.mend(cluster)
                try await lab.breakCluster(cluster, "ilm-stuck")
                let resumed = try project.lead("resume", status.run)
                try await resumed.reaches(step: "add-control-plane", of: cluster)
                try await expectDrain(resumed) { try await lab.mend(cluster) }
                try await expectCompletion(of: project)
            }
        }

        private func expectAbort(_ run: LeadingProgram) async throws {
            run.signal(SIGINT)
            // Two signals at once are one to the kernel.
            try await run.reaches(event: "runHalting")
            run.signal(SIGINT)
            let end = try await run.end()
            #expect(end.exit == 5, "\(end.story)")
            #expect(end.complaint.contains("Ctrl-C again to leave at once"))
            #expect(try end.lines.map(RunEvent.init).contains { $0.event == "runAborted" })
        }

        private func expectDrain(
            _ run: LeadingProgram, mending mend: () async throws -> Void
        ) async throws {
            run.signal(SIGINT)
            try await run.reaches(event: "runHalting")
            try await mend()
            let end = try await run.end()
            #expect(end.exit == 4, "\(end.story)")
            #expect(end.complaint.contains("Ctrl-C again to abort"))
            let events = try end.lines.map(RunEvent.init)
            #expect(events.suffix(1).map(\.event) == ["runHalted"])
            // Nothing was left in the middle.
            let started = events.count { $0.event == "attemptStarted" }
            #expect(events.count { $0.event == "attemptFinished" } == started)
        }

        @Test func `kill -9 of the coordinator loses nothing`() async throws {
            try await stopped(Flock.killed) { project, lab, run in
                let id = try await project.status().run
                let going = try await project.run("status", id)
                #expect(going.output.contains("Led by process \(run.pid) on "), "\(going.story)")
                run.signal(SIGKILL)
                #expect(try await run.end().exit == 128 + SIGKILL)
                try await expectAnswers(from: project, run: id, deadCoordinator: run.pid)
                try await lab.mend(Flock.name(10))
                try await expectCompletion(of: project)
                let objects = try lab.changes(of: [Flock.name(10)]).compactMap(\.object)
                #expect(!objects.isEmpty)
            }
        }

        /// The journal alone answers while nobody leads the run.
        private func expectAnswers(
            from project: Project, run: String, deadCoordinator: Int32
        ) async throws {
            let status = try await project.run("status", run)
            #expect(status.exit == 0)
            #expect(status.output.contains("process \(deadCoordinator) on "), "\(status.story)")
            #expect(status.output.contains("is gone."), "\(status.story)")
            #expect(status.output.contains("`bellwether resume \(run)`"))
            let why = try await project.run("why", Flock.name(10))
            #expect(why.exit == 0)
            #expect(why.output.contains("add-control-plane"), "\(why.story)")
            let logs = try await project.run("logs", Flock.name(10))
            #expect(logs.exit == 0)
            #expect(logs.output.contains("exit 0"), "\(logs.story)")
        }

        @Test func `a second coordinator is refused with the first one's host and pid`()
            async throws
        {
            try await stopped(Flock.contested) { project, lab, run in
                let id = try await project.status().run
                let second = try await project.run("resume", id)
                #expect(second.exit == 75, "\(second.story)")
                #expect(second.complaint.contains("process \(run.pid) on \(host)"))
                #expect(second.output == "")
                run.signal(SIGTERM)
                try await lab.mend(Flock.name(12))
                #expect(try await run.end().exit == 4)
            }
        }

        @Test func `a run that nobody leads any more is halted at once`() async throws {
            try await stopped(Flock.deserted) { project, _, run in
                run.signal(SIGKILL)
                _ = try await run.end()
                let id = try await project.status().run
                let why = try await project.run("why", Flock.name(Flock.deserted[0]))
                #expect(why.output.contains("no coordinator holds the run"), "\(why.story)")
                let halt = try await project.run("halt", id)
                #expect(halt.exit == 0, "\(halt.story)")
                #expect(halt.complaint.contains("nobody was leading it"))
                #expect(try await project.status().state == "halted")
            }
        }

        private var host: String { ProcessInfo.processInfo.hostName }

        /// A run whose canary is in the middle of a step that can't end.
        private func stopped(
            _ flock: [Int], _ body: (Project, Lab, LeadingProgram) async throws -> Void
        ) async throws {
            try await Project.onLab(flock) { project, lab in
                let canary = Flock.name(flock[0])
                try await lab.breakCluster(canary, "ilm-stuck")
                let run = try project.lead("run", "lab", "--policy", "lab")
                try await run.reaches(step: "add-control-plane", of: canary)
                try await body(project, lab, run)
            }
        }

        private func expectCompletion(of project: Project) async throws {
            let run = try await project.status().run
            let end = try await project.lead("resume", run).end()
            #expect(end.exit == 0, "\(end.story)")
            #expect(try await project.status().state == "completed")
        }
    }
}
