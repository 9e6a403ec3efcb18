import Foundation

/// One connection to an agent: a request, a reply, each whole and in time.
///
/// It waits, so that it belongs on a ``SlowLane``.
struct AgentSocket: ~Copyable {
    /// What went wrong, as a clause that goes on from "the agent …".
    struct Trouble: Error, Hashable {
        let reason: String
    }

    /// OpenSSH's own limit on messages.
    static let mostBytes = 256 << 10

    private let descriptor: Int32
    private let deadline: ContinuousClock.Instant

    init(_ path: String, patience: Duration) throws(Trouble) {
        deadline = ContinuousClock.now + patience
        descriptor = try Self.connection(to: path)
    }

    deinit { close(descriptor) }

    private static func connection(to path: String) throws(Trouble) -> Int32 {
        guard var address = sockaddr_un(path: path) else {
            throw Trouble(reason: "has a path that is too long for a socket")
        }
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let descriptor = socket(AF_UNIX, Int32(type), 0)
        guard descriptor >= 0 else { throw system() }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status != 0 else { return descriptor }
        let trouble = system()
        close(descriptor)
        throw trouble
    }

    func ask(_ request: [UInt8]) throws(Trouble) -> [UInt8] {
        try send(request.wireString)
        var reader = WireReader(try receive(4))
        let count = Int(reader.number() ?? 0)
        guard (1...Self.mostBytes).contains(count) else {
            throw Trouble(reason: "answers with \(count) bytes")
        }
        return try receive(count)
    }

    private func send(_ bytes: [UInt8]) throws(Trouble) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { rest in
                Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { try wait(for: POLLOUT) } else { sent += count }
        }
    }

    private func receive(_ count: Int) throws(Trouble) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            let got = bytes[have...].withUnsafeMutableBytes { rest in
                recv(descriptor, rest.baseAddress, rest.count, 0)
            }
            guard got != 0 else { throw Trouble(reason: "hung up") }
            if got < 0 { try wait(for: POLLIN) } else { have += got }
        }
        return bytes
    }

    /// Waits until the socket is ready again, unless something else was wrong with it.
    private func wait(for event: Int32) throws(Trouble) {
        guard errno == EAGAIN || errno == EINTR else { throw Self.system() }
        let left = (deadline - ContinuousClock.now) / .milliseconds(1)
        guard left > 0 else { throw Trouble(reason: "did not answer in time") }
        var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        // Whatever comes of it, the next call on the socket tells.
        _ = poll(&entry, 1, Int32(min(left.rounded(.up), 60_000)))
    }

    private static func system() -> Trouble {
        Trouble(reason: "can't be reached: \(BoundedFile.systemWords())")
    }
}

extension sockaddr_un {
    /// The address of a path; `nil` when the path doesn't fit.
    init?(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &sun_path) { room in
            guard bytes.count < room.count, !bytes.contains(0) else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        guard fits else { return nil }
    }
}
