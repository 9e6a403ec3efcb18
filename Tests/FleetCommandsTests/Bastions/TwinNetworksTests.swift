import FleetTestKit
import Foundation
import Testing

/// Two bastions that front the same private addresses: in each network an sshd at
/// 10.0.0.7 and an API server at 10.0.0.5, on the same ports, for the same user. Nothing
/// but the way there tells one from the other.
@Suite(
    .serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"),
    .enabled(if: TestNetwork.isPossible, "\(TestNetwork.objection ?? "it can be done")"))
struct TwinNetworksTests {
    private static let clusters = 8

    @Test func `no command ever crosses from one to the other`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "twins-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // What can't be removed is left to the host's own cleaning of /tmp.
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = folder.appending(path: "key").path
        try TestSSHD.makeKey(key, "ed25519")
        let twins = try await [
            Twin.start("ams", seed: 1, key: key), Twin.start("fra", seed: 2, key: key),
        ]
        defer { for twin in twins { twin.stop() } }
        try await Project.behind(twins.flatMap(\.servers)) { project in
            let contexts = (0..<Self.clusters).map { "context-\($0)" }
            let kubeconfig = try project.writeKubeconfig(
                contexts, server: "http://10.0.0.5:6443/clusters/edge-01")
            // One file knows both keys of the one address, and one key logs in to both:
            // neither would tell them apart.
            let known = folder.appending(path: "known_hosts").path
            try (twins.flatMap(\.servers).flatMap(\.knownHosts) + [""]).joined(separator: "\n")
                .write(toFile: known, atomically: true, encoding: .utf8)
            for twin in twins { try await twin.serve(in: project) }
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            try project.writeInventory(
                kubeconfig: kubeconfig,
                bastions: twins.flatMap { twin in
                    [
                        twin.gate.bastion(
                            "gate-\(twin.name)", in: project, key: key, known: known),
                        twin.inner.bastion(
                            twin.name, in: project,
                            "via: gate-\(twin.name), environment: {PATH: \"\(path)\"}",
                            key: key, known: known),
                    ]
                },
                clusters: contexts.flatMap { context in
                    twins.map { ("\($0.name)-\(context)", context, $0.name) }
                })
            let own = try await twins.asyncMap { try await $0.uid(in: project, kubeconfig) }
            #expect(Set(own).count == 2)
            try await expectUIDs(own, of: twins, project)
            try await expectChangesApart(twins, project, kubeconfig)
            for twin in twins {
                #expect(twin.gate.logins >= 1)
                #expect(twin.inner.logins >= 1)
            }
        }
    }

    /// Sixteen clusters at once, those of the two bastions in turn, several times.
    private func expectUIDs(_ own: [String], of twins: [Twin], _ project: Project) async throws {
        for _ in 0..<3 {
            let run = try await project.run(
                "exec", "--all", "--max-concurrency", "16", "--format", "json", "--",
                "kubectl", "get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}")
            #expect(run.exit == 0, "\(run.story)")
            let answers = try run.lines.map {
                try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
            }
            #expect(answers.count == 2 * Self.clusters)
            for answer in answers {
                let place = twins.firstIndex { answer.cluster.hasPrefix($0.name) }
                #expect(answer.stdout == own[place ?? 0], "\(answer.cluster)")
            }
        }
    }

    /// What is made through one bastion is there, and nowhere else.
    private func expectChangesApart(
        _ twins: [Twin], _ project: Project, _ kubeconfig: String
    ) async throws {
        for twin in twins {
            let run = try await project.run(
                "exec", "\(twin.name)-context-0", "--changes", "--", "kubectl", "create",
                "namespace", "only-\(twin.name)")
            #expect(run.exit == 0, "\(run.story)")
        }
        for twin in twins {
            let names = try await twin.ask(
                ["get", "namespaces", "-o", "name"], project, kubeconfig)
            let made = names.split(separator: "\n").filter { $0.contains("only-") }
            #expect(made == ["namespace/only-\(twin.name)"])
        }
    }

    private struct Answer: Decodable {
        let cluster: String
        let stdout: String
    }
}

/// A network with a gateway, a bastion behind it, and a cluster behind that.
private final class Twin: Sendable {
    let name: String
    let gate: TestSSHD
    let inner: TestSSHD
    private let network: TestNetwork
    private let seed: Int

    var servers: [TestSSHD] { [gate, inner] }

    static func start(_ name: String, seed: Int, key: String) async throws -> Twin {
        let network = try TestNetwork(private: ["10.0.0.7/24", "10.0.0.5/24"])
        do {
            return try await Twin(name, network, seed, key)
        } catch {
            network.remove()
            throw error
        }
    }

    private init(
        _ name: String, _ network: TestNetwork, _ seed: Int, _ key: String
    ) async throws {
        (self.name, self.network, self.seed) = (name, network, seed)
        var options = TestSSHD.Options()
        options.namespace = network.name
        options.authorizedKeys = [try String(contentsOfFile: "\(key).pub", encoding: .utf8)]
        (options.host, options.port) = (network.address, 2_222)
        gate = try await TestSSHD.start(options)
        (options.host, options.port) = ("10.0.0.7", 2_222)
        inner = try await TestSSHD.start(options)
    }

    /// Starts the cluster; the project's end is its end.
    func serve(in project: Project) async throws {
        let directory = project.words.appending(path: "lab-\(name)")
        let lab = try project.start(
            [
                "lab", "serve", "--directory", directory.path, "--clusters", "1",
                "--management", "1", "--small", "--seed", "\(seed)", "--host", "10.0.0.5",
                "--port", "6443",
            ], behind: TestNetwork.entering(network.name))
        try await lab.shows("the lab of \(name)") {
            let note = directory.appending(path: "lab.json").path
            return FileManager.default.fileExists(atPath: note) ? true : nil
        }
    }

    /// Asks the cluster from within its own network, past all bastions.
    func ask(
        _ words: [String], _ project: Project, _ kubeconfig: String
    ) async throws -> String {
        let log = project.words.appending(path: UUID().uuidString).path
        let kubectl = ["kubectl", "--kubeconfig", kubeconfig, "--context", "context-0"] + words
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments =
            ["-c", "exec \"$@\" >'\(log)' 2>&1", "sh"] + TestNetwork.entering(network.name)
            + kubectl
        try shell.run()
        try await Patience.until("an answer of \(name)") { shell.isRunning ? nil : true }
        return try String(contentsOfFile: log, encoding: .utf8)
    }

    func uid(in project: Project, _ kubeconfig: String) async throws -> String {
        try await ask(
            ["get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"], project,
            kubeconfig)
    }

    func stop() {
        for server in servers { server.stop() }
        network.remove()
    }
}

extension Array {
    fileprivate func asyncMap<Value>(
        _ body: (Element) async throws -> Value
    ) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
