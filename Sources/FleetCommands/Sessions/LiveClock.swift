import FleetModel
package import FleetRunner
import Foundation

extension RunClock {
    /// The time on the wall.
    package static let live = RunClock(
        now: { .now },
        sleep: { duration in
            // Cancelled sleep ends early, which is all a caller wants to know.
            try? await ContinuousClock().sleep(for: duration)
        })
}

extension Timestamp {
    static var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}
