import FleetTestKit
import Foundation
import Synchronization

/// A long cable to a server: bytes come out of it some time after they went in, in both
/// directions, and in the middle it can be cut so that nobody hears of it.
///
/// A relay of our own, for the kernels of test machines have no `sch_netem`: TCP goes on
/// at either end of it, so that it is right about order and delay, and not about loss.
final class SlowLink: Sendable {
    let port: Int
    private let listener: Int32
    private let server: (host: String, port: Int)
    private let delay: Duration
    private let state = Mutex((isCut: false, isClosed: false, sockets: [Int32]()))

    /// Opens a link to a server; `delay` is for one way.
    init(to server: TestSSHD, delay: Duration) throws {
        (self.server, self.delay) = ((server.host, server.port), delay)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in(host: "127.0.0.1", port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard result else { throw TestSSHD.Failure(description: "no port for a slow link") }
        port = Int(address.sin_port.bigEndian)
        Thread { [self] in accept() }.start()
    }

    /// Swallows all bytes from now on, of old connections and new ones.
    func cut() { state.withLock { $0.isCut = true } }

    /// Carries new connections again. What was swallowed is gone, and so are those it was of.
    func mend() {
        let old = state.withLock { state in
            defer { (state.isCut, state.sockets) = (false, []) }
            return state.sockets
        }
        for socket in old { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    func close() {
        let sockets = state.withLock { state in
            state.isClosed = true
            return state.sockets
        }
        for socket in sockets + [listener] { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    // MARK: Threads

    private func accept() {
        while !state.withLock(\.isClosed) {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in(host: server.host, port: server.port)
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            state.withLock { $0.sockets += [client, far] }
            if status != 0 { shutdown(client, Int32(SHUT_RDWR)) }
            carry(from: client, to: far)
            carry(from: far, to: client)
        }
        Glibc.close(listener)
    }

    /// One thread reads and one writes, so that what is on its way holds nothing up.
    private func carry(from source: Int32, to target: Int32) {
        let way = Way()
        Thread { [self] in
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(source, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                way.put(Array(buffer.prefix(max(0, count))), due: .now + delay)
                if count <= 0 { return }
            }
        }.start()
        Thread { [self] in
            while let (bytes, due) = way.take() {
                let wait = due - .now
                if wait > .zero { usleep(UInt32(wait / .microseconds(1))) }
                guard !state.withLock(\.isCut) else { continue }
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = rest.withUnsafeBytes {
                        send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    guard count > 0 else { break }
                    rest = rest.dropFirst(count)
                }
            }
            if !state.withLock(\.isCut) { shutdown(target, Int32(SHUT_WR)) }
        }.start()
    }

    /// What is on its way in one direction.
    private final class Way: Sendable {
        private let bytes = Mutex<[(bytes: [UInt8], due: ContinuousClock.Instant)]>([])
        private let arrivals = DispatchSemaphore(value: 0)

        /// No bytes are the end.
        func put(_ bytes: [UInt8], due: ContinuousClock.Instant) {
            self.bytes.withLock { $0.append((bytes, due)) }
            arrivals.signal()
        }

        /// Waits for bytes; `nil` at the end.
        func take() -> (bytes: [UInt8], due: ContinuousClock.Instant)? {
            arrivals.wait()
            let first = bytes.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            return first.flatMap { $0.bytes.isEmpty ? nil : $0 }
        }
    }
}

extension sockaddr_in {
    fileprivate init(host: String, port: Int) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, host, &sin_addr)
    }
}
