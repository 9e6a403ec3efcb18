public import FleetModel
import Foundation

/// Answers a step's readings with read-only commands on one cluster or its
/// management cluster.
public struct ClusterReader: Sendable {
    private let executor: any CommandExecutor
    private let cluster: Cluster
    private let management: Cluster?
    /// Distinguishes the reads of one attempt from those of any other.
    private let prefix: String

    public init(
        executor: any CommandExecutor, cluster: Cluster, management: Cluster?, prefix: String
    ) {
        self.executor = executor
        self.cluster = cluster
        self.management = management
        self.prefix = prefix
    }

    /// - Throws: ``KubectlFailure`` wrapped as ``ReadingFailed`` when there is
    ///   no answer a step could make sense of.
    public func read(_ reading: Reading) async throws(ReadingFailed) -> ReadResult {
        switch reading {
        case .path(let path, let target): try await get(path, on: target)
        case .command(let command, _): try await ask(command)
        case .output(let command): try await ask(command, orText: true)
        case .report(let command): try await report(command, isTried: false)
        case .trial(let command): try await report(command, isTried: true)
        }
    }

    /// Reads all of them at once; most steps want several lists of one cluster.
    ///
    /// - Throws: the trouble of the first reading in the list that has any.
    public func read(
        _ readings: [Reading]
    ) async throws(ReadingFailed) -> [Reading: ReadResult] {
        let answers = await withTaskGroup { group in
            for reading in readings {
                group.addTask { (reading, await self.answer(to: reading)) }
            }
            var answers: [Reading: Result<ReadResult, ReadingFailed>] = [:]
            for await (reading, answer) in group { answers[reading] = answer }
            return answers
        }
        var results: [Reading: ReadResult] = [:]
        for reading in readings { results[reading] = try answers[reading]?.get() }
        return results
    }

    /// What came of a reading, be it trouble.
    public func answer(to reading: Reading) async -> Result<ReadResult, ReadingFailed> {
        do throws(ReadingFailed) {
            return .success(try await read(reading))
        } catch {
            return .failure(error)
        }
    }

    /// The UID of the kube-system namespace: what a cluster cannot change.
    ///
    /// It is read by a kubectl of its own, which goes where the next change would go.
    public func identity(of target: Target) async throws(ReadingFailed) -> String {
        let home = try home(of: target)
        return try uid(in: await ask(page(kubeSystemPath, of: home)), of: target)
    }

    /// The same of the cluster that the readings come from, by the way they took.
    public func identityAsRead(of target: Target) async throws(ReadingFailed) -> String {
        try uid(in: await getPage(kubeSystemPath, of: home(of: target)), of: target)
    }

    private func uid(
        in answer: ReadResult, of target: Target
    ) throws(ReadingFailed) -> String {
        let nothing = "cluster \(name(of: target)) shows no kube-system namespace"
        switch answer {
        case .found(let namespace):
            let uid = namespace[path: ["metadata", "uid"]]?.string ?? ""
            guard !uid.isEmpty else { throw ReadingFailed(.transient(nothing)) }
            return uid
        case .absent: throw ReadingFailed(.transient(nothing))
        case .refused(let words): throw ReadingFailed(.transient("\(nothing): \(words)"))
        }
    }

    private func name(of target: Target) -> ClusterName {
        target == .cluster ? cluster.name : management?.name ?? cluster.name
    }
}

/// Why a reading has no answer.
public struct ReadingFailed: Error, Hashable {
    public let failure: KubectlFailure
    public init(_ failure: KubectlFailure) { self.failure = failure }
}

// MARK: - Paths

extension ClusterReader {
    private func get(_ path: String, on target: Target) async throws(ReadingFailed) -> ReadResult {
        let home = try home(of: target)
        var page = try await getPage(path, of: home)
        guard case .found(var list) = page, list["items"] != nil else { return page }
        var items = list["items"]?.array ?? []
        for _ in 0..<pageLimit {
            guard let token = list.continueToken else { break }
            page = try await getPage(path.continuing(at: token), of: home)
            guard case .found(let next) = page else { break }
            items += next["items"]?.array ?? []
            list = next
        }
        list["items"] = .array(items)
        return .found(list)
    }

    private func getPage(_ path: String, of home: Cluster) async throws(ReadingFailed) -> ReadResult
    {
        let command = page(path, of: home)
        return try answer(to: command, await executor.read(command, id: readID))
    }

    private func page(_ path: String, of home: Cluster) -> Command {
        Command(
            home.kubectl(["get", "--raw", path]), place: home.place, deadline: readDeadline,
            isMutating: false, purpose: "read \(path)")
    }

    private func home(of target: Target) throws(ReadingFailed) -> Cluster {
        guard let home = target == .cluster ? cluster : management else {
            throw ReadingFailed(.refused("cluster \(cluster.name) has no management cluster"))
        }
        return home
    }
}

// MARK: - Commands

extension ClusterReader {
    private func ask(
        _ command: Command, orText: Bool = false
    ) async throws(ReadingFailed) -> ReadResult {
        try answer(to: command, await executor.run(command, id: readID), orText: orText)
    }

    /// A tool that could not get at the cluster reports nothing, whatever its status.
    /// Only of what `isTried`, that counts as an answer, and so does having none in time.
    private func report(
        _ command: Command, isTried: Bool
    ) async throws(ReadingFailed) -> ReadResult {
        let result = await executor.run(command, id: readID)
        guard !result.isTruncated else { throw cutShort(command) }
        if isTried, result.ending == .timedOut {
            return .found(ToolReport(exit: exitOfTimeout, stderr: "it did not answer").json)
        }
        guard case .exited(let status) = result.ending else {
            throw ReadingFailed(KubectlFailure(result, of: command))
        }
        guard isTried || status != shellFoundNoTool else {
            throw ReadingFailed(.unavailable("there is no \(command.argv[0])"))
        }
        if status != 0, !isTried {
            switch KubectlFailure(result, of: command) {
            case .notFound, .refused, .conflict: break
            case let trouble: throw ReadingFailed(trouble)
            }
        }
        let report = ToolReport(
            exit: Int(status), stdout: result.stdoutText, stderr: result.stderrText)
        return .found(report.json)
    }

    private func cutShort(_ command: Command) -> ReadingFailed {
        ReadingFailed(.transient("the answer to `\(command.purpose)` was cut short"))
    }

    private var readID: CommandID { CommandID("\(prefix).read") }

    private func answer(
        to command: Command, _ result: CommandResult, orText: Bool = false
    ) throws(ReadingFailed) -> ReadResult {
        // The exit code comes first: against a dead server kubectl prints a
        // well-formed empty list and exits with 1.
        guard result.succeeded else { return try answer(to: KubectlFailure(result, of: command)) }
        guard !result.isTruncated else { throw cutShort(command) }
        guard let document = JSON(parsing: result.stdout) else {
            guard !orText else { return .found(.string(result.stdoutText)) }
            throw ReadingFailed(.transient("the answer to `\(command.purpose)` is no JSON"))
        }
        return .found(document)
    }

    private func answer(to failure: KubectlFailure) throws(ReadingFailed) -> ReadResult {
        switch failure {
        case .notFound: .absent
        case .refused(let words): .refused(words)
        case .conflict(let words): .refused(words)
        case .unreachable, .transient, .forbidden, .unavailable, .untrusted:
            throw ReadingFailed(failure)
        }
    }
}

extension JSON {
    fileprivate var continueToken: String? {
        let token = self[path: ["metadata", "continue"]]?.string
        return token?.isEmpty == false ? token : nil
    }
}

extension String {
    fileprivate func continuing(at token: String) -> String {
        let safe = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? token
        return self + (contains("?") ? "&" : "?") + "continue=" + safe
    }
}

private let kubeSystemPath = "/api/v1/namespaces/kube-system"
/// Pages of 500: more objects of one kind than any cluster should hold.
private let pageLimit = 1_000
/// What a shell on a bastion exits with when it finds no program of a name.
private let shellFoundNoTool: Int32 = 127
/// What coreutils' `timeout` exits with.
private let exitOfTimeout = 124
/// Somewhat more than kubectl's own request timeout, which should come first.
private let readDeadline = Duration.seconds(45)
