import Synchronization

/// Reaches a bastion by libssh2, and by OpenSSH's program where libssh2 can't.
public final class AdaptiveTransport: BastionTransport {
    /// What a bastion is reached by.
    public enum Choice: Hashable, Sendable {
        case libssh2
        case openSSH(because: String)
    }

    /// Makes the second transport, when it is needed.
    public typealias Fallback = @Sendable () throws(SSHTrouble) -> any BastionTransport

    private struct State {
        var other: (any BastionTransport)?
        var reason: String?
    }

    private let first: any BastionTransport
    private let fallback: Fallback
    private let state: Mutex<State>

    /// - Parameters:
    ///   - first: The transport for as long as it can.
    ///   - demands: What only the other one can do; empty when that must show.
    ///   - fallback: Makes the other one.
    public init(
        first: any BastionTransport, demands: [String] = [], fallback: @escaping Fallback
    ) {
        (self.first, self.fallback) = (first, fallback)
        let reason = demands.isEmpty ? nil : demands.joined(separator: ", ")
        state = Mutex(State(other: nil, reason: reason))
    }

    /// What is used from now on, as far as is known.
    public var choice: Choice {
        state.withLock { $0.reason.map(Choice.openSSH) ?? .libssh2 }
    }

    public func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        try await attempt { transport throws(TransportFailure) in
            try await transport.run(line, stdin: stdin, into: sink)
        }
    }

    public func runUrgently(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        try await attempt { transport throws(TransportFailure) in
            try await transport.runUrgently(line, stdin: stdin, into: sink)
        }
    }

    private func attempt(
        _ run: (any BastionTransport) async throws(TransportFailure) -> RemoteExit
    ) async throws(TransportFailure) -> RemoteExit {
        if let other = try otherIfNeeded() { return try await run(other) }
        do throws(TransportFailure) {
            return try await run(first)
        } catch {
            // Only what was certainly not sent may go another way.
            guard case .notSent(let trouble) = error, trouble.kind == .unsupported else {
                throw error
            }
            state.withLock { $0.reason = $0.reason ?? trouble.reason }
            guard let other = try otherIfNeeded() else { throw error }
            return try await run(other)
        }
    }

    private func otherIfNeeded() throws(TransportFailure) -> (any BastionTransport)? {
        let result = state.withLock { state -> Result<(any BastionTransport)?, SSHTrouble> in
            guard state.reason != nil, state.other == nil else { return .success(state.other) }
            do throws(SSHTrouble) {
                state.other = try fallback()
                return .success(state.other)
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let other): return other
        case .failure(let trouble): throw .notSent(trouble)
        }
    }
}
