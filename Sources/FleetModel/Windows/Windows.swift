/// When clusters may be changed, as the policy says it: the gate before every start.
///
/// A cluster begins a phase only inside one of the `allow` rules that are about it, if there
/// are any, and inside none of the `deny` rules.
public struct Windows: Hashable, Sendable, Codable {
    public var rules: [WindowRule]
    /// What becomes of a cluster that is under way when its window closes.
    public var overrun: Overrun
    /// How long before its end a window counts as closed for those that have not begun.
    public var margin: Duration

    public init(
        _ rules: [WindowRule], overrun: Overrun = .finish, margin: Duration = .minutes(15)
    ) {
        (self.rules, self.overrun, self.margin) = (rules, overrun, margin)
    }

    /// How long a window has to be open still for a cluster to begin that is expected to take
    /// so long.
    public func timeNeeded(for expected: Duration) -> Duration {
        switch overrun {
        case .finish: margin + expected
        case .drainToSafePoint: margin
        }
    }

    public enum Overrun: String, Hashable, Sendable, Codable, CaseIterable {
        /// It goes on to the end of its phase. It begins only if it will probably be done in time.
        case finish
        /// It goes on to its next safe point, and from there in the next window.
        case drainToSafePoint
    }
}

/// One rule of when clusters may be changed, or may not.
public struct WindowRule: Hashable, Sendable, Codable {
    public var effect: Effect
    public var span: WindowSpan
    /// The time zone of the span by its IANA name, such as `Europe/Berlin`.
    public var zone: String
    /// The clusters the rule is about; `nil` for all.
    public var clusters: Selector?
    /// The phases the rule is about.
    public var phases: [String]

    public init(
        _ effect: Effect, _ span: WindowSpan, zone: String, clusters: Selector? = nil,
        phases: [String] = WindowRule.usualPhases
    ) {
        self.effect = effect
        self.span = span
        self.zone = zone
        self.clusters = clusters
        self.phases = phases
    }

    public enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
        case allow, deny
    }

    /// What users may notice. To prepare a cluster changes nothing for them, so that a fleet can
    /// be prepared ahead of its window.
    public static let usualPhases = ["takeover", "retire"]

    /// Whether the rule is about this phase of this cluster.
    public func isAbout(_ phase: String, of cluster: Cluster) -> Bool {
        phases.contains(phase) && clusters?.matches(cluster.labels) ?? true
    }
}

/// A stretch of local time, without its zone.
public enum WindowSpan: Hashable, Sendable, Codable {
    /// On these days of the week from one time of day to another; on the day after, if that is
    /// not later. The days are those it begins on, in order.
    case weekly([Weekday], from: TimeOfDay, to: TimeOfDay)
    case once(from: LocalTime, to: LocalTime)
}

public enum Weekday: String, Hashable, Comparable, Sendable, Codable, CaseIterable {
    case mon, tue, wed, thu, fri, sat, sun

    public static func < (earlier: Weekday, later: Weekday) -> Bool {
        earlier.number < later.number
    }

    /// Counting from zero on Mondays.
    private var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A time on a clock, to the minute: 00:00 to 23:59.
public struct TimeOfDay: Hashable, Comparable, Sendable, Codable {
    public let hour: Int
    public let minute: Int

    public init?(hour: Int, minute: Int) {
        guard (0..<24).contains(hour), (0..<60).contains(minute) else { return nil }
        (self.hour, self.minute) = (hour, minute)
    }

    private init() { (hour, minute) = (0, 0) }

    public static let midnight = TimeOfDay()

    public static func < (earlier: TimeOfDay, later: TimeOfDay) -> Bool {
        (earlier.hour, earlier.minute) < (later.hour, later.minute)
    }
}

/// A day of the Gregorian calendar and a time on it, wherever that is.
public struct LocalTime: Hashable, Comparable, Sendable, Codable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let time: TimeOfDay

    /// `nil` for a day that no calendar has.
    public init?(year: Int, month: Int, day: Int, _ time: TimeOfDay) {
        guard (1970...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day, self.time) = (year, month, day, time)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return switch month {
        case 2: isLeap ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (earlier: LocalTime, later: LocalTime) -> Bool {
        (earlier.year, earlier.month, earlier.day, earlier.time)
            < (later.year, later.month, later.day, later.time)
    }
}
