import FleetTestKit
import Foundation
import Testing

/// What `bastion check` finds out about real sshds.
@Suite(.serialized) struct BastionCheckTests {
    private struct Report: Decodable {
        struct Key: Decodable {
            let host: String
            let key: String?
            let knownBy: String?
        }
        struct Missing: Decodable, Equatable {
            let cluster: String
            let context: String
        }

        let bastion: String
        let transport: String
        let transportReason: String?
        let failure: String?
        let warnings: [String]
        let hostKeys: [Key]
        let maxSessions: Int?
        let maxSessionsAtLeast: Int?
        let skippedLines: [String]
        let skewSeconds: Int?
        let missingContexts: [Missing]?
    }

    private func check(_ project: Project) async throws -> [String: Report] {
        let run = try await project.run("bastion", "check", "--format", "json")
        let reports = try run.lines.map {
            try JSONDecoder().decode(Report.self, from: Data($0.utf8))
        }
        return Dictionary(uniqueKeysWithValues: reports.map { ($0.bastion, $0) })
    }

    private func fingerprint(of server: TestSSHD) throws -> String {
        let log = "\(server.directory)/fingerprint"
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "ssh-keygen -lf '\(server.directory)/host-ed25519.pub' >'\(log)'"]
        try shell.run()
        shell.waitUntilExit()
        let words = try String(contentsOfFile: log, encoding: .utf8).split(separator: " ")
        return "ED25519 \(words[1])"
    }

    @Test func `every hop's key is shown with the line that knows it, and skipped ones too`()
        async throws
    {
        let (gate, far) = (try await TestSSHD.start(), try await TestSSHD.start())
        try await Project.behind([gate, far]) { project in
            let known = far.knownHostsFile
            try (["# ours", "this is no line"] + far.knownHosts).joined(separator: "\n")
                .write(toFile: known, atomically: true, encoding: .utf8)
            try project.writeInventory(
                bastions: [
                    gate.bastion("gate", in: project), far.bastion("far", in: project, "via: gate"),
                ],
                clusters: [])
            let report = try #require(try await check(project)["far"])
            #expect(report.failure == nil)
            #expect(
                report.hostKeys.map(\.key) == [try fingerprint(of: gate), try fingerprint(of: far)])
            #expect(report.hostKeys.map(\.knownBy) == ["\(gate.knownHostsFile):1", "\(known):3"])
            #expect(report.skippedLines.count == 1)
            #expect(report.skippedLines.first?.hasPrefix("\(known):2: ") == true)
            #expect(report.transport.hasPrefix("libssh2, "))
            #expect(report.transportReason == nil)
            let table = try await project.run("bastion", "check", "far")
            #expect(table.exit == 0, "\(table.story)")
            for words in ["host key", "gateway key", "known by \(known):3", "a line was skipped"] {
                #expect(table.output.contains(words), "\(words) in \(table.story)")
            }
        }
    }

    @Test func `a pin vouches for its key`() async throws {
        let server = try await TestSSHD.start()
        try await Project.behind([server]) { project in
            let key = try fingerprint(of: server)
            let pin = key.split(separator: " ")[1]
            try project.writeInventory(
                bastions: [server.bastion("pinned", in: project, "hostKey: \"\(pin)\"")],
                clusters: [])
            let report = try #require(try await check(project)["pinned"])
            #expect(report.hostKeys.map(\.key) == [key])
            #expect(report.hostKeys.map(\.knownBy) == ["hostKey"])
        }
    }

    @Test(arguments: [(4, 4, nil), (100, nil, 10)] as [(Int, Int?, Int?)])
    func `MaxSessions is found`(most: Int, found: Int?, atLeast: Int?) async throws {
        var options = TestSSHD.Options()
        options.lines = ["MaxSessions \(most)", "MaxStartups 1:100:1"]
        let server = try await TestSSHD.start(options)
        try await Project.behind([server]) { project in
            try project.writeInventory(
                bastions: [server.bastion("jump", in: project)], clusters: [])
            let report = try #require(try await check(project)["jump"])
            #expect(report.maxSessions == found)
            #expect(report.maxSessionsAtLeast == atLeast)
            #expect(report.warnings.contains { $0.contains("MaxSessions") } == (most < 8))
            #expect(!server.log.contains("drop connection"))
        }
    }

    @Test func `the second transport is named with its reason`() async throws {
        var options = TestSSHD.Options()
        options.lines = ["Ciphers aes256-gcm@openssh.com"]
        let server = try await TestSSHD.start(options)
        try await Project.behind([server]) { project in
            try project.writeInventory(
                bastions: [server.bastion("modern", in: project)], clusters: [])
            let report = try #require(try await check(project)["modern"])
            #expect(report.failure == nil)
            #expect(report.transport.hasPrefix("OpenSSH's ssh, because of "))
            #expect(report.transportReason?.contains("agree on no way to talk") == true)
        }
    }

    /// Its own `date`, the first on its path, is what lies: the clock of one host alone
    /// can't be set. Whoever asks that host for the time hears what a wrong clock would say.
    @Test(arguments: ["+1 hour", "-1 hour"])
    func `a clock that is an hour off is told`(offset: String) async throws {
        let server = try await TestSSHD.start()
        try await Project.behind([server]) { project in
            let tools = try project.program(
                "date", "exec /bin/date -d '\(offset)' \"$@\"")
            let path = "environment: {PATH: \"\(tools):/usr/bin:/bin\"}"
            try project.writeInventory(
                bastions: [server.bastion("late", in: project, path)], clusters: [])
            let report = try #require(try await check(project)["late"])
            let skew = try #require(report.skewSeconds)
            // Minutes of tolerance: the machine may be busy while it is asked.
            #expect((3_000...4_200).contains(abs(skew)))
            #expect((skew > 0) == offset.hasPrefix("+"))
            let words = skew > 0 ? "its clock is ahead" : "its clock is behind"
            #expect(report.warnings.contains { $0.hasPrefix(words) })
        }
    }

    @Test(.enabled(if: Program.hasKubectl, "kubectl isn't installed"))
    func `clusters whose context is missing there are named`() async throws {
        let server = try await TestSSHD.start()
        try await Project.behind([server]) { project in
            let kubeconfig = try project.writeKubeconfig(["one", "two"], server: "http://x")
            let folder = ProcessInfo.processInfo.environment["PATH"] ?? ""
            try project.writeInventory(
                kubeconfig: kubeconfig,
                bastions: [
                    server.bastion("jump", in: project, "environment: {PATH: \"\(folder)\"}")
                ],
                clusters: [("a", "one", "jump"), ("b", "three", "jump"), ("four", "four", "jump")])
            let report = try #require(try await check(project)["jump"])
            #expect(
                report.missingContexts == [
                    Report.Missing(cluster: "b", context: "three"),
                    Report.Missing(cluster: "four", context: "four"),
                ])
            let words = "\(kubeconfig) there has no context three (b), four"
            #expect(report.warnings.contains(words), "\(report.warnings)")
        }
    }

    /// The file as logind reads it, which this sshd alone sees; no logind is there to ask.
    @Test(
        .enabled(
            if: getuid() == 0
                && FileManager.default.fileExists(atPath: "/etc/systemd/logind.conf"),
            "only root can give one sshd its own logind.conf, where there is one"),
        arguments: [
            ("KillUserProcesses=yes\nKillExcludeUsers=nobody", true),
            ("KillUserProcesses=yes", false), ("#KillUserProcesses=yes", false),
            (
                "KillUserProcesses=yes\nKillExcludeUsers=\nKillOnlyUsers=\nKillUserProcesses=no",
                false
            ),
        ])
    func `a host that kills what a user leaves behind is told`(
        file: String, kills: Bool
    ) async throws {
        var options = TestSSHD.Options()
        options.mounts["/etc/systemd/logind.conf"] = "[Login]\n\(file)\n"
        let server = try await TestSSHD.start(options)
        try await Project.behind([server]) { project in
            let tools = try project.program("busctl", "exit 1")
            let path = "environment: {PATH: \"\(tools):/usr/bin:/bin\"}"
            try project.writeInventory(
                bastions: [server.bastion("jump", in: project, path)], clusters: [])
            let report = try #require(try await check(project)["jump"])
            let warning = report.warnings.first { $0.contains("KillUserProcesses=yes") }
            #expect((warning != nil) == kills, "\(report.warnings)")
        }
    }

    @Test func `a bastion that is away can't be used, and says why`() async throws {
        let server = try await TestSSHD.start()
        try await Project.behind([server]) { project in
            try project.writeInventory(
                bastions: [server.bastion("away", in: project)], clusters: [])
            server.suspend()
            server.stop()
            let run = try await project.run("bastion", "check")
            #expect(run.exit == 69, "\(run.story)")
            #expect(run.output.contains("can't be used"))
        }
    }
}

extension Project {
    /// A folder with a program of this name; answers with the folder.
    func program(_ name: String, _ script: String) throws -> String {
        try writeScript("#!/bin/sh\n\(script)\n", to: "tools/\(name)")
        return file("tools").path
    }
}
