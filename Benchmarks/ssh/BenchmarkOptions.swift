import FleetSSH

/// What to run and where: the words of the command line, each `name=value`.
struct BenchmarkOptions {
    enum Subject: String {
        /// Lines over the transport, as the C floor runs them.
        case lines
        /// Commands through the executor: read plainly, or durable and acknowledged.
        case reads, jobs
    }

    var what = Subject.lines
    var hops: [SSHHop] = []
    var key = ""
    /// Per host, and commands at once on each.
    var (connections, inFlight) = (1, 8)
    /// Who wants lines at the same time, per host: enough that some always waits.
    var callers: Int?
    var (lines, line) = (2_000, "true")
    var jobsDirectory: String?
    var dispatches = false
    var acknowledges = true

    init?(_ words: some Sequence<String>) {
        var (hosts, port, user) = ([String](), 22, "root")
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            let value = String(pair[1])
            switch pair[0] {
            case "what": what = Subject(rawValue: value) ?? .lines
            case "hosts": hosts = value.split(separator: ",").map(String.init)
            case "port": port = Int(value) ?? port
            case "user": user = value
            case "key": key = value
            case "connections": connections = Int(value) ?? connections
            case "inflight": inFlight = Int(value) ?? inFlight
            case "callers": callers = Int(value)
            case "lines": lines = Int(value) ?? lines
            case "line": line = value
            case "jobs": jobsDirectory = value
            case "dispatch": dispatches = value == "yes"
            case "acknowledge": acknowledges = value == "yes"
            default: return nil
            }
        }
        hops = hosts.map { SSHHop(host: $0, port: port, user: user) }
        guard !hops.isEmpty, !key.isEmpty else { return nil }
    }

    var limits: PoolLimits {
        var limits = PoolLimits()
        limits.connections = connections
        limits.session.channels = inFlight
        if !dispatches { limits.dispatch.failures = 0 }
        return limits
    }

    /// Runs some work so often, by as many callers as are wanted on each host, and counts
    /// what succeeds.
    func repeated(
        _ count: Int, _ work: @escaping @Sendable (_ host: Int, _ number: Int) async -> Bool
    ) async -> Int {
        let share = max(1, count / hops.count)
        let callers = min(share, callers ?? connections * inFlight * 2)
        return await withTaskGroup(of: Int.self) { group in
            for host in hops.indices {
                for caller in 0..<callers {
                    group.addTask {
                        var succeeded = 0
                        for number in stride(from: caller, to: share, by: callers)
                        where await work(host, number) {
                            succeeded += 1
                        }
                        return succeeded
                    }
                }
            }
            return await group.reduce(0, +)
        }
    }
}
