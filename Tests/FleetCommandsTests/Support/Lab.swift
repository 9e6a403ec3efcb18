import Foundation

/// A simulated fleet, which the tests of a suite share or one has to itself.
struct Lab: Sendable {
    let directory: URL
    let management: Int

    var kubeconfig: URL { directory.appending(path: "kubeconfig") }

    /// The lab of the test that is being run.
    @TaskLocal static var current: Lab?

    /// Starts a lab of the takeover that the `options` name; of Gloo without any.
    static func up(
        in directory: URL, clusters: Int, management: Int, options: [String] = []
    ) async throws -> Lab {
        let lab = Lab(directory: directory, management: management)
        let run = try await lab.tell(
            [
                "up", "--clusters", "\(clusters)", "--management", "\(management)", "--small",
                "--speed", "60",
            ] + options)
        guard run.exit == 0 else { throw Impatience(what: "a lab: \(run.story)") }
        return lab
    }

    /// The management cluster of a cluster, by its number.
    func manager(of number: Int) -> String { "mgmt-\((number - 1) % management + 1)" }

    /// Shuts the lab down, by force if it doesn't listen.
    func down() async {
        let pid = pid
        // What can't be asked to leave is made to.
        let run = try? await tell(["down"])
        if run?.exit != 0, let pid { kill(pid, SIGKILL) }
    }

    /// Plays a fault; what it is `setting` is written as `owner=shop/cart`.
    func breakCluster(
        _ cluster: String, _ fault: String, setting parameter: String? = nil
    ) async throws {
        let settings = parameter.map { ["--set", $0] } ?? []
        try await tell(["break", cluster, fault] + settings).expectSuccess()
    }

    /// Ends one fault, or all.
    func mend(_ cluster: String, _ fault: String? = nil) async throws {
        try await tell(["mend", cluster] + (fault.map { [$0] } ?? [])).expectSuccess()
    }

    private func tell(_ words: [String]) async throws -> ProgramRun {
        let program = try RunningProgram(
            ["lab"] + words + ["--directory", directory.path], in: directory, words: directory,
            environment: Program.environment(home: directory))
        return try await program.end()
    }

    // Without a note of it there is no lab to be ended.
    private var pid: Int32? { try? note.pid }

    /// Where it answers, on loopback.
    var port: Int { get throws { try note.port } }

    private var note: Note {
        get throws {
            let data = try Data(contentsOf: directory.appending(path: "lab.json"))
            return try JSONDecoder().decode(Note.self, from: data)
        }
    }

    private struct Note: Decodable {
        let pid: Int32
        let port: Int
    }
}

// MARK: - What was asked of it

extension Lab {
    /// A request that changed a cluster.
    struct Change: Decodable {
        let sequence: Int
        let cluster: String
        let method: String
        let object: String?
        let mutated: Bool

        var isLease: Bool { object?.hasPrefix("leases.") ?? false }
    }

    /// What has changed some clusters since a moment, but for the leases that a
    /// run takes and gives back.
    func changes(of clusters: [String], since moment: Int = 0) throws -> [Change] {
        try log().filter { request in
            request.mutated && !request.isLease && request.sequence > moment
                && clusters.contains(request.cluster)
        }
    }

    /// The number of the latest request.
    func moment() throws -> Int {
        try requests().last.map { try JSONDecoder().decode(Change.self, from: $0).sequence } ?? 0
    }

    private func log() throws -> [Change] {
        // Most requests only read, and there are thousands: those are not even decoded.
        let sign = Data(#""mutated":true"#.utf8)
        return try requests().filter { $0.range(of: sign) != nil }
            .map { try JSONDecoder().decode(Change.self, from: $0) }
    }

    /// A document each, whole lines only.
    private func requests() throws -> [Data] {
        let data = try Data(contentsOf: directory.appending(path: "requests.jsonl"))
        let newline = UInt8(ascii: "\n")
        guard let end = data.lastIndex(of: newline) else { return [] }
        return data[..<end].split(separator: newline)
    }
}
