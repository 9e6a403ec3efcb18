import FleetJournal
import FleetModel
import FleetTestKit
import Foundation
import Testing

/// The files of jobs on bastions that nobody came back for.
@Suite(.serialized) struct BastionGarbageTests {
    /// A job directory as a supervisor leaves it when its host went down, weeks ago.
    private func leaveJob(_ id: String, in project: Project) throws {
        let path = "../words/jobs-jump/\(id).facts"
        try project.write("claim 999999999 1 an-earlier-boot\nrecorder 999999998 1\n", to: path)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)],
            ofItemAtPath: project.file(path).standardized.path)
    }

    private func jobs(of project: Project) throws -> [String] {
        let folder = project.words.appending(path: "jobs-jump").path
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".facts") }.map { String($0.dropLast(".facts".count)) }.sorted()
    }

    /// A command that began in a run of this project, and that nobody saw end.
    private func leaveOpen(in project: Project) throws -> CommandID {
        try FileManager.default.createDirectory(
            at: project.file(".bellwether"), withIntermediateDirectories: true)
        let database = try JournalDatabase(path: project.journal.path)
        let wave = Wave("canary", clusters: ["edge-01"])
        let plan = try database.save(
            PlanDocument(.small(waves: [wave])), at: Timestamp(milliseconds: 1))
        let run = try database.createRun(of: plan.id, at: Timestamp(milliseconds: 2))
        let lock = try database.acquire(
            run, host: "here", pid: Int(getpid()), at: Timestamp(milliseconds: 3))
        let attempt = Attempt(cluster: "edge-01", phase: 0, step: 0, number: 1)
        let record = CommandRecord(
            id: attempt.commandID(1, run: run), attempt: attempt,
            command: Command(["kubectl"], place: .bastion("jump"), isMutating: true),
            startedAt: Timestamp(milliseconds: 4))
        try CommandLog(database, lock: lock).begin(record)
        try lock.release(at: Timestamp(milliseconds: 5))
        return record.id
    }

    @Test func `who changes something tidies up, and keeps what the journal waits for`()
        async throws
    {
        let server = try await TestSSHD.start()
        try await Project.behind([server]) { project in
            let tools = try project.program("kubectl", "echo done")
            let path = "environment: {PATH: \"\(tools):/usr/bin:/bin\"}"
            try project.writeInventory(
                bastions: [server.bastion("jump", in: project, path)],
                clusters: [("edge-01", "edge-01", "jump")])
            // The script that collects comes with the first job.
            let changing = ["exec", "edge-01", "--changes", "--", "kubectl", "apply"]
            try await project.start(changing).end().expectSuccess()
            let wanted = try leaveOpen(in: project)
            for id in ["old", wanted.rawValue] { try leaveJob(id, in: project) }

            // A question changes nothing there.
            try await project.run("exec", "edge-01", "--", "kubectl", "get").expectSuccess()
            #expect(try jobs(of: project) == [wanted.rawValue, "old"].sorted())
            try await project.run("bastion", "check").expectSuccess()
            #expect(try jobs(of: project) == [wanted.rawValue, "old"].sorted())

            // Nobody waits for the tidying: it may take more than one command's time.
            try await Patience.until("the old job's end") {
                try await project.start(changing).end().expectSuccess()
                return try jobs(of: project) == [wanted.rawValue] ? true : nil
            }
        }
    }
}
