import FleetModel
import Foundation

/// Answers what `kubectl get --raw` would through connections that kubectl keeps open.
///
/// A kubectl lives for 50 ms and spends all but one of them on getting ready. Every
/// answer that is not plain (an object, a list, or that there is none) is left to
/// kubectl itself, so that its words are always its own.
actor KubectlProxies {
    private let environment: LocalEnvironment
    private let limits: LocalLimits
    private let clock: any Clock<Duration>
    private var open: [Route: Entry] = [:]
    /// Where no proxy came to serve; nobody tries again until the way there changes.
    private var closed: Set<Route> = []
    private var uses = 0

    /// A way to a cluster, which may lead elsewhere once its kubeconfig has changed.
    private struct Route: Hashable {
        let tool: String
        let connection: [String]
        let stamps: [FileStamp]
    }

    private struct Entry {
        let proxy: KubectlProxy
        var readers = 0
        /// The number of its last use.
        var lastUse = 0
    }

    init(environment: LocalEnvironment, limits: LocalLimits, clock: any Clock<Duration>) {
        (self.environment, self.limits, self.clock) = (environment, limits, clock)
    }

    /// What the command would have said; `nil` when it has to be run to know.
    func answer(to command: Command, tool: String) async -> CommandResult? {
        guard limits.proxies.count > 0, let read = RawRead(command) else { return nil }
        let route = Route(
            tool: tool, connection: read.connection,
            stamps: read.kubeconfigs(environment).map(FileStamp.init))
        guard let proxy = enter(route) else { return nil }
        defer { leave(route, proxy) }
        guard await proxy.isServing else {
            if !Task.isCancelled { forget(route, proxy, for: true) }
            return nil
        }
        let start = ContinuousClock.now
        let request = SocketRequest(
            socket: proxy.socket, path: read.path, limit: limits.outputKept)
        guard let response = await response(to: request) else {
            forget(route, proxy)
            return nil
        }
        return CommandResult(of: response, duration: ContinuousClock.now - start)
    }

    /// A server that hangs is left to kubectl, which says so in its own words.
    private func response(to request: SocketRequest) async -> SocketRequest.Response? {
        await withTaskGroup { group in
            group.addTask { try? await request.response() }
            group.addTask { [clock, limits] in
                try? await clock.sleep(for: limits.proxies.answer)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}

// MARK: - Opening and closing

extension KubectlProxies {
    private func enter(_ route: Route) -> KubectlProxy? {
        guard !closed.contains(route) else { return nil }
        if open[route] == nil {
            guard makeRoom() else { return nil }
            let proxy = try? KubectlProxy(
                tool: route.tool, connection: route.connection, environment: environment,
                patience: limits.proxies.start, clock: clock)
            guard let proxy else { return nil }
            open[route] = Entry(proxy: proxy)
            Task { await closeOnceIdle(route, proxy) }
        }
        uses += 1
        open[route]?.readers += 1
        open[route]?.lastUse = uses
        return open[route]?.proxy
    }

    private func leave(_ route: Route, _ proxy: KubectlProxy) {
        guard let entry = open[route], entry.proxy === proxy else { return }
        open[route]?.readers -= 1
    }

    /// Closes a proxy that nobody has used for a while.
    private func closeOnceIdle(_ route: Route, _ proxy: KubectlProxy) async {
        var seen = 0
        while let entry = open[route], entry.proxy === proxy {
            guard entry.lastUse != seen || entry.readers > 0 else {
                return forget(route, proxy)
            }
            seen = entry.lastUse
            // A clock that stops for good ends the wait for it, too.
            guard (try? await clock.sleep(for: limits.proxies.idle)) != nil else { return }
        }
    }

    private func forget(_ route: Route, _ proxy: KubectlProxy, for good: Bool = false) {
        if good { closed.insert(route) }
        guard open[route]?.proxy === proxy else { return }
        open[route] = nil
        proxy.close()
    }

    /// Whether one more fits, once the one that was idle for longest has gone.
    private func makeRoom() -> Bool {
        guard open.count >= limits.proxies.count else { return true }
        let idle = open.filter { $0.value.readers == 0 }
        guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            return false
        }
        forget(oldest.key, oldest.value.proxy)
        return true
    }
}

extension CommandResult {
    /// What kubectl would have made of a response; `nil` where only kubectl can tell.
    fileprivate init?(of response: SocketRequest.Response, duration: Duration) {
        switch response.status {
        case 200: self.init(.exited(0), stdout: response.body, duration: duration)
        case 404:
            let words = JSON(parsing: response.body)?["message"]?.string
            let text = "Error from server (NotFound): \(words ?? Self.unknownResource)\n"
            self.init(.exited(1), stderr: Array(text.utf8), duration: duration)
        default: return nil
        }
    }

    /// client-go's words for a path the server does not know.
    private static let unknownResource = "the server could not find the requested resource"
}
