import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and TERM into calls: the first time, the second time, and after
/// that the process simply ends. The journal is good at every moment.
final class Interrupts {
    private let sources: [any DispatchSourceSignal]

    /// Each is told what was received, in words.
    init(
        first: @escaping @Sendable (String) -> Void, second: @escaping @Sendable (String) -> Void
    ) {
        let presses = Presses(first: first, second: second)
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // Two presses at once come as one event that counts them.
            source.setEventHandler {
                for _ in 0..<source.data { presses.receive(number) }
            }
            source.resume()
            return source
        }
    }

    func stop() {
        for source in sources { source.cancel() }
    }
}

/// Counts how often the operator has pressed.
private final class Presses: Sendable {
    private let count = Atomic(0)
    private let first: @Sendable (String) -> Void
    private let second: @Sendable (String) -> Void

    init(
        first: @escaping @Sendable (String) -> Void, second: @escaping @Sendable (String) -> Void
    ) {
        (self.first, self.second) = (first, second)
    }

    func receive(_ number: Int32) {
        let name = number == SIGINT ? "Ctrl-C" : "the signal TERM"
        switch count.add(1, ordering: .relaxed).newValue {
        case 1: first(name)
        case 2: second(name)
        default: exit(128 + number)
        }
    }
}
