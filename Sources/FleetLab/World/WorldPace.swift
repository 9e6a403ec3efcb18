/// How long things take in a cluster, in milliseconds of lab time.
///
/// The figures are those of a small healthy cluster with warm image caches.
/// Ranges are spread over pods by their uids.
public struct WorldPace: Hashable, Sendable {
    /// How long a controller needs to notice an edit; `observedGeneration` lags so much.
    public var observation: Int64 = 300
    /// From its creation until a pod's containers run.
    public var podStart: ClosedRange<Int> = 1500...3500
    /// From running until ready.
    public var podReady: ClosedRange<Int> = 1000...2500
    /// How long a pod stays Terminating, still serving through its old proxy.
    public var podStop: ClosedRange<Int> = 2000...5000
    /// How long the container of a Job works.
    public var jobRun: Int64 = 5000
    /// Between two tries to create a pod that was refused.
    public var createRetry: Int64 = 4000
    /// Until a Service of type LoadBalancer has its address.
    public var loadBalancer: ClosedRange<Int> = 8000...15000
    /// How long istiod needs, once available, to claim webhooks and spread its root.
    public var istiod: Int64 = 1200
    /// How long an Istio operator thinks before it acts.
    public var istioOperator: Int64 = 1500
    /// The same for one that is late, so that somebody else installs before it prunes.
    public var latePruning: Int64 = 240_000
    /// How long such an operator leaves an injector alone that somebody took out of service.
    public var injectorRestoration: Int64 = 20_000
    /// From when Flux decides on a Helm action until its objects are made.
    public var helmAction: Int64 = 2500
    /// How long a Helm action waits for its objects; Big Bang gives ten minutes.
    public var helmTimeout: Int64 = 600_000
    /// Between two tries of an action that failed.
    public var helmRetry: Int64 = 20_000
    /// Between two looks of a Kustomization at what it once applied.
    public var fluxInterval: Int64 = 600_000
    /// How long a state of a Gloo installation lasts at least.
    public var glooState: Int64 = 4000
    /// How long a Gloo status stays as it was after an edit.
    public var glooStaleness: Int64 = 3000
    /// Between two touches of an object in a storm of conflicts.
    public var conflictStorm: Int64 = 700

    public init() {}
}
