/// A session's bytes inside a channel of the session it hops over.
@SSHLoop
final class Tunnel: Carrier {
    let handle: ChannelHandle
    let roundTrip: Duration
    /// Kept alive by what it carries.
    private let outer: Session
    private weak var inner: Session?
    private var isClosing = false

    init(through outer: Session, _ handle: ChannelHandle, roundTrip: Duration) {
        (self.outer, self.handle, self.roundTrip) = (outer, handle, roundTrip)
    }

    func serve(_ session: Session) {
        inner = session
        outer.agreeToDrive()
    }

    func flush() {
        guard inner?.engine.wire.outbox.isEmpty == false else { return }
        outer.agreeToDrive()
    }

    func close() {
        isClosing = true
        outer.agreeToDrive()
    }

    /// Called by the outer session when it is over.
    func end(_ trouble: SSHTrouble) {
        inner?.end(trouble)
        inner = nil
    }

    // MARK: Moving bytes, as a part of the outer session's drive

    func step(_ engine: Engine) throws(EngineFailure) {
        guard !isClosing else { return try leave(engine) }
        // Before anybody serves, the far side's greeting waits in the window.
        guard let inner else { return }
        try read(engine, to: inner)
        guard try !isOver(engine) else { return end(inner) }
        try write(engine, from: inner)
    }

    private func read(_ engine: Engine, to inner: Session) throws(EngineFailure) {
        while true {
            let count = engine.read(handle, .stdout, into: Scratch.buffer)
            guard count >= 0 else { throw engine.failure(Int32(count)) }
            guard count > 0 else { return }
            inner.receive(UnsafeRawBufferPointer(rebasing: Scratch.bytes[..<count]))
        }
    }

    private func write(_ engine: Engine, from inner: Session) throws(EngineFailure) {
        let wire = inner.engine.wire
        let wasFull = wire.isFull
        while !wire.outbox.isEmpty, !engine.wire.isFull {
            let count = wire.outbox.withFront { engine.write($0, to: handle) }
            guard count >= 0 else { throw engine.failure(Int32(count)) }
            guard count > 0 else { break }
            wire.outbox.drop(count)
        }
        if wasFull, !wire.isFull { inner.roomAppeared() }
    }

    private func isOver(_ engine: Engine) throws(EngineFailure) -> Bool {
        guard engine.isAtEnd(handle) else { return false }
        switch engine.isClosed(handle) {
        case .again: return false
        case .done: return true
        case .failed(let failure): throw failure
        }
    }

    private func end(_ inner: Session) {
        close()
        inner.end(
            SSHTrouble(.unreachable, "\(inner.hop) closed the connection through \(outer.hop)"))
    }

    private func leave(_ engine: Engine) throws(EngineFailure) {
        switch engine.free(handle) {
        case .again: return
        case .done: outer.remove(self)
        case .failed(let failure): throw failure
        }
    }
}

/// Somebody who waits for a tunnel.
@SSHLoop
final class TunnelRequest {
    typealias Result = Swift.Result<Tunnel, SSHTrouble>

    let hop: SSHHop
    private var waiter: CheckedContinuation<Result, Never>?

    init(to hop: SSHHop, _ waiter: CheckedContinuation<Result, Never>) {
        (self.hop, self.waiter) = (hop, waiter)
    }

    /// Only the first ending counts; says whether this was it.
    @discardableResult
    func finish(_ result: Result) -> Bool {
        guard let waiter else { return false }
        self.waiter = nil
        waiter.resume(returning: result)
        return true
    }
}
