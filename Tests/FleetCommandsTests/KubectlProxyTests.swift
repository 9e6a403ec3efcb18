import FleetModel
import FleetRunner
import FleetTestKit
import Foundation
import Testing

/// Reads over the connections that kubectl keeps open, beside those of a kubectl of their own.
@Suite(.lab(clusters: 2)) struct KubectlProxyTests {
    private let pods = "/api/v1/pods?limit=500"

    @Test func `one kubectl answers all that is read of a cluster`() async throws {
        try await Reader.beside(Lab.current) { reader in
            for _ in 0..<20 {
                let result = await reader.read("edge-01", pods)
                #expect(result.succeeded)
                #expect(JSON(parsing: result.stdout)?["items"]?.array?.isEmpty == false)
            }
            try reader.expectStarts("proxy")
            #expect(await reader.read("edge-02", pods).succeeded)
            try reader.expectStarts("proxy", "proxy")
        }
    }

    @Test(arguments: [
        "/api/v1/namespaces/nowhere", "/apis/nothing.example.com/v1/things", "/api/v1/pods",
        "/api/v1/pods?limit=x", "/version",
    ])
    func `the answer is the one that kubectl gives`(path: String) async throws {
        try await Reader.beside(Lab.current) { reader in
            let kept = await reader.read("edge-01", path)
            let own = await reader.run("edge-01", path)
            #expect(kept.ending == own.ending)
            #expect(kept.stderrText == own.stderrText)
            #expect(JSON(parsing: kept.stdout)?["kind"] == JSON(parsing: own.stdout)?["kind"])
        }
    }

    @Test func `what goes wrong is told in kubectl's words`() async throws {
        try await Lab.beside(clusters: 1) {
            let lab = try #require(Lab.current)
            try await Reader.beside(lab) { reader in
                #expect(await reader.read("edge-01", pods).succeeded)
                try await lab.breakCluster("edge-01", "unreachable")
                let result = await reader.read("edge-01", pods)
                #expect(result.ending == .exited(1))
                #expect(result.stderrText.contains("Unable to connect to the server"))
                try await lab.mend("edge-01")
                #expect(await reader.read("edge-01", pods).succeeded)
            }
        }
    }

    @Test func `nothing can be changed through it`() async throws {
        try await Reader.beside(Lab.current) { reader in
            for method in ["POST", "PUT", "PATCH", "DELETE"] {
                // It is closed while nobody reads.
                #expect(await reader.read("edge-01", pods).succeeded)
                let socket = try #require(try reader.sockets().first)
                var status = stat()
                let directory = URL(filePath: socket).deletingLastPathComponent().path
                #expect(stat(directory, &status) == 0)
                #expect(status.st_mode & 0o777 == 0o700)
                let answer = try await reader.curl(socket, method, "/api/v1/namespaces/shop")
                #expect(answer == "403", "\(method)")
            }
        }
    }

    @Test func `a context that leads elsewhere is followed at once`() async throws {
        try await Reader.beside(Lab.current) { reader in
            let before = await reader.read("edge-01", "/api/v1/namespaces/kube-system")
            try reader.swapServers("edge-01", "edge-02")
            let after = await reader.read("edge-01", "/api/v1/namespaces/kube-system")
            #expect(before.succeeded && after.succeeded)
            #expect(uid(before) != uid(after))
        }
    }

    private func uid(_ result: CommandResult) -> JSON? {
        JSON(parsing: result.stdout)?[path: ["metadata", "uid"]]
    }

    @Test func `a kubectl that can't serve is asked each time`() async throws {
        try await Reader.beside(Lab.current, refusing: "proxy") { reader in
            for _ in 0..<3 { #expect(await reader.read("edge-01", pods).succeeded) }
            try reader.expectStarts("proxy", "get", "get", "get")
        }
    }

    @Test func `only so many are kept open`() async throws {
        try await Reader.beside(Lab.current, proxies: 1) { reader in
            for _ in 0..<2 {
                for cluster in ["edge-01", "edge-02"] {
                    #expect(await reader.read(cluster, pods).succeeded)
                }
            }
            try reader.expectStarts("proxy", "proxy", "proxy", "proxy")
            try await Patience.until("the others' end") {
                try reader.sockets().count == 1 ? true : nil
            }
        }
        try await Reader.beside(Lab.current, proxies: 0) { reader in
            #expect(await reader.read("edge-01", pods).succeeded)
            try reader.expectStarts("get")
        }
    }

    @Test func `they end with the process that started them, however it dies`() async throws {
        try await Lab.beside(clusters: 1) {
            let lab = try #require(Lab.current)
            try await lab.breakCluster("edge-01", "slow")
            try await Sockets.beside { sockets in
                let program = try RunningProgram(
                    ["survey", "--project", lab.directory.path], in: lab.directory,
                    words: lab.directory,
                    environment: Program.environment(home: lab.directory)
                        .merging(["TMPDIR": sockets.directory.path]) { $1 })
                try await Patience.until("a proxy") { try sockets.all().isEmpty ? nil : true }
                kill(program.pid, SIGKILL)
                _ = try await program.end()
                try await Patience.until("its end") { try sockets.all().isEmpty ? true : nil }
            }
        }
    }
}

/// A local executor whose kubectl notes when it is started.
private struct Reader: Sendable {
    let directory: URL
    let executor: LocalExecutor
    private let socketFolder: Sockets

    static func beside(
        _ lab: Lab?, refusing word: String = "nothing", proxies: Int = 32,
        _ body: (Reader) async throws -> Void
    ) async throws {
        let lab = try #require(lab)
        try await Scratch.directory { directory in
            try await Sockets.beside { sockets in
                let limits = LocalLimits.with(proxies: proxies)
                try await body(try Reader(lab, in: directory, sockets, limits, refusing: word))
            }
        }
    }

    private init(
        _ lab: Lab, in directory: URL, _ sockets: Sockets, _ limits: LocalLimits,
        refusing word: String
    ) throws {
        (self.directory, socketFolder) = (directory, sockets)
        try FileManager.default.copyItem(
            at: lab.kubeconfig, to: directory.appending(path: "kubeconfig"))
        let script = """
            #!/bin/sh
            for word; do case $word in proxy|get) break ;; esac; done
            echo "$word" >>'\(directory.path)/starts'
            [ "$word" = \(word) ] && exit 1
            exec kubectl "$@"

            """
        let tool = directory.appending(path: "kubectl").path
        try ExecutableFile.write(script, to: tool)
        let environment = LocalEnvironment(
            from: ProcessInfo.processInfo.environment,
            adding: ["TMPDIR": socketFolder.directory.path])
        executor = try LocalExecutor(
            jobsDirectory: directory.appending(path: "jobs").path,
            tools: ToolPaths(searchPath: environment.searchPath), environment: environment,
            limits: limits)
    }

    func read(_ cluster: String, _ path: String) async -> CommandResult {
        await executor.read(command(cluster, path), id: "t.read")
    }

    func run(_ cluster: String, _ path: String) async -> CommandResult {
        await executor.run(command(cluster, path), id: "t.read")
    }

    private func command(_ name: String, _ path: String) -> Command {
        let cluster = Cluster(
            ClusterName(name), kubeconfig: directory.appending(path: "kubeconfig").path,
            tools: ["kubectl": directory.appending(path: "kubectl").path])
        return Command(cluster.kubectl(["get", "--raw", path]), isMutating: false)
    }

    /// What kubectl was started for so far.
    func expectStarts(
        _ words: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let file = directory.appending(path: "starts")
        let starts = try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n").map(String.init)
        #expect(starts == words, sourceLocation: sourceLocation)
    }

    func sockets() throws -> [String] { try socketFolder.all() }

    func curl(_ socket: String, _ method: String, _ path: String) async throws -> String {
        let command = Command(
            [
                "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", method,
                "--unix-socket", socket, "http://localhost\(path)",
            ], isMutating: false)
        return await executor.run(command, id: "t.curl").stdoutText
    }

    /// Lets two contexts of the kubeconfig lead to each other's servers.
    func swapServers(_ first: String, _ second: String) throws {
        let file = directory.appending(path: "kubeconfig")
        let text = try String(contentsOf: file, encoding: .utf8)
        let swapped = text.replacing(cluster(first), with: cluster("swapped"))
            .replacing(cluster(second), with: cluster(first))
            .replacing(cluster("swapped"), with: cluster(second))
        #expect(swapped != text)
        try swapped.write(to: file, atomically: true, encoding: .utf8)
    }

    private func cluster(_ name: String) -> String { "\"cluster\":\"\(name)\"" }
}

extension LocalLimits {
    fileprivate static func with(proxies: Int) -> LocalLimits {
        var limits = LocalLimits()
        limits.proxies.count = proxies
        // No machine that runs tests is too busy for that.
        limits.proxies.start = .minutes(5)
        limits.proxies.answer = .minutes(5)
        limits.proxies.idle = .minutes(5)
        return limits
    }
}

/// Where the proxies of a test have their sockets: a short path, for a socket's is.
private struct Sockets {
    let directory = URL(filePath: "/tmp/bw-\(UUID().uuidString.prefix(8))")

    static func beside(_ body: (Sockets) async throws -> Void) async throws {
        let sockets = Sockets()
        try FileManager.default.createDirectory(
            at: sockets.directory, withIntermediateDirectories: true)
        // What can't be removed is left to the host's own cleaning of /tmp.
        defer { try? FileManager.default.removeItem(at: sockets.directory) }
        try await body(sockets)
    }

    func all() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix("/api") }.map { "\(directory.path)/\($0)" }
    }
}
