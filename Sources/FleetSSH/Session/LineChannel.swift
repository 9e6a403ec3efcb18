/// One channel for one line, and what has become of it.
///
/// ```
/// spare ─▶ starting ─▶ running ─▶ leaving ─▶ gone
///   └─────────────────────┴─ closed by the far side ─▶ leaving
/// ```
@SSHLoop
final class LineChannel {
    enum Stage: Equatable {
        /// Open, and waiting for a line.
        case spare
        /// The line has been sent; whether the far side takes it isn't known.
        case starting
        case running
        /// The far side has closed; so do we.
        case leaving
        case gone
    }

    let handle: ChannelHandle
    private(set) var stage = Stage.spare
    private(set) var line: Line?
    /// When the stage began.
    private(set) var since = ContinuousClock.now
    private var hasSentLine = false
    private var hasEndedInput = false
    /// Whether an answer is awaited that isn't the start's; libssh2 would mix them up.
    var isAsked = false

    init(_ handle: ChannelHandle) {
        self.handle = handle
    }

    var isSpare: Bool { stage == .spare && !isAsked }
    /// Whether it serves a line that somebody waits for.
    var isServing: Bool { line.map { !$0.isFinished } ?? false }
    /// Whether nobody waits for what still runs on it.
    var isAbandoned: Bool { line?.isFinished == true && stage != .gone }
    /// Whether the far side is sure to answer a request on it.
    var mayBeAsked: Bool { stage == .running || stage == .spare }

    var hasLineToSend: Bool { stage == .starting && !hasSentLine }

    /// Takes back a line of which not a byte was sent.
    func releaseUnsentLine() -> Line? {
        guard !hasSentLine, let line else { return nil }
        self.line = nil
        return line
    }

    func take(_ line: Line) {
        precondition(stage == .spare, "A channel runs one line; this one is \(stage).")
        self.line = line
        move(to: .starting)
    }

    private func move(to next: Stage) {
        (stage, since) = (next, .now)
    }

    // MARK: Steps

    /// Goes as far as it can now; says whether the stage changed.
    func step(_ engine: Engine) throws(EngineFailure) -> Bool {
        var hasChanged = false
        while try stepOnce(engine) { hasChanged = true }
        return hasChanged
    }

    private func stepOnce(_ engine: Engine) throws(EngineFailure) -> Bool {
        switch stage {
        case .spare: try lookForClose(engine)
        case .starting: try start(engine)
        case .running: try run(engine)
        case .leaving: try leave(engine)
        case .gone: false
        }
    }

    /// sshd may close a channel that it finds idle for too long.
    private func lookForClose(_ engine: Engine) throws(EngineFailure) -> Bool {
        guard engine.isAtEnd(handle), try isDone(engine.isClosed(handle)) else { return false }
        move(to: .leaving)
        return true
    }

    private func start(_ engine: Engine) throws(EngineFailure) -> Bool {
        guard let line else { return try lookForClose(engine) }
        if !hasSentLine, try lookForClose(engine) { return true }
        hasSentLine = true
        switch engine.start(line.text, on: handle) {
        case .again: return try closeWhileStarting(engine)
        case .done: move(to: .running)
        case .failed(let failure) where failure.isDenial:
            line.finish(.failure(.lost(SSHTrouble(.unusable, "sshd refused to run the line"))))
            move(to: .running)
        case .failed(let failure): throw failure
        }
        return true
    }

    /// A channel closed before it answered runs nothing that anybody can tell of.
    private func closeWhileStarting(_ engine: Engine) throws(EngineFailure) -> Bool {
        guard engine.isAtEnd(handle), try isDone(engine.isClosed(handle)) else { return false }
        line?.finish(
            .failure(.lost(SSHTrouble(.unusable, "sshd closed the channel without an answer"))))
        move(to: .leaving)
        return true
    }

    private func run(_ engine: Engine) throws(EngineFailure) -> Bool {
        // The two streams share one window: an unread one would stop the other.
        try read(.stdout, engine)
        try read(.stderr, engine)
        guard engine.isAtEnd(handle), try isDone(engine.isClosed(handle)) else {
            try write(engine)
            return false
        }
        line?.finish(.success(engine.exit(of: handle)))
        move(to: .leaving)
        return true
    }

    private func leave(_ engine: Engine) throws(EngineFailure) -> Bool {
        guard try isDone(engine.free(handle)) else { return false }
        move(to: .gone)
        return true
    }

    private func isDone(_ step: Step<Void>) throws(EngineFailure) -> Bool {
        switch step {
        case .again: false
        case .done: true
        case .failed(let failure): throw failure
        }
    }

    // MARK: Streams

    private func read(
        _ stream: RemoteStream, _ engine: Engine
    ) throws(EngineFailure) {
        while true {
            let count = engine.read(handle, stream, into: Scratch.buffer)
            guard count >= 0 else { throw engine.failure(Int32(count)) }
            guard count > 0 else { return }
            line?.receive(UnsafeBufferPointer(rebasing: Scratch.buffer[..<count]), from: stream)
        }
    }

    /// Sends stdin as far as the far side and our own queue have room.
    private func write(_ engine: Engine) throws(EngineFailure) {
        while let line, !line.stdin.isEmpty, !engine.wire.isFull {
            let count = line.stdin.withUnsafeBytes { engine.write($0, to: handle) }
            guard count >= 0 else { throw engine.failure(Int32(count)) }
            guard count > 0 else { return }
            line.sent(count)
        }
        guard let line, line.stdin.isEmpty, !line.isInputOpen, !hasEndedInput else { return }
        hasEndedInput = try isDone(engine.endInput(of: handle))
    }
}

extension EngineFailure {
    /// The far side answered, and said no.
    var isDenial: Bool { code == -22 }
    /// The far side answered an open, and said no.
    var isRefusal: Bool { code == -21 }
}
