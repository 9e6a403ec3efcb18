public import Foundation

/// A simulated fleet that the unmodified kubectl can talk to.
///
///     let lab = try await Lab(LabConfiguration(clusters: 12, speed: 5))
///     try await lab.serve { port in try? lab.files(port: port).write(to: directory) }
public struct Lab: Sendable {
    public let fleet: LabFleet
    /// What the lab was asked; the witness of tests.
    public let log: RequestLog
    private let clock: ScaledClock

    /// Builds the clusters and lets them settle; takes about a quarter of a second for each.
    ///
    /// - Parameters:
    ///   - configuration: how many clusters there are, and how fast they live.
    ///   - requests: where every request is written to, a line of JSON each.
    /// - Throws: when that file can't be opened.
    public init(_ configuration: LabConfiguration, requests: URL? = nil) async throws {
        log = try RequestLog(appendingTo: requests)
        clock = ScaledClock(speed: configuration.speed)
        fleet = try await LabFleet(configuration, clock: clock)
    }

    public var clusters: [LabCluster] { fleet.clusters }

    /// What answers `lab status`, `lab break` and `lab mend`, for use without HTTP.
    public var control: any LabControl { LabControlPanel(fleet: fleet, clock: clock) }

    /// The files by which clients find a lab that is served on a port.
    public func files(port: Int) -> LabFiles {
        LabFiles(
            clusters: clusters, host: fleet.configuration.host, port: port,
            speed: fleet.configuration.speed, kind: fleet.configuration.kind)
    }

    /// Serves every cluster on loopback and lets them live, until somebody posts to
    /// `/lab/v1/shutdown` or the task is cancelled.
    ///
    /// - Parameter onReady: told the port, once it is bound.
    /// - Throws: when the port can't be bound.
    public func serve(
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let server = LabServer(
            clusters: fleet.stores, control: control, host: fleet.configuration.host,
            port: fleet.configuration.port, log: log)
        let heart = LabHeart(fleet: fleet, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await heart.beat() }
            group.addTask { try await server.run(onReady: onReady) }
            // Only the server ends by itself.
            try await group.next()
            group.cancelAll()
        }
    }

    /// Serves the lab for as long as some work on it goes on, which is told the port.
    ///
    /// - Returns: what came of the work; `nil` when the lab was shut down before.
    public func whileServing<Value: Sendable>(
        _ work: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value? {
        let (ports, told) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await serve { told.yield($0) }
                told.finish()
                return nil
            }
            group.addTask {
                for await port in ports { return try await work(port) }
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            return nil
        }
    }

    /// Builds a lab and serves it until it is shut down.
    public static func start(
        _ configuration: LabConfiguration, requests: URL? = nil,
        onReady: @escaping @Sendable (Lab, Int) async -> Void
    ) async throws {
        let lab = try await Lab(configuration, requests: requests)
        try await lab.serve { port in await onReady(lab, port) }
    }
}
