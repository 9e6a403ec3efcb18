import CSSH2
import Glibc

/// A TCP connection that carries a session.
@SSHLoop
final class SocketCarrier: Carrier {
    let roundTrip: Duration
    private let descriptor: Int32
    private let sendAtMost: Int
    private let place: SSHHop
    private weak var session: Session?
    private var token: Poller.Token?
    private var awaitsRoom = false
    private var isClosed = false

    /// Takes a connected socket.
    init(_ descriptor: Int32, to place: SSHHop, roundTrip: Duration, limits: SessionLimits) {
        (self.descriptor, self.place, self.roundTrip) = (descriptor, place, roundTrip)
        sendAtMost = limits.sendAtMost
        Socket.set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1)
        let patience = limits.silenceBeforeDeath.components
        let milliseconds = patience.seconds * 1000 + patience.attoseconds / 1_000_000_000_000_000
        Socket.set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, Int32(clamping: milliseconds))
    }

    isolated deinit { close() }

    func serve(_ session: Session) {
        self.session = session
        token = Poller.shared.watch(descriptor) { [weak self] ready in
            if ready.isWritable { self?.flush() }
            if ready.isReadable { self?.read() }
        }
        if token == nil { session.end(trouble(errno)) }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        if let token { Poller.shared.forget(token) }
        token = nil
        Glibc.close(descriptor)
    }

    // MARK: Bytes

    private func read() {
        let buffer = Scratch.arrivals
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { session?.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        if count == 0 { session?.end(trouble(0)) }
        if count < 0, errno != EAGAIN, errno != EINTR { session?.end(trouble(errno)) }
    }

    func flush() {
        guard let wire = session?.engine.wire, let token else { return }
        while !wire.outbox.isEmpty {
            let count = wire.outbox.withFront {
                send(
                    descriptor, $0.baseAddress, min($0.count, sendAtMost),
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            wire.outbox.drop(count)
        }
        // An error shows when the socket is read.
        if awaitsRoom, !wire.isFull { session?.roomAppeared() }
        guard awaitsRoom == wire.outbox.isEmpty else { return }
        awaitsRoom.toggle()
        Poller.shared.watch(token, forWriting: awaitsRoom)
    }

    private func trouble(_ error: Int32) -> SSHTrouble {
        let reason =
            error == 0
            ? "\(place) closed the connection"
            : "the connection to \(place) broke: \(String(cString: strerror(error)))"
        return SSHTrouble(.unreachable, reason)
    }
}
