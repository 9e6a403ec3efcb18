import FleetJournal
import FleetModel
import FleetRunner
import FleetSSH
import FleetTerminal
import Foundation

/// Carries a plan out in a lab that plays the fleet, in a directory and a journal of its own.
struct RehearsalSession: Sendable {
    let plan: Plan
    let surveys: [ClusterName: KeptSurvey]
    let broken: [BrokenCluster]
    let speed: Double
    let seed: UInt64
    let assuming: [String]
    let directory: URL
    let audience: any RunAudience

    func run() async throws -> RehearsalReport {
        let rehearsed = RehearsedPlan(of: plan, speed: speed, assuming: assuming) {
            RehearsalLab.kubeconfig(of: $0, in: directory)
        }
        let looks = surveys.mapValues(\.survey)
        let lab = try await RehearsalLab(
            plan, looks, speed: speed, seed: seed, in: directory)
        let differences = lab.differences(from: looks, plan)
        var report = try await lab.serve(for: plan) {
            try await lab.play(broken)
            return try await carryOut(rehearsed)
        }
        let managing = Set(plan.managementClusters.map(\.name))
        report.faults = broken.map {
            .init(cluster: $0.name, name: $0.fault, isManagement: managing.contains($0.name))
        }
        report.differences = differences.map { .init(cluster: $0.cluster, words: $0.words) }
        report.liberties = rehearsed.liberties
        return report
    }

    // MARK: - Carrying out

    private func carryOut(_ rehearsed: RehearsedPlan) async throws -> RehearsalReport {
        var project = ProjectOptions()
        project.journal = directory.appending(path: "journal.sqlite").path
        let database = try JournalDatabase(path: project.journalPath)
        let clock = RunClock.live.spedUp(by: speed)
        let stored = try database.save(PlanDocument(rehearsed.plan), at: clock.now())
        let run = try database.createRun(of: stored.id, at: clock.now())
        let stopwatch = Stopwatch(speed: speed, base: .live)
        let everybody = plan.clusters + plan.managementClusters
        let session = RunSession(
            database: database, run: run, plan: stored,
            // What names no kubeconfig finds none; the executor refuses it anyway.
            executors: Executors(
                project: project, passphrases: NoPassphrases(),
                variables: [
                    "KUBECONFIG": "/dev/null",
                    "KUBECACHEDIR": directory.appending(path: "cache").path,
                ]),
            audience: audience,
            rehearsal: RehearsalConditions(
                clock: clock, stopwatch: stopwatch,
                kubeconfigs: Set(
                    everybody.map { RehearsalLab.kubeconfig(of: $0.name, in: directory) }),
                assumed: rehearsed.assumed))
        let ending = try await session.lead()
        let snapshot = try await RunLook(reader: database.reader).snapshot(of: run)
        var report = RehearsalReport(
            takeover: plan.takeover.name, policy: plan.policy, speed: speed,
            clusters: plan.clusters.count, exitCode: ending.exitCode(snapshot))
        report.surveyedAt = surveys.values.map(\.takenAt).min()
        report.leftOut = plan.leftOut
        RehearsalFindings(
            plan: plan, entries: try database.reader.entries(of: run), laps: stopwatch.laps,
            snapshot: snapshot
        ).fill(&report)
        return report
    }
}
