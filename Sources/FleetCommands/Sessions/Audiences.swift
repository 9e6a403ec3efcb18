package import FleetModel
import FleetTerminal
import Synchronization

/// Nobody.
package struct QuietAudience: RunAudience {
    package init() {}
    package func hear(_ entries: [JournalEntry]) {}
    package func see(_ snapshot: RunSnapshot) {}
    package func remark(_ words: String) { Speech.standard.remark(words) }
    package func finish() {}
}

/// One line per event, for logs and for programs.
final class EventAudience: RunAudience {
    private let line: @Sendable (JournalEntry) -> String
    private let isWaiting = Mutex(false)

    private init(_ line: @escaping @Sendable (JournalEntry) -> String) { self.line = line }

    static func lines(of plan: Plan) -> EventAudience {
        let view = EventLine(plan: plan, style: Screen.style, secondOfDay: Screen.secondOfDay)
        return EventAudience { view.text($0) }
    }

    static func json(of plan: Plan) -> EventAudience {
        let view = EventJSON(plan: plan)
        return EventAudience { view.line($0) }
    }

    func hear(_ entries: [JournalEntry]) { Speech.standard.tell(entries.map(line)) }

    /// A wave has started, and no line follows for days: a window is no event.
    func see(_ snapshot: RunSnapshot) {
        let begins = isWaiting.withLock { isWaiting in
            let before = isWaiting
            isWaiting = snapshot.waitsForWindow
            return isWaiting && !before
        }
        if begins { remark(snapshot.next) }
    }

    func remark(_ words: String) { Speech.standard.remark(words) }
    func finish() {}
}

/// A person at a terminal.
final class LiveAudience: RunAudience {
    private struct State {
        var screen = LiveScreen(size: { Screen.size }, write: { Speech.standard.paint($0) })
        var remark: String?
    }

    private let state = Mutex(State())
    private let style = Screen.style

    func hear(_ entries: [JournalEntry]) {}

    func see(_ snapshot: RunSnapshot) {
        state.withLock { state in
            let remark = state.remark.map { [$0] } ?? []
            state.screen.show { width, height in
                let room = height - remark.count
                return RunView.draw(snapshot, width: width, height: room, style: style) + remark
            }
        }
    }

    func remark(_ words: String) { state.withLock { $0.remark = words } }

    func finish() { state.withLock { $0.screen.finish() } }
}
