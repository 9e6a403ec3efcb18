import FleetTestKit
import Foundation
import Testing

/// Private keys with a passphrase, and who is asked for it.
@Suite(.serialized) struct LockedKeyTests {
    private static let passphrase = "open sesame 4711"

    private func server() async throws -> TestSSHD {
        var options = TestSSHD.Options()
        options.passphrase = Self.passphrase
        return try await TestSSHD.start(options)
    }

    /// A shell that opens a file as descriptor 3 and becomes the program.
    private func opening(_ file: URL) -> [String] {
        ["/bin/sh", "-c", "exec \"$@\" 3<'\(file.path)'", "sh"]
    }

    private func withLockedKey(
        _ body: (Project, TestSSHD) async throws -> Void
    ) async throws {
        let server = try await server()
        try await Project.behind([server]) { project in
            let tools = try project.program("kubectl", "echo $*")
            let path = "environment: {PATH: \"\(tools):/usr/bin:/bin\"}"
            try project.writeInventory(
                bastions: [server.bastion("jump", in: project, path)],
                clusters: [("edge-01", "edge-01", "jump")])
            try await body(project, server)
        }
    }

    private let asking = ["exec", "edge-01", "--", "kubectl", "get", "nodes"]

    private func exec(
        _ project: Project, fd: String = "3", passphrases: String
    ) async throws -> ProgramRun {
        try project.write(passphrases, to: "passphrases")
        let words = ["exec", "edge-01", "--passphrase-fd", fd, "--", "kubectl", "get", "nodes"]
        return try await project.start(words, behind: opening(project.file("passphrases"))).end()
    }

    @Test func `a passphrase comes from a descriptor, and is seen nowhere`() async throws {
        try await withLockedKey { project, server in
            let run = try await exec(
                project, passphrases: "another one\n\(Self.passphrase)\nand a third\n")
            #expect(run.exit == 0, "\(run.story)")
            #expect(run.output.contains("get nodes"))
            #expect(!run.story.contains("sesame"))
            #expect(server.logins == 1)
        }
    }

    @Test func `check takes one, too`() async throws {
        try await withLockedKey { project, _ in
            try project.write("\(Self.passphrase)\n", to: "passphrases")
            let check = try await project.start(
                ["bastion", "check", "--passphrase-fd", "3"],
                behind: opening(project.file("passphrases"))
            ).end()
            #expect(check.exit == 0, "\(check.story)")
            #expect(!check.story.contains("sesame"))
        }
    }

    @Test func `a wrong passphrase is told as such, and not shown`() async throws {
        try await withLockedKey { project, server in
            let run = try await exec(project, passphrases: "wrong sesame\n")
            #expect(run.exit == 65, "\(run.story)")
            #expect(run.complaint.contains("is locked, and no passphrase opened it"))
            #expect(run.complaint.contains("ssh-add \(server.clientKey)"))
            #expect(!run.story.contains("sesame"))
            #expect(server.logins == 0)
        }
    }

    @Test(arguments: ["7", "1", "2", "-1"])
    func `a descriptor that can't be read from is a mistake of the command line`(
        number: String
    ) async throws {
        try await withLockedKey { project, _ in
            let run = try await exec(project, fd: number, passphrases: "")
            #expect(run.exit == 64, "\(run.story)")
            #expect(run.complaint.contains("--passphrase-fd"))
        }
    }

    @Test func `without a terminal or a descriptor nobody is asked`() async throws {
        try await withLockedKey { project, _ in
            let run = try await project.start(asking, behind: ["/usr/bin/setsid", "--wait"]).end()
            #expect(run.exit == 65, "\(run.story)")
            #expect(run.complaint.contains("is locked"))
        }
    }

    /// The program leads a session with a terminal of its own, as under a person's hands.
    @Test func `whoever sits at the terminal is asked before anything is done`() async throws {
        try await withLockedKey { project, server in
            let terminal = try PseudoTerminal()
            let program = try project.start(
                asking, terminal: terminal.programsEnd, behind: Self.atTerminal)
            var shown = ""
            try await program.shows("a prompt") {
                shown += terminal.screen()
                return shown.contains("Passphrase for \(server.clientKey): ") ? true : nil
            }
            #expect(server.logins == 0)
            terminal.type("\(Self.passphrase)\n")
            let run = try await program.end()
            shown += terminal.screen()
            #expect(run.exit == 0, "\(run.story)\(shown)")
            #expect(shown.contains("get nodes"))
            #expect(!shown.contains("sesame"))
        }
    }

    /// With the live view there is only one thing on the screen: nobody could answer.
    @Test(
        .enabled(if: Program.hasKubectl, "kubectl isn't installed"), .lab(clusters: 1))
    func `a run asks before its view begins, and never again`() async throws {
        let server = try await server()
        defer { server.stop() }
        try await Project.onLab([1]) { project, lab in
            try await lab.breakCluster(Flock.name(1), "ilm-failed")
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            try project.write(
                """
                bastions:
                  - \(server.bastion("jump", in: project, "environment: {PATH: \"\(path)\"}"))
                """, to: "Inventory/bastions.yaml")
            let file = project.file("Inventory/lab.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try project.write(
                text.replacing("defaults:\n", with: "defaults:\n  bastion: jump\n"),
                to: "Inventory/lab.yaml")
            let watched = WatchedTerminal(try PseudoTerminal())
            let program = try project.start(
                ["run", "lab", "--policy", "lab"], environment: ["TERM": "xterm"],
                terminal: watched.terminal.programsEnd, behind: Self.atTerminal)
            try await program.shows("a prompt") {
                watched.look()
                return watched.shown.contains("Passphrase for ") ? true : nil
            }
            let before = watched.shown
            #expect(!before.contains("\u{1B}["), "the view has begun: \(before)")
            watched.terminal.type("\(Self.passphrase)\n")
            let run = try await watched.watch(program)
            #expect(run.exit == 4, "\(run.story)\(watched.shown)")
            let after = watched.shown.dropFirst(before.count)
            #expect(after.contains("\u{1B}["), "there was no view")
            #expect(!after.contains("Passphrase"))
            #expect(!watched.shown.contains("sesame"))
            let journal = try Data(contentsOf: project.journal)
            #expect(journal.firstRange(of: Data("sesame".utf8)) == nil)
        }
    }

    static let atTerminal = [
        "/bin/sh", "-c", "exec setsid --ctty --wait \"$@\" <&1", "sh",
    ]
}
