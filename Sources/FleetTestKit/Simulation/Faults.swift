/// How unkind the simulated world is. All values are percentages.
public struct Faults: Sendable {
    public var attemptFails = 0
    /// Of the failures, how many would come again however often one tries.
    public var failureIsTerminal = 0
    public var clusterIsUnreachable = 0
    /// The attempt never ends by itself.
    public var attemptHangs = 0
    /// A look at the cluster finds it unwell.
    public var baselineIsRed = 0
    public var identityDiffers = 0
    /// A step finds something that must stop the fleet.
    public var attemptAlarms = 0
    public var coordinatorCrashes = 0
    public var operatorHalts = 0
    public var operatorAborts = 0
    public var operatorWaivesWindows = 0
    /// After a failure, the operator accepts it instead of having it tried again.
    public var operatorAccepts = 0

    public init() {}

    public static func random(using random: inout SeededGenerator) -> Faults {
        var faults = Faults()
        faults.attemptFails = Int.random(in: 0...30, using: &random)
        faults.failureIsTerminal = Int.random(in: 0...50, using: &random)
        faults.clusterIsUnreachable = Int.random(in: 0...10, using: &random)
        faults.attemptHangs = Int.random(in: 0...5, using: &random)
        faults.baselineIsRed = Int.random(in: 0...10, using: &random)
        faults.identityDiffers = random.chance(10) ? 2 : 0
        faults.coordinatorCrashes = Int.random(in: 0...15, using: &random)
        faults.operatorHalts = Int.random(in: 0...8, using: &random)
        faults.operatorAborts = Int.random(in: 0...3, using: &random)
        faults.operatorWaivesWindows = random.chance(30) ? 2 : 0
        faults.operatorAccepts = Int.random(in: 0...50, using: &random)
        // Drawn from what was drawn before, so that seeds go on meaning what they meant.
        faults.attemptAlarms = faults.operatorAccepts.isMultiple(of: 8) ? 2 : 0
        return faults
    }
}
