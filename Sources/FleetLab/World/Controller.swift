/// One of the loops that make a cluster behave.
///
/// A controller is level-triggered: a pass looks at what is there and does what
/// is missing, whatever happened before. It may keep in mind only what it could
/// lose.
protocol Controller: Sendable {
    /// The resource types whose changes it has to see, by their ids.
    var watches: Set<String> { get }
    /// Those that it has to see in the management cluster.
    var managementWatches: Set<String> { get }

    mutating func reconcile(_ scene: inout Scene)
}

extension Controller {
    var managementWatches: Set<String> { [] }
}
