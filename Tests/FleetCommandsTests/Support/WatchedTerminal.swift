import Foundation
import Synchronization

/// A terminal whose screen is read all the time, so that nobody has to wait to write on it.
final class WatchedTerminal: Sendable {
    let terminal: PseudoTerminal
    private let text = Mutex("")

    init(_ terminal: PseudoTerminal) { self.terminal = terminal }

    /// All that was ever shown.
    var shown: String { text.withLock(\.self) }

    func look() {
        let more = terminal.screen()
        text.withLock { $0 += more }
    }

    /// Looks at the screen until a program has ended.
    func watch(_ program: RunningProgram) async throws -> ProgramRun {
        let looking = Task {
            while !Task.isCancelled {
                look()
                // A cancelled sleep ends early, and the looking with it.
                try? await ContinuousClock().sleep(for: .milliseconds(10))
            }
        }
        defer { looking.cancel() }
        let run = try await program.end()
        look()
        return run
    }
}
