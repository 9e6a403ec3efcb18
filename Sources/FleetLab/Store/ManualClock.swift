import Synchronization

/// A clock that moves only when told to, so that a test decides what time it is.
public final class ManualClock: LabClock {
    private let time: Mutex<LabTime>

    public init(_ time: LabTime = LabTime(milliseconds: 1_760_000_000_000)) {
        self.time = Mutex(time)
    }

    public var now: LabTime { time.withLock { $0 } }

    public func advance(milliseconds: Int64) {
        time.withLock { $0.milliseconds += milliseconds }
    }

    public func advance(seconds: Int) {
        advance(milliseconds: Int64(seconds) * 1000)
    }
}
