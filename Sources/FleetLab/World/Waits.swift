/// What a controller waits for.
///
/// A pass asks for each thing it waits for; a thing that a pass no longer asks
/// for is forgotten. So a controller never cancels a timer.
struct Waits: Sendable {
    private var beginnings: [String: LabTime] = [:]
    private var asked: Set<String> = []
    private var now = LabTime(milliseconds: 0)
    /// When the controller has to look again, if nothing changes before.
    private(set) var due: LabTime?

    mutating func beginPass(at now: LabTime) {
        self.now = now
        asked.removeAll(keepingCapacity: true)
        due = nil
    }

    /// Whether so many milliseconds have passed since this was first asked.
    mutating func isOver(_ key: String, after milliseconds: Int64) -> Bool {
        asked.insert(key)
        let beginning = beginnings[key] ?? now
        beginnings[key] = beginning
        return isOver(LabTime(milliseconds: beginning.milliseconds + milliseconds))
    }

    /// Whether that moment has come; if not, the controller looks again then.
    mutating func isOver(_ moment: LabTime) -> Bool {
        guard moment > now else { return true }
        due = min(due ?? moment, moment)
        return false
    }

    /// Starts the wait for this over.
    mutating func restart(_ key: String) {
        asked.insert(key)
        beginnings[key] = now
    }

    /// Whether this was asked in an earlier pass or in this one.
    func knows(_ key: String) -> Bool { beginnings[key] != nil }

    mutating func endPass() {
        guard beginnings.count != asked.count else { return }
        beginnings = beginnings.filter { asked.contains($0.key) }
    }
}
