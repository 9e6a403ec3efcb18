import FleetModel
import Foundation

/// How much a local executor may use.
public struct LocalLimits: Hashable, Sendable {
    /// Bytes of each stream that a result carries. A list of all pods of a
    /// large cluster is tens of megabytes.
    public var outputKept = 64 << 20
    /// Where a stream that is longer goes as a whole, in a file of mode 0600;
    /// `nil` drops what is too much. Either way the result is truncated.
    public var spillDirectory: String?
    /// Bytes of one stream that are spilled at most.
    public var outputSpilled = 1 << 30
    /// Children that run at once; more wait.
    public var children = LocalLimits.affordableChildren
    public var proxies = ProxyLimits()
    /// The time between TERM and KILL. Helm takes up to half a minute.
    public var grace: Duration = .seconds(10)
    /// How long past deadline and grace a job's supervisor may be silent
    /// before it is taken for stuck and its processes are killed from here.
    public var patience: Duration = .seconds(30)

    public init() {}

    /// A child costs three descriptors while it runs, and three more while it
    /// is started; half of all are left to the journal, sockets and the rest.
    private static var affordableChildren: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 32 }
        return max(1, Int(clamping: min(limit.rlim_cur, 20_000)) / 2 / 6)
    }
}
