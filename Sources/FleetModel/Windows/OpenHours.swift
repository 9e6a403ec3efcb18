/// When something is open: spans of time, in order and apart from one another.
public struct OpenHours: Hashable, Sendable {
    public let spans: [Range<Timestamp>]

    /// Takes spans in any order; those that touch become one.
    public init(_ spans: [Range<Timestamp>]) {
        var merged: [Range<Timestamp>] = []
        for span in spans.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            guard let last = merged.last, span.lowerBound <= last.upperBound else {
                merged.append(span)
                continue
            }
            let end = max(last.upperBound, span.upperBound)
            merged[merged.count - 1] = last.lowerBound..<end
        }
        self.spans = merged
    }

    public static let always = OpenHours([.distantPast ..< .distantFuture])

    public func subtracting(_ others: OpenHours) -> OpenHours {
        var rest = spans
        for other in others.spans {
            rest = rest.flatMap { span in
                [
                    span.lowerBound..<min(max(other.lowerBound, span.lowerBound), span.upperBound),
                    max(min(other.upperBound, span.upperBound), span.lowerBound)..<span.upperBound,
                ].filter { !$0.isEmpty }
            }
        }
        return OpenHours(rest)
    }

    public func isOpen(at now: Timestamp) -> Bool { span(at: now) != nil }

    /// The span around a moment.
    public func span(at now: Timestamp) -> Range<Timestamp>? {
        let next = firstSpan(endingAfter: now)
        return next.flatMap { $0.contains(now) ? $0 : nil }
    }

    /// The first moment, from `now` on, from which it stays open for so long; `nil` if there
    /// is none.
    public func opening(from now: Timestamp, for length: Duration) -> Timestamp? {
        let first = index(endingAfter: now)
        return spans[first...].lazy.map { max(now, $0.lowerBound)..<$0.upperBound }
            .first { $0.lowerBound + length <= $0.upperBound }?.lowerBound
    }

    /// How much of the time between two moments it is closed.
    public func closedTime(in time: Range<Timestamp>) -> Duration {
        let open = spans[index(endingAfter: time.lowerBound)...]
            .prefix { $0.lowerBound < time.upperBound }
            .map { $0.clamped(to: time) }
        return open.reduce(time.length) { $0 - $1.length }
    }

    /// The longest it stays open at a time, from a moment on.
    public func longest(from now: Timestamp) -> Duration {
        spans[index(endingAfter: now)...].map { $0.clamped(to: now ..< .distantFuture).length }
            .max() ?? .zero
    }

    private func firstSpan(endingAfter now: Timestamp) -> Range<Timestamp>? {
        let index = index(endingAfter: now)
        return index < spans.count ? spans[index] : nil
    }

    /// By bisection: it is asked for every decision of a run.
    private func index(endingAfter now: Timestamp) -> Int {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].upperBound <= now { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension Range<Timestamp> {
    public var length: Duration { upperBound - lowerBound }
}

extension Timestamp {
    public static let distantPast = Timestamp(milliseconds: .min / 4)
    public static let distantFuture = Timestamp(milliseconds: .max / 4)
}
