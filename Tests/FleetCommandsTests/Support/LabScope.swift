import Foundation
import Testing

/// Runs a suite beside a lab, which is gone when the suite is over, however it ends.
struct LabScope: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        try await Scratch.directory { directory in
            let lab = try await Lab.up(in: directory)
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await Lab.$current.withValue(lab) { try await body() })
            } catch {
                outcome = .failure(error)
            }
            await lab.down()
            try outcome.get()
        }
    }
}

extension Trait where Self == LabScope {
    /// Beside a lab.
    static var lab: LabScope { LabScope() }
}
