import Foundation
import Testing

@testable import FleetSSH

/// The way out of a process that still has connections.
struct LibcryptoTests {
    /// What was registered first runs last: after libcrypto's own, had it one.
    @Test func `it is there for as long as there is a thread to use it`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            atexit { if Libcrypto.isUsable { _exit(7) } }
            Libcrypto.outliveExit()
            _ = Digests.sha256([1, 2, 3])
            exit(0)
        }
    }
}
