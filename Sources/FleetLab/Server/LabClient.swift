public import FleetModel
import Foundation
import FoundationNetworking

/// Speaks to a running lab's control endpoint.
public struct LabClient: Sendable {
    private let base: String

    public init(port: Int) { base = "http://127.0.0.1:\(port)/lab/v1" }

    /// Every cluster with its faults, revisions and proxies.
    public func status() async throws -> JSON { try await ask("GET", "status") }

    /// Plays a fault on a cluster; the document is that of `LabControl`.
    public func breakCluster(_ cluster: String, _ fault: JSON) async throws -> JSON {
        try await ask("POST", "clusters/\(cluster.asPathSegment)/faults", fault)
    }

    /// Ends one fault of a cluster, or all when it is not named.
    public func mend(_ cluster: String, _ fault: String?) async throws -> JSON {
        let query = fault.map { "?name=\($0.asPathSegment)" } ?? ""
        return try await ask("DELETE", "clusters/\(cluster.asPathSegment)/faults\(query)")
    }

    public func shutDown() async throws { _ = try await ask("POST", "shutdown") }

    private func ask(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        guard let url = URL(string: "\(base)/\(path)") else { throw LabUnreachable(base) }
        var request = URLRequest(url: url, timeoutInterval: 30)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.description.utf8) }
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await send(request)
        guard let document = JSON(parsing: Array(data)) else { throw LabUnreachable(base) }
        guard let answer = response as? HTTPURLResponse, answer.statusCode < 300 else {
            throw LabRefusal(document["message"]?.string ?? "\(document)")
        }
        return document
    }

    private func send(_ request: URLRequest) async throws -> (Data, URLResponse) {
        do {
            return try await URLSession.shared.data(for: request)
        } catch let error as URLError {
            throw LabUnreachable("\(base): \(error.localizedDescription)")
        }
    }
}

/// Nobody answers where a lab should be.
public struct LabUnreachable: OperatorError {
    public let reason: String
    init(_ reason: String) { self.reason = reason }
    public var problem: String { "the lab does not answer at \(reason)" }
    public var hint: String? { "start one with `bellwether lab up`" }
    public var exitCode: ExitCode { .unavailable }
}

/// The lab understood and said no.
public struct LabRefusal: OperatorError {
    public let reason: String
    init(_ reason: String) { self.reason = reason }
    public var problem: String { reason }
    public var hint: String? { "see `bellwether lab status` and `bellwether lab break --help`" }
    public var exitCode: ExitCode { .usage }
}

extension String {
    fileprivate var asPathSegment: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-", "."])) ?? self
    }
}
