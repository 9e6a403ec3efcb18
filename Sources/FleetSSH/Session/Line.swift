/// One line to run, from the moment somebody wants it until he knows how it ended.
@SSHLoop
final class Line {
    typealias Result = Swift.Result<RemoteExit, TransportFailure>
    typealias Waiter = CheckedContinuation<Result, Never>

    let text: [UInt8]
    let sink: any RemoteOutput
    /// Whether it goes before all that aren't.
    let isUrgent: Bool
    let wantedSince = ContinuousClock.now
    /// How often a channel was given to it.
    var starts = 0
    /// What is left of stdin to send.
    private(set) var stdin: ArraySlice<UInt8>
    /// Whether more of it may come.
    private(set) var isInputOpen: Bool
    /// Told when more has come, or none will.
    var whenFed: (() -> Void)?
    /// Told when the caller gives up, to take the line from where it is.
    var whenCancelled: (() -> Void)?
    private(set) var isFinished = false
    private var waiter: Waiter?

    nonisolated init(
        _ text: String, stdin: [UInt8], sink: any RemoteOutput, isUrgent: Bool = false,
        isInputOpen: Bool = false
    ) {
        (self.text, self.stdin, self.sink) = (Array(text.utf8), stdin[...], sink)
        (self.isUrgent, self.isInputOpen) = (isUrgent, isInputOpen)
    }

    /// Names who is to be told of the end.
    func wake(_ waiter: Waiter) {
        guard !isFinished else { return waiter.resume(returning: .failure(.cancelled)) }
        self.waiter = waiter
    }

    /// How it ends, for one who waits for it here.
    var result: Result {
        get async { await withCheckedContinuation { wake($0) } }
    }

    /// Only the first ending counts.
    func finish(_ result: Result) {
        guard !isFinished else { return }
        isFinished = true
        stdin = []
        (whenCancelled, whenFed) = (nil, nil)
        waiter?.resume(returning: result)
        waiter = nil
    }

    func cancel() {
        guard !isFinished else { return }
        let tell = whenCancelled
        finish(.failure(.cancelled))
        tell?()
    }

    func receive(_ bytes: UnsafeBufferPointer<CChar>, from stream: RemoteStream) {
        guard !isFinished else { return }
        sink.receive([UInt8](UnsafeRawBufferPointer(bytes)), from: stream)
    }

    func receive(_ bytes: ArraySlice<UInt8>, from stream: RemoteStream) {
        guard !isFinished else { return }
        sink.receive(Array(bytes), from: stream)
    }

    func feed(_ bytes: [UInt8]) {
        guard !isFinished, isInputOpen else { return }
        stdin.append(contentsOf: bytes)
        whenFed?()
    }

    func endInput() {
        isInputOpen = false
        whenFed?()
    }

    func sent(_ count: Int) {
        stdin = count == stdin.count ? [] : stdin.dropFirst(count)
    }
}
