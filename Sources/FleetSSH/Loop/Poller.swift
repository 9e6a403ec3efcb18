import CSSH2
import Glibc

/// The loop's descriptors and its alarms.
@SSHLoop
final class Poller {
    static let shared = Poller()

    /// What a descriptor is ready for. An error or a hang-up shows as readable, so that
    /// the read tells.
    struct Readiness {
        let isReadable: Bool
        let isWritable: Bool
    }

    /// Names a registration. Never used twice, unlike a descriptor: what the kernel
    /// still says about a closed one reaches nobody.
    struct Token: Hashable {
        let number: UInt64
    }

    private struct Alarm {
        let token: Token
        let time: ContinuousClock.Instant
        let action: @SSHLoop () -> Void
    }

    private let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    private var handlers: [UInt64: (fd: Int32, handle: @SSHLoop (Readiness) -> Void)] = [:]
    private var lastToken: UInt64 = 0
    /// Few: one or two per connection. So a plain list will do.
    private var alarms: [Alarm] = [] {
        didSet { nextAlarm = alarms.lazy.map(\.time).min() }
    }
    private var nextAlarm: ContinuousClock.Instant?
    private var atEndOfTurn: [@SSHLoop () -> Void] = []
    /// What is being done at this end of a turn. Kept, so that the two arrays can change
    /// places and neither is copied.
    private var endings: [@SSHLoop () -> Void] = []
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    private init() {
        precondition(descriptor >= 0, "No epoll for the SSH loop: errno \(errno).")
    }

    // MARK: Descriptors

    /// Calls back whenever the descriptor is readable; `nil` if the kernel won't have it.
    func watch(_ fd: Int32, _ handle: @escaping @SSHLoop (Readiness) -> Void) -> Token? {
        let token = nextToken()
        guard control(EPOLL_CTL_ADD, fd, token, forWriting: false) else { return nil }
        handlers[token.number] = (fd, handle)
        return token
    }

    /// Whether to call back when the descriptor is writable, too.
    func watch(_ token: Token, forWriting: Bool) {
        guard let fd = handlers[token.number]?.fd else { return }
        _ = control(EPOLL_CTL_MOD, fd, token, forWriting: forWriting)
    }

    /// To be called before the descriptor is closed.
    func forget(_ token: Token) {
        guard let fd = handlers.removeValue(forKey: token.number)?.fd else { return }
        _ = control(EPOLL_CTL_DEL, fd, token, forWriting: false)
    }

    func listen(to bell: Int32) {
        _ = watch(bell) { _ in
            var rings: UInt64 = 0
            // Only emptied; what it was rung for is in the queue of jobs.
            _ = read(bell, &rings, 8)
        }
    }

    private func control(
        _ operation: Int32, _ fd: Int32, _ token: Token, forWriting: Bool
    ) -> Bool {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (forWriting ? EPOLLOUT.rawValue : 0)
        event.data.u64 = token.number
        return epoll_ctl(descriptor, operation, fd, &event) == 0
    }

    // MARK: Alarms

    /// Calls back once, no earlier than after a while.
    @discardableResult
    func after(_ delay: Duration, _ action: @escaping @SSHLoop () -> Void) -> Token {
        let token = nextToken()
        alarms.append(Alarm(token: token, time: .now + delay, action: action))
        return token
    }

    func cancel(_ token: Token?) {
        guard let token else { return }
        alarms.removeAll { $0.token == token }
    }

    /// Calls back once the jobs at hand have run, so that their wishes go out together.
    func atEndOfTurn(_ action: @escaping @SSHLoop () -> Void) {
        atEndOfTurn.append(action)
    }

    private func nextToken() -> Token {
        lastToken += 1
        return Token(number: lastToken)
    }

    // MARK: A turn

    func finishTurn() {
        while !atEndOfTurn.isEmpty {
            swap(&atEndOfTurn, &endings)
            for action in endings { action() }
            endings.removeAll(keepingCapacity: true)
        }
    }

    /// Waits for something to happen, and lets it.
    ///
    /// Descriptors come before alarms: after a long sleep of ours, what the far side
    /// said meanwhile is heard before anybody calls it dead.
    func poll(mayWait: Bool) {
        let count = epoll_wait(
            descriptor, &events, Int32(events.count), mayWait ? timeout : 0)
        for event in events.prefix(max(0, Int(count))) { deliver(event) }
        ringAlarms()
    }

    private func deliver(_ event: epoll_event) {
        let isWritable = event.events & EPOLLOUT.rawValue != 0
        let isReadable = event.events & ~EPOLLOUT.rawValue != 0
        handlers[event.data.u64]?.handle(
            Readiness(isReadable: isReadable, isWritable: isWritable))
    }

    /// Milliseconds until the first alarm, rounded up; -1 without any.
    private var timeout: Int32 {
        guard let nextAlarm else { return -1 }
        let (seconds, attoseconds) = (nextAlarm - .now).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 3600 else { return 3_600_000 }
        return Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000) + 1
    }

    private func ringAlarms() {
        guard let nextAlarm else { return }
        let now = ContinuousClock.now
        guard nextAlarm <= now else { return }
        let due = alarms.filter { $0.time <= now }.sorted { $0.time < $1.time }
        alarms.removeAll { $0.time <= now }
        for alarm in due { alarm.action() }
    }
}
