import Foundation

/// What was measured, as one line of `name=value`, like the C floor's.
struct Figures: CustomStringConvertible {
    var succeeded = 0
    /// Seconds, of the wall and of this process's processors, without connecting.
    var (seconds, processor) = (0.0, 0.0)
    /// Seconds from the start until the first line was over.
    var first = 0.0
    /// Kilobytes.
    var peak: Int { Self.usage.ru_maxrss }

    var description: String {
        "ok=\(succeeded) seconds=\(seconds) processor=\(processor) first=\(first) peak=\(peak)"
    }

    /// Seconds of processor time that this process has used.
    static var processor: Double {
        [usage.ru_utime, usage.ru_stime].reduce(0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000
        }
    }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage
    }

    /// Measures what runs after the first.
    static func measure(
        first: () async -> Int, _ body: () async -> Int
    ) async -> Figures {
        var figures = Figures()
        let start = ContinuousClock.now
        _ = await first()
        let (begun, processor) = (ContinuousClock.now, Self.processor)
        figures.first = (begun - start) / .seconds(1)
        figures.succeeded = await body()
        figures.seconds = (ContinuousClock.now - begun) / .seconds(1)
        figures.processor = Self.processor - processor
        return figures
    }
}
