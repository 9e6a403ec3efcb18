import FleetModel
import FleetRunner
import Foundation
import Testing

struct LocalExecutorTests {
    @Test(arguments: [false, true])
    func `output beyond what is kept is whole in a private file`(isMutating: Bool) async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        var limits = scratch.limits
        limits.outputKept = 10
        let executor = try scratch.executor(limits: limits)
        let result = await executor.run(
            Command(["printf", "0123456789abcdef"], isMutating: isMutating), id: "long")
        #expect(result.stdoutText == "0123456789")
        #expect(result.isTruncated)
        await executor.acknowledge("long", at: .local)
        #expect(scratch.text("spill/long.out") == "0123456789abcdef")
        #expect(scratch.permissions(of: "spill/long.out") == 0o600)
        #expect(scratch.permissions(of: "spill") == 0o700)
    }

    @Test func `two hundred commands at once pass a gate of four`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        var limits = scratch.limits
        limits.children = 4
        let executor = try scratch.executor(limits: limits)
        let succeeded = await withTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    let command = Command(
                        ["cat"], stdin: "\(number)", isMutating: number.isMultiple(of: 10))
                    return await executor.run(command, id: CommandID("c\(number)")).stdoutText
                        == "\(number)"
                }
            }
            return await group.reduce(0) { $1 ? $0 + 1 : $0 }
        }
        #expect(succeeded == 200)
    }

    @Test func `a job that waits for room is neither late nor lost`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        var limits = scratch.limits
        (limits.children, limits.patience, limits.grace) = (1, .zero, .milliseconds(50))
        let executor = try scratch.executor(limits: limits)
        let endings = await withTaskGroup { group in
            for number in 0..<6 {
                let command = Command(
                    ["sleep", "0.2"], deadline: .milliseconds(900), isMutating: true)
                group.addTask { await executor.run(command, id: CommandID("j\(number)")).ending }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(endings == Array(repeating: .exited(0), count: 6))
    }

    @Test func `a job whose supervisors hang is killed in the end`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        var limits = scratch.limits
        (limits.patience, limits.grace) = (.milliseconds(100), .milliseconds(100))
        let executor = try scratch.executor(limits: limits)
        // The recorder is the command's parent, and the guard the recorder's.
        let script = #"""
            guard=$(cut -d" " -f4 "/proc/$PPID/stat")
            echo "$PPID $guard"
            kill -s STOP "$PPID" "$guard"
            while :; do sleep 0.05; done
            """#
        let command = Command(
            ["sh", "-c", script], deadline: .milliseconds(300), isMutating: true)
        let result = await executor.run(command, id: "hung")
        #expect(
            result.ending == .lost("its supervisor was killed while it ran, or the host went down"))
        let log = try String(contentsOfFile: "\(scratch.jobs)/hung/out", encoding: .utf8)
        for pid in log.trimming("\n").split(separator: " ").compactMap({ Int32($0) }) {
            kill(pid, SIGKILL)
        }
    }

    @Test func `a process left in the background doesn't keep its command waiting`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try scratch.executor()
        for isMutating in [false, true] {
            let command = Command(
                ["sh", "-c", "sleep 300 & echo $!"], deadline: .seconds(250),
                isMutating: isMutating)
            let result = await executor.run(command, id: "background")
            let pid = try #require(Int32(result.stdoutText.trimming("\n")))
            kill(pid, SIGKILL)
            #expect(result.ending == .exited(0))
        }
    }

    @Test func `a durable job says which tools it needs`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try LocalExecutor(
            jobsDirectory: scratch.jobs, tools: ToolPaths(searchPath: ""),
            environment: LocalEnvironment(from: ["PATH": "/nowhere"]))
        let result = await executor.run(Command(["/bin/true"], isMutating: true), id: "bare")
        guard case .notStarted(let reason) = result.ending else {
            Issue.record("ended with \(result.ending)")
            return
        }
        #expect(reason.contains("setsid"))
        #expect(await executor.fate(of: "bare", at: .local) == .unknown)
    }

    @Test func `no command of another host is run here`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try scratch.executor()
        let command = Command(["true"], place: .bastion("ams-jump"), isMutating: true)
        let result = await executor.run(command, id: "elsewhere")
        #expect(result.ending == .notStarted("the local executor reaches no other host"))
        #expect(await executor.fate(of: "elsewhere", at: command.place) != .unknown)
    }

    @Test func `a directory that can't be private is refused in words`() throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        try Data().write(to: URL(filePath: scratch.jobs))
        let error = #expect(throws: LocalExecutorError.self) { _ = try scratch.executor() }
        #expect(error?.place == scratch.jobs)
        #expect(error?.exitCode == .unavailable)
    }

    @Test func `an open directory is closed to others`() throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        try FileManager.default.createDirectory(
            atPath: scratch.jobs, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o777])
        _ = try scratch.executor()
        #expect(scratch.permissions(of: "jobs") == 0o700)
    }

    @Test func `only listed variables reach a command`() {
        let environment = LocalEnvironment(
            from: [
                "HOME": "/home/a", "LC_ALL": "C", "AWS_SECRET_ACCESS_KEY": "x", "GITHUB_TOKEN": "y",
                "TEAM": "mesh", "https_proxy": "http://proxy",
            ], alsoAllowing: ["TEAM"], adding: ["KUBECONFIG": "/lab/kubeconfig"])
        #expect(
            environment.variables == [
                "HOME": "/home/a", "LC_ALL": "C", "TEAM": "mesh", "https_proxy": "http://proxy",
                "KUBECONFIG": "/lab/kubeconfig", "PATH": "/usr/local/bin:/usr/bin:/bin",
            ])
    }

    @Test func `a tool is where the inventory says, else on the path`() {
        let tools = ToolPaths(
            ["kubectl": "/bin/cat", "flux": "sh", "gone": "/bin/gone"],
            searchPath: "relative:/nowhere:/bin")
        #expect(tools.path(of: "kubectl") == "/bin/cat")
        #expect(tools.path(of: "flux") == "/bin/sh")
        #expect(tools.path(of: "cat") == "/bin/cat")
        #expect(tools.path(of: "gone") == nil)
        #expect(tools.path(of: "/etc/passwd") == nil)
        #expect(tools.path(of: "/bin") == nil)
        #expect(tools.path(of: "") == nil)
    }
}

extension String {
    func trimming(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
