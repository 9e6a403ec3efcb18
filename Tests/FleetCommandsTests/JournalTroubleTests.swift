import Foundation
import Testing

/// Journals that can't be used, and what the operator is told.
struct JournalTroubleTests {
    @Test func `a file that is no journal is refused and left as it is`() async throws {
        try await Project.example { project in
            let text = String(repeating: "These are my notes.\n", count: 500)
            try project.write(text, to: "notes.sqlite")
            for words in [planning, ["status"]] {
                let run = try await run(words + ["--journal", "notes.sqlite"], project)
                #expect(run.exit == 65, "\(run.story)")
                #expect(run.complaint.hasPrefix("error: the file is no journal of Bellwether"))
                #expect(run.complaint.contains("\n  at notes.sqlite\nhint: "))
                #expect(run.output == "")
            }
            #expect(try String(contentsOf: project.file("notes.sqlite"), encoding: .utf8) == text)
        }
    }

    @Test func `a damaged journal is refused with the way to save it`() async throws {
        try await planned { project in
            var bytes = try Data(contentsOf: project.journal)
            // Everything after the first page, which says what the file is.
            for index in 4_096..<bytes.count { bytes[index] = UInt8(index % 251) }
            try bytes.write(to: project.journal)
            let run = try await run(planning, project)
            #expect(run.exit == 65, "\(run.story)")
            #expect(run.complaint.hasPrefix("error: the journal is damaged"))
            #expect(run.complaint.contains("sqlite3 .bellwether/journal.sqlite .recover"))
            #expect(try Data(contentsOf: project.journal) == bytes)
        }
    }

    @Test func `a journal of a newer version is refused and left as it is`() async throws {
        try await planned { project in
            var bytes = try Data(contentsOf: project.journal)
            // SQLite's header keeps `user_version` here, big-endian.
            bytes.replaceSubrange(60..<64, with: [0, 0, 0x27, 0x0f])
            try bytes.write(to: project.journal)
            for words in [planning, ["status"], ["why", "edge-01"], ["resume", "0000"]] {
                let run = try await run(words, project)
                #expect(run.exit == 69, "\(run.story)")
                #expect(
                    run.complaint.hasPrefix("error: the journal was written by a newer Bellwether"))
                #expect(run.complaint.contains("hint: use the Bellwether that wrote it"))
            }
            #expect(try Data(contentsOf: project.journal) == bytes)
        }
    }

    /// Root may write anywhere but where nothing can be written.
    @Test(arguments: ["/proc/bellwether/journal.sqlite", "/dev/null/journal.sqlite"])
    func `a place that can't be written is named`(path: String) async throws {
        try await Project.example { project in
            let run = try await run(planning + ["--journal", path], project)
            #expect(run.exit == 69, "\(run.story)")
            #expect(run.complaint.hasPrefix("error: the journal can't be "))
            #expect(run.complaint.contains("\n  at /"))
            #expect(run.output == "")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
    func `a read-only directory is named`() async throws {
        try await planned { project in
            let folder = project.journal.deletingLastPathComponent().path
            let files = FileManager.default
            try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: project.journal.path)
            try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
            defer {
                // So that the directory can be removed; if not, nothing else is lost.
                try? files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
            }
            let run = try await run(planning, project)
            #expect(run.exit == 69, "\(run.story)")
            #expect(run.complaint.hasPrefix("error: the journal can't be "))
        }
    }

    @Test func `looking where there is no journal makes none`() async throws {
        try await Project.example { project in
            let all = [
                ["status"], ["why", "edge-01"], ["logs", "edge-01"], ["run", "7F3K"],
                ["resume", "7F3K"], ["halt", "7F3K"], ["approve", "7F3K"], ["rollback", "7F3K"],
            ]
            for words in all {
                let run = try await run(words, project)
                #expect(run.exit == 65, "\(run.story)")
                #expect(run.complaint.hasPrefix("error: there is no journal yet"))
                #expect(run.complaint.contains("hint: make a plan first with `bellwether plan`"))
            }
            #expect(!FileManager.default.fileExists(atPath: project.file(".bellwether").path))
        }
    }

    @Test func `a new journal is its owner's alone`() async throws {
        try await planned { project in
            let files = try Permissions.under(project.file(".bellwether"))
            #expect(files.count > 1)
            #expect(files.filter { !$0.areOwnersAlone } == [])
        }
    }

    private let planning = ["plan", "gloo", "--policy", "careful"]

    private func run(_ words: [String], _ project: Project) async throws -> ProgramRun {
        try await project.start(words).end()
    }

    /// A project with a journal that holds a plan.
    private func planned(_ body: (Project) async throws -> Void) async throws {
        try await Project.example { project in
            try await run(planning, project).expectSuccess()
            try await body(project)
        }
    }
}
