import Glibc
import Synchronization

/// A few threads for what blocks: names to look up, keys to read, an agent to ask.
///
/// As a task executor, it takes whole async functions: what they do between two
/// suspensions may block, and holds up neither the loop nor Swift's own threads.
final class WorkerThreads: TaskExecutor {
    static let shared = WorkerThreads(count: 4)

    private let jobs = Mutex<[UnownedJob]>([])
    /// Counts the jobs, so that a thread without one sleeps.
    private nonisolated(unsafe) let waiting: UnsafeMutablePointer<sem_t>

    /// - Parameter count: At least 1. Four connections are made at once to a bastion.
    init(count: Int) {
        waiting = .allocate(capacity: 1)
        sem_init(waiting, 0, 0)
        for _ in 0..<count {
            startThread(with: self) {
                Unmanaged<WorkerThreads>.fromOpaque($0).takeUnretainedValue().run()
            }
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        sem_post(waiting)
    }

    private func run() {
        while true {
            guard sem_wait(waiting) == 0 else { continue }
            let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            job?.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
