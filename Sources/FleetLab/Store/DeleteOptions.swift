/// How an object should go.
public struct DeleteOptions: Hashable, Sendable {
    /// What becomes of the objects that name the deleted one as their owner.
    public enum Propagation: String, Sendable {
        /// The owner goes at once and the garbage collector follows.
        case background = "Background"
        /// The owner stays, terminating, until its dependents are gone.
        case foreground = "Foreground"
        /// The dependents stay and forget their owner.
        case orphan = "Orphan"
    }

    /// Seconds a pod gets to end; `nil` leaves it to the pod's own setting.
    public var gracePeriodSeconds: Int?
    public var propagation: Propagation
    /// Refuses when the object has another uid.
    public var uid: String?
    /// Refuses when the object has another version.
    public var resourceVersion: String?

    public init(
        gracePeriodSeconds: Int? = nil, propagation: Propagation = .background,
        uid: String? = nil, resourceVersion: String? = nil
    ) {
        self.gracePeriodSeconds = gracePeriodSeconds
        self.propagation = propagation
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}
