/// What a step holds on its cluster while it waits, and what keeps it from running out.
///
/// It is looked at now and then beside the step's own questions, and changes nothing in what
/// they are answered: what was watched goes on being watched, and a step that did nothing else
/// has changed nothing.
public struct Upkeep: Sendable {
    public let readings: [Reading]
    /// How things stand, by these readings.
    public let standing: @Sendable (StepContext) -> Standing

    public init(
        _ readings: [Reading], standing: @escaping @Sendable (StepContext) -> Standing
    ) {
        (self.readings, self.standing) = (readings, standing)
    }

    public enum Standing: Hashable, Sendable {
        /// It lasts for a while, or is not for a waiting step to take.
        case kept
        /// It runs out soon unless these are run.
        case due([Command])
        /// It belongs to somebody else by now: the step ends.
        case lost(Failure)
    }
}
