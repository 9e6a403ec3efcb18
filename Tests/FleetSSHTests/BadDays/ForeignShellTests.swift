import FleetModel
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// Shells that say something else, or more, than they were asked to.
@Suite(.serialized) struct ForeignShellTests {
    private static let loginShell = getpwuid(getuid()).map { String(cString: $0.pointee.pw_shell) }

    @Test(
        .enabled(if: loginShell?.hasSuffix("/bash") == true, "the login shell is no bash"),
        arguments: Way.allCases)
    func `what a real .bashrc prints is no output`(way: Way) async throws {
        let home = try ScratchDirectory()
        try home.write(
            "printf 'Welcome to ams-jump!\\n\\036 you have mail'; echo 'be careful' >&2\n",
            to: ".bashrc")
        var options = TestSSHD.Options()
        // bash reads it when it is sshd's own child, which it takes from SHLVL.
        options.lines = ["SetEnv SHLVL=0 HOME=\(home.path)"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        let opened = try way.open(server)
        let heard = Heard()
        _ = try await opened.transport.run("true", stdin: [], into: heard)
        #expect(heard.stdout.contains("Welcome"), "the banner is there at all")
        await opened.close()
        try await BadDay.through(way, server) { day in
            for isMutating in [true, false] {
                let result = await day.executor.run(
                    Command(
                        ["sh", "-c", "printf out; printf err >&2; exit 3"],
                        place: BastionScratch.place, isMutating: isMutating), id: "banner")
                #expect(result.ending == .exited(3))
                #expect(result.stdoutText == "out")
                #expect(result.stderrText == "err")
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `a shell that repeats what it is asked gives no secret away`(way: Way) async throws {
        var options = TestSSHD.Options()
        options.authorizedKeyOptions = #"command="echo $SSH_ORIGINAL_COMMAND | tr ' ' '\n' | tail""#
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        try await BadDay.through(way, server) { day in
            for isMutating in [true, false] {
                let command = Command(
                    ["kubectl", "--token", "hunter2hunter2"], place: BastionScratch.place,
                    isMutating: isMutating, redactions: ["hunter2hunter2"])
                let ending = await day.executor.run(command, id: "secret").ending.description
                #expect(ending.contains("something else than what it is asked"), "\(ending)")
                #expect(!ending.contains("hunter2"), "\(ending)")
                #expect(ending.contains("[REDACTED]"), "\(ending)")
            }
        }
    }
}
