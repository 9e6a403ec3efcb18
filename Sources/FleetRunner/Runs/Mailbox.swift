import FleetModel
import Synchronization

/// Facts on their way to the run, from many tasks to one.
///
/// Whoever reads takes everything that has come, so facts that arrive together
/// are journaled together.
final class Mailbox: Sendable {
    struct Letter: Sendable {
        let event: Event?
        /// Called once the event is in the journal.
        let delivered: (@Sendable () -> Void)?
    }

    private struct State {
        var letters: [Letter] = []
        var reader: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    func post(_ event: Event? = nil, delivered: (@Sendable () -> Void)? = nil) {
        let (reader, isClosed) = state.withLock { state in
            if !state.isClosed { state.letters.append(Letter(event: event, delivered: delivered)) }
            return (state.reader.take(), state.isClosed)
        }
        reader?.resume()
        if isClosed { delivered?() }
    }

    /// Lets go of everybody who waits for a delivery: none will come any more.
    func close() {
        let letters = state.withLock { state in
            state.isClosed = true
            defer { state.letters = [] }
            return state.letters
        }
        for letter in letters { letter.delivered?() }
    }

    /// Suspends until something has come, then returns all of it.
    func take() async -> [Letter] {
        await withCheckedContinuation { continuation in
            let isFull = state.withLock { state in
                guard state.letters.isEmpty else { return true }
                state.reader = continuation
                return false
            }
            if isFull { continuation.resume() }
        }
        return state.withLock { state in
            defer { state.letters = [] }
            return state.letters
        }
    }
}
