import FleetModel
import FleetRunner

extension CommandExecutorContract {
    /// Both ways in which a command may run; most clauses hold for both.
    static let ways = [(name: "read", isMutating: false), (name: "mutate", isMutating: true)]

    func id(_ name: String) -> CommandID { CommandID("\(prefix).\(name)") }

    func command(
        _ argv: [String], stdin: String? = nil, deadline: Duration = .minutes(10),
        isMutating: Bool
    ) -> Command {
        Command(argv, stdin: stdin, place: place, deadline: deadline, isMutating: isMutating)
    }

    /// A shell script as a command, with its own arguments from `$1` on.
    func shell(
        _ script: String, _ arguments: String..., deadline: Duration = .minutes(10),
        isMutating: Bool
    ) -> Command {
        command(
            ["sh", "-c", script, "contract"] + arguments, deadline: deadline,
            isMutating: isMutating)
    }

    /// Makes a directory where the commands run, and removes it afterwards.
    func withScratch(
        _ executor: any CommandExecutor, _ name: String,
        _ body: (_ directory: String) async throws -> Void
    ) async throws {
        let made = await executor.run(
            command(["mktemp", "-d"], isMutating: false), id: id("\(name).scratch"))
        let directory = made.stdoutText.split(separator: "\n").first.map(String.init) ?? ""
        guard made.succeeded, directory.hasPrefix("/") else { throw NoScratch(result: made) }
        try await body(directory)
        _ = await executor.run(
            command(["rm", "-rf", directory], isMutating: false), id: id("\(name).cleared"))
    }

    /// Waits, where the commands run, until a file is there.
    func awaitFile(_ path: String, _ executor: any CommandExecutor) async -> Bool {
        let script = #"until [ -e "$1" ]; do sleep 0.02; done"#
        let wait = shell(script, path, deadline: .minutes(10), isMutating: false)
        return await executor.run(wait, id: id("wait")).succeeded
    }

    func contents(of path: String, _ executor: any CommandExecutor) async -> String {
        await executor.run(command(["cat", path], isMutating: false), id: id("cat")).stdoutText
    }

    /// The processes, where the commands run, that carry a mark in their
    /// arguments or environment. The mark comes by stdin, not to be found itself.
    func processes(marked mark: String, _ executor: any CommandExecutor) async -> [String] {
        let script = """
            grep -lF -f - /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; true
            """
        var search = shell(script, isMutating: false)
        search.stdin = mark
        let found = await executor.run(search, id: id("search"))
        return found.stdoutText.split(separator: "\n").map(String.init)
    }
}

/// The commands have nowhere to leave traces, so the suite can't judge.
private struct NoScratch: Error {
    let result: CommandResult
}
