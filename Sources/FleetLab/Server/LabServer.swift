import Hummingbird
import Logging
import NIOCore

/// Serves many simulated clusters, and the lab's own control endpoint, by HTTP.
///
/// A cluster's API server is asked as `ClusterAddress` says, or below `/clusters/NAME`.
/// `/users/NAME/NAMESPACE/SERVICE` is what somebody gets who calls that Service of a cluster.
/// `/lab/v1/…` is for `bellwether lab status|break|mend|down`:
///
///     GET    /lab/v1/status                      what the world looks like
///     POST   /lab/v1/clusters/NAME/faults        play a fault
///     DELETE /lab/v1/clusters/NAME/faults?name=F end one, or all
///     GET    /lab/v1/requests?after=N            the request log, a line of JSON each
///     POST   /lab/v1/shutdown                    end
public struct LabServer: Sendable {
    private let clusters: [String: ClusterStore]
    private let control: any LabControl
    private let host: String
    private let port: Int
    private let log: RequestLog

    /// - Parameters:
    ///   - clusters: the stores to serve, by the names in their paths.
    ///   - control: who answers for the world behind them.
    ///   - host: an address of this machine; the lab asks nobody for a password, so
    ///     anything but loopback gives it to the neighbours.
    ///   - port: zero takes any free one.
    ///   - log: where requests are recorded.
    public init(
        clusters: [String: ClusterStore], control: any LabControl, host: String = "127.0.0.1",
        port: Int = 0, log: RequestLog
    ) {
        self.clusters = clusters
        self.control = control
        self.host = host
        self.port = port
        self.log = log
    }

    /// Serves until asked to shut down, or cancelled.
    ///
    /// - Parameter onReady: told the port, once it is bound.
    /// - Throws: when the port can't be bound.
    public func run(onReady: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        let (shutdown, asking) = AsyncStream<Void>.makeStream()
        let application = application(onReady) { asking.yield() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { await Self.first(of: shutdown) }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func first(of stream: AsyncStream<Void>) async {
        for await _ in stream { return }
    }

    private func application(
        _ onReady: @escaping @Sendable (Int) async -> Void,
        _ shutDown: @escaping @Sendable () -> Void
    ) -> Application<LabResponder> {
        var logger = Logger(label: "lab")
        // It tells every connection that a shutdown cuts as an error.
        logger.logLevel = .critical
        return Application(
            responder: LabResponder(
                clusters: clusters.mapValues { ClusterResponder(store: $0, log: log) },
                control: ControlResponder(control: control, log: log, shutDown: shutDown)),
            configuration: ApplicationConfiguration(
                // Dozens of kubectl processes may come at the same instant.
                address: .hostname(host, port: port), backlog: 1024),
            onServerRunning: { channel in
                await onReady(channel.localAddress?.port ?? 0)
            },
            logger: logger)
    }
}
