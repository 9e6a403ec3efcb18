/// Each once, in the order of the plan.
extension Plan {
    public var waveNames: [String] { phases.flatMap(\.waves).map(\.name).uniqued }
    public var stepNames: [String] { phases.flatMap(\.steps).map(\.name).uniqued }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
