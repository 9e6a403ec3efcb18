import Glibc

/// The one thread that every connection, tunnel and pool lives on.
///
/// libssh2 allows a session one thread at a time, and a tunnelled session's bytes
/// pass through the session it hops over. As all of them share one domain of
/// isolation, they call each other plainly and nobody waits for anybody.
@globalActor
actor SSHLoop {
    static let shared = SSHLoop()

    /// Lives as long as the process: an actor whose thread is gone would hang whoever
    /// calls it. A loop with nothing to do sleeps in the kernel.
    nonisolated let thread = LoopThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    /// Calls back on the loop's thread, in the order of asking.
    static func call(_ action: @escaping @SSHLoop @Sendable () -> Void) {
        shared.thread.call(action)
    }

    /// Runs what the kernel calls us back with, on the loop's thread already.
    static func assumeIsolated(_ operation: @SSHLoop () -> Void) {
        shared.preconditionIsolated("The loop's own work runs on its thread.")
        // A closure's isolation has no part in its representation; the standard
        // library's MainActor.assumeIsolated does the same.
        withoutActuallyEscaping(operation) { unsafeBitCast($0, to: (() -> Void).self)() }
    }
}
