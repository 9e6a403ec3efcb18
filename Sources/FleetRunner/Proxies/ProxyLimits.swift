/// How many proxies are kept, and how long they are waited for.
public struct ProxyLimits: Hashable, Sendable {
    /// `kubectl proxy` processes kept open at once, each of some 15 MB; with none, every read
    /// is a kubectl of its own.
    public var count = 32
    /// How long one may take to begin to serve; far longer than kubectl does. Where it takes
    /// longer, none is tried again until the kubeconfig changes.
    public var start: Duration = .seconds(10)
    /// How long it may take to answer; with kubectl's own 30 s after it, a reading ends by its
    /// deadline.
    public var answer: Duration = .seconds(12)
    /// How long one is kept that nobody uses, and at most twice that; longer than any pause
    /// between two looks at a cluster.
    public var idle: Duration = .seconds(30)

    public init() {}
}
