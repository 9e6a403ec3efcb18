import FleetModel
import Testing

extension WayBack {
    /// The steps and ends of a way back that there has to be.
    func required() throws -> (outlines: [StepOutline], ends: [End]) {
        guard case .steps(let outlines, let ends) = self else { throw Missing() }
        return (outlines, ends)
    }

    /// Why there is none, and what to do instead, where there must not be one.
    func expectRefusal(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        guard case .none(let reason, let hint) = self else {
            Issue.record("there is a way back", sourceLocation: sourceLocation)
            return
        }
        #expect(!reason.isEmpty && hint?.isEmpty == false, sourceLocation: sourceLocation)
    }

    private struct Missing: Error {}
}
