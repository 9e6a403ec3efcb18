import FleetModel
import FleetTestKit
import Testing

extension Step {
    /// Given any answers to what it asks, the step comes to a conclusion, and acts or does not.
    func expectAnswer(from answers: [ReadResult], using generator: inout SeededGenerator) {
        var context = StepContext(now: Timestamp(milliseconds: 0))
        for _ in 0..<12 {
            guard case .needs(let readings) = observe(context) else { break }
            for reading in readings {
                context.readings[reading] = answers.randomElement(using: &generator)
            }
        }
        if case .needs = observe(context) {
            Issue.record("\(outline.name) never stops asking")
        }
        _ = act(context)
    }
}
