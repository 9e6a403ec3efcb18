/// A line that a dispatcher runs, and what has come of it so far.
@SSHLoop
final class DispatchedLine {
    let line: Line
    /// When to look next for what it has printed: nothing is told before its end unasked.
    private(set) var nextLook: ContinuousClock.Instant
    private var pause = DispatchedLine.firstPause
    /// Bytes of stdout that the line has received.
    private var received = 0
    /// How many of them come again with the answer that is being read.
    private var repeated = 0

    /// Most lines are over by then.
    static let firstPause = Duration.milliseconds(500)
    /// Each look is also a sign of life, so it goes on when there is nothing to see.
    static let longestPause = Duration.seconds(15)

    init(_ line: Line) {
        self.line = line
        nextLook = .now + pause
    }

    func looked() {
        pause = received > 0 ? Self.longestPause : min(pause * 2, Self.longestPause)
        nextLook = .now + pause
    }

    /// Its output is told from the beginning, each time.
    func outputBegins() { repeated = received }

    func receive(_ bytes: ArraySlice<UInt8>, from stream: RemoteStream) {
        guard stream == .stdout else { return line.receive(bytes, from: stream) }
        let new = bytes.dropFirst(repeated)
        repeated -= bytes.count - new.count
        guard !new.isEmpty else { return }
        received += new.count
        line.receive(new, from: stream)
    }

    /// Ends with a status of the shell's, which says 128 and more for a signal but for
    /// some plain exits, too.
    func end(_ status: Int32?) {
        guard let status, (0...128).contains(status) else {
            return line.finish(.success(.unknown))
        }
        line.finish(.success(.exited(status)))
    }
}
