import CSSH2
import Glibc
import Synchronization

/// A thread that runs Swift's jobs, and calls, and waits for descriptors in between.
final class LoopThread: SerialExecutor {
    private enum Work {
        case job(UnownedJob)
        case call(@SSHLoop @Sendable () -> Void)
    }

    private struct State {
        var work: [Work] = []
        /// Whether the thread will look for work again before it sleeps.
        var isAwake = true
    }

    private let state = Mutex(State())
    /// Written to in order to end the kernel's sleep.
    private let bell = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    private let identity = Atomic<UInt>(0)

    init() {
        precondition(bell >= 0, "No eventfd for the SSH loop: errno \(errno).")
        startThread(with: self) { Unmanaged<LoopThread>.fromOpaque($0).takeRetainedValue().run() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        add(.job(UnownedJob(job)))
    }

    /// Calls back on the thread, after all that was asked of it before. Cheaper than a
    /// task, where there is nothing to wait for.
    func call(_ action: @escaping @SSHLoop @Sendable () -> Void) {
        add(.call(action))
    }

    private func add(_ work: Work) {
        let wasAwake = state.withLock { state in
            state.work.append(work)
            defer { state.isAwake = true }
            return state.isAwake
        }
        if !wasAwake { ring() }
    }

    func checkIsolated() {
        precondition(
            identity.load(ordering: .relaxed) == UInt(pthread_self()),
            "This runs on the SSH loop's thread only.")
    }

    private func ring() {
        var one: UInt64 = 1
        // A bell that can't take more has been rung already.
        _ = write(bell, &one, 8)
    }

    private func run() {
        identity.store(UInt(pthread_self()), ordering: .relaxed)
        SSHLoop.assumeIsolated { Poller.shared.listen(to: bell) }
        var work: [Work] = []
        while true {
            takeWork(into: &work)
            for each in work { perform(each) }
            SSHLoop.assumeIsolated {
                Poller.shared.finishTurn()
                Poller.shared.poll(mayWait: goToSleep())
            }
        }
    }

    /// Two arrays change places, so that neither is ever copied.
    private func takeWork(into work: inout [Work]) {
        work.removeAll(keepingCapacity: true)
        state.withLock { state in
            state.isAwake = true
            swap(&state.work, &work)
        }
    }

    private func perform(_ work: Work) {
        switch work {
        case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
        case .call(let action): SSHLoop.assumeIsolated(action)
        }
    }

    /// Whether no work is left; from then on, new work rings the bell.
    private func goToSleep() -> Bool {
        state.withLock { state in
            state.isAwake = !state.work.isEmpty
            return !state.isAwake
        }
    }
}

/// Starts a thread that lives as long as the process.
func startThread<Owner: AnyObject & Sendable>(
    with owner: Owner, _ body: @convention(c) (UnsafeMutableRawPointer) -> Void
) {
    let start = Unmanaged.passRetained(ThreadStart(owner, body))
    var thread = pthread_t()
    let error = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
            start.body(start.owner.toOpaque())
            return nil
        }, start.toOpaque())
    precondition(error == 0, "No thread for the SSH transport: error \(error).")
    pthread_detach(thread)
}

private final class ThreadStart {
    let owner: Unmanaged<AnyObject>
    let body: @convention(c) (UnsafeMutableRawPointer) -> Void

    init(_ owner: AnyObject, _ body: @convention(c) (UnsafeMutableRawPointer) -> Void) {
        (self.owner, self.body) = (Unmanaged.passRetained(owner), body)
    }
}
