import FleetModel

/// Where a window begins or ends, as people write it: at `22:00` on days of the week, or once,
/// at `2026-12-18 18:00`. A date alone means where its day begins.
enum WindowTime: Equatable {
    case daily(TimeOfDay)
    case once(LocalTime)

    /// Why a text is none.
    enum Mistake: Error {
        case otherForm, noSuchTime, noSuchDay
    }

    init(_ text: String) throws(Mistake) {
        if let clock = Self.clock(text[...]) {
            self = .daily(try Self.time(clock))
            return
        }
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let clock = words.count == 1 ? [0, 0] : Self.clock(words[1])
        guard let date = Self.numbers(words[0], ofDigits: [4, 2, 2], between: "-"), let clock
        else { throw .otherForm }
        let time = try Self.time(clock)
        guard let moment = LocalTime(year: date[0], month: date[1], day: date[2], time) else {
            throw .noSuchDay
        }
        self = .once(moment)
    }

    private static func clock(_ text: Substring) -> [Int]? {
        numbers(text, ofDigits: [2, 2], between: ":")
    }

    private static func time(_ clock: [Int]) throws(Mistake) -> TimeOfDay {
        guard let time = TimeOfDay(hour: clock[0], minute: clock[1]) else { throw .noSuchTime }
        return time
    }

    /// The numbers of a text in which each has its number of digits.
    private static func numbers(
        _ text: Substring, ofDigits digits: [Int], between mark: Character
    ) -> [Int]? {
        let parts = text.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == digits,
            parts.allSatisfy({ $0.utf8.allSatisfy(WholeNumber.isDigit) })
        else { return nil }
        return parts.compactMap { Int($0) }
    }
}
