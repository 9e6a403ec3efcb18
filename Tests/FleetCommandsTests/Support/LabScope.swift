import Foundation
import Testing

/// Runs a suite or a test beside a lab, which is gone when it is over, however it ends.
struct LabScope: SuiteTrait, TestTrait, TestScoping {
    let clusters: Int
    let management: Int
    var options: [String] = []

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        try await Lab.beside(clusters: clusters, management: management, options: options, body)
    }
}

extension Lab {
    /// Runs beside a lab, which is gone when it is over, however it ends.
    static func beside(
        clusters: Int, management: Int = 1, bigBang: String? = nil, options: [String] = [],
        _ body: () async throws -> Void
    ) async throws {
        let options = options + (bigBang.map { ["--kind", "bigbang", "--big-bang", $0] } ?? [])
        try await Scratch.directory { directory in
            let lab = try await Lab.up(
                in: directory, clusters: clusters, management: management, options: options)
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
    /// Beside a lab of so many clusters, on request with workloads of rare kinds.
    static func lab(
        clusters: Int, management: Int = 1, kind: String = "gloo", rare: Bool = false
    ) -> LabScope {
        LabScope(
            clusters: clusters, management: management,
            options: ["--kind", kind] + (rare ? ["--rare"] : []))
    }
}
