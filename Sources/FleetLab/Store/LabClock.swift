/// What tells the time in the lab. Everything that is stamped, is stamped from it.
public protocol LabClock: Sendable {
    var now: LabTime { get }
}
