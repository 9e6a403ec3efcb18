import Synchronization

/// A clock that a cluster is set up by.
///
/// It stands still in the past and is moved by hand until everything has settled;
/// then it joins the clock of the lab. So a new lab is as old as its objects say.
final class StartingClock: LabClock {
    private let base: any LabClock
    private let standing: Mutex<LabTime?>

    /// How far in the past clusters begin, in seconds.
    static let age = 7200

    init(_ base: any LabClock) {
        self.base = base
        let start = LabTime(milliseconds: base.now.milliseconds - Int64(Self.age) * 1000)
        standing = Mutex(start)
    }

    var now: LabTime { standing.withLock { $0 } ?? base.now }

    func set(_ time: LabTime) { standing.withLock { $0 = time } }

    func join() { standing.withLock { $0 = nil } }
}
