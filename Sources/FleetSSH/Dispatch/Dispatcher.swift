/// Runs many lines through one long-lived channel, where a shell on the bastion takes
/// them, one after the other and without waiting for any.
///
/// A connection opens one channel in each round trip, so on a slow link lines wait for
/// their channels. Here a line needs one round trip, and however many start together.
///
/// ```
/// starting ─▶ ready ─▶ leaving ─▶ over
///     └──────────┴─ the channel ends ──▲
/// ```
@SSHLoop
final class Dispatcher {
    enum Stage: Equatable {
        /// Its shell hasn't said yet that it can do what is asked.
        case starting
        case ready
        /// Takes nothing more, and ends with the last line that somebody waits for.
        case leaving
        case over
    }

    enum Ending: Hashable, Sendable {
        /// It was asked to leave, or its connection is gone.
        case asAsked
        /// Its shell ended by itself, or was stuck.
        case failed
        /// It never was ready: this bastion can't do it.
        case unfit
    }

    private(set) var stage = Stage.starting
    /// The line whose channel carries all others. Its stdin stays open.
    let carrier: Line
    private weak var owner: (any DispatcherOwner)?
    private let limits: DispatchLimits
    private var scanner: MarkScanner
    private var requests = DispatchRequests()
    private var lines: [Int: DispatchedLine] = [:]
    private var lastNumber = 0
    /// The line whose output is being told, and on which stream.
    private var current: (line: DispatchedLine, stream: RemoteStream)?
    /// Lines that are over, whose files are still there.
    private var toForget: [Int] = []
    private var askedAt: ContinuousClock.Instant?
    private var idleSince = ContinuousClock.now
    private var isStuck = false

    init(_ mark: LineMark, for owner: any DispatcherOwner, limits: DispatchLimits) {
        (self.owner, self.limits, scanner) = (owner, limits, MarkScanner(mark))
        let ear = Ear()
        carrier = Line(DispatchScript.line(mark), stdin: [], sink: ear, isInputOpen: true)
        ear.dispatcher = self
    }

    // MARK: Taking lines

    var hasRoom: Bool {
        stage == .ready && !carrier.isFinished && lines.count < limits.lines
            && carrier.stdin.count < Self.mostQueued
    }

    /// What is written may have been sent when the connection breaks, so little is.
    private static let mostQueued = 64 << 10

    /// What is long, or has much to read, gets a channel of its own.
    func takes(_ line: Line) -> Bool {
        !line.isInputOpen && line.text.count <= Self.longestLine
            && line.stdin.count <= Self.mostStdin && !line.text.contains(0)
    }

    /// While the shell reads a line, byte by byte, no other starts: this takes it 3 ms.
    private static let longestLine = 8_192
    private static let mostStdin = 64 << 10

    func run(_ line: Line) {
        precondition(hasRoom, "A dispatcher that is \(stage) was given a line.")
        lastNumber += 1
        lines[lastNumber] = DispatchedLine(line)
        line.starts += 1
        line.whenCancelled = { [weak self] in self?.lineWasAbandoned() }
        carrier.feed(requests.run(lastNumber, line.text, stdin: line.stdin))
    }

    /// Nobody can take back what runs, and it holds a place.
    private func lineWasAbandoned() {
        let abandoned = lines.values.count(where: \.line.isFinished)
        if abandoned * 2 > limits.lines { leave() } else { endIfDone() }
    }

    // MARK: Leaving

    /// Takes no more lines; those that run come to their end.
    func leave() {
        guard stage == .ready || stage == .starting else { return }
        stage = .leaving
        endIfDone()
    }

    private func endIfDone() {
        guard stage == .leaving, lines.values.allSatisfy(\.line.isFinished) else { return }
        carrier.endInput()
    }

    /// The channel has ended, whatever the reason: what runs is lost.
    func end(_ result: Line.Result) {
        let ending = ending(result)
        stage = .over
        let trouble = Self.trouble(result)
        let left = lines.sorted { $0.key < $1.key }.map(\.value.line)
        (lines, current) = ([:], nil)
        for line in left { line.finish(.failure(.lost(trouble))) }
        owner?.dispatcher(self, ended: ending)
    }

    private func ending(_ result: Line.Result) -> Ending {
        switch (result, stage) {
        case (.success, .starting): .unfit
        case (.success, .ready): .failed
        default: isStuck ? .failed : .asAsked
        }
    }

    private static func trouble(_ result: Line.Result) -> SSHTrouble {
        switch result {
        case .failure(.notSent(let trouble)), .failure(.lost(let trouble)): trouble
        case .success, .failure(.cancelled):
            SSHTrouble(.unreachable, "the shell that ran this line among others has ended")
        }
    }

    // MARK: Hearing

    fileprivate func hear(_ bytes: [UInt8]) {
        askedAt = nil
        for piece in scanner.take(bytes) {
            switch piece {
            case .heading(let words): hear(words)
            case .bytes(let bytes): current?.line.receive(bytes, from: current?.stream ?? .stdout)
            }
        }
    }

    private func hear(_ words: [String]) {
        let number = words.count > 1 ? Int(words[1]) ?? 0 : 0
        switch words.first {
        case "ready": becomeReady()
        case "out":
            lines[number]?.outputBegins()
            current = lines[number].map { ($0, .stdout) }
        case "err": current?.stream = .stderr
        case "looked": current = nil
        case "over":
            remove(number)?.end(words.count > 2 ? Int32(words[2]) : nil)
            makeRoom()
        case "refused":
            let reason = "the bastion has no room for the output of another line"
            remove(number)?.line.finish(.failure(.notSent(SSHTrouble(.busy, reason))))
            makeRoom()
        default: break
        }
    }

    private func becomeReady() {
        guard stage == .starting else { return }
        stage = .ready
        idleSince = .now
        watch()
        owner?.dispatcherHasRoom(self)
    }

    private func remove(_ number: Int) -> DispatchedLine? {
        current = nil
        guard let line = lines.removeValue(forKey: number) else { return nil }
        toForget.append(number)
        if toForget.count >= Self.forgottenAtOnce { forget() }
        if lines.isEmpty { idleSince = .now }
        return line
    }

    /// Each telling costs the bastion a process.
    private static let forgottenAtOnce = 32

    private func forget() {
        guard !toForget.isEmpty else { return }
        carrier.feed(DispatchRequests.forget(toForget))
        toForget = []
    }

    private func makeRoom() {
        if hasRoom { owner?.dispatcherHasRoom(self) }
        endIfDone()
    }

    // MARK: Watching

    /// One alarm for all lines.
    private func watch() {
        Poller.shared.after(DispatchedLine.firstPause) { [weak self] in
            guard let self, stage != .over else { return }
            if let askedAt, .now - askedAt >= limits.answerDeadline { return giveUp() }
            if lines.isEmpty { rest() } else { look() }
            watch()
        }
    }

    private func look() {
        for (number, line) in lines.sorted(by: { $0.key < $1.key }) where line.nextLook <= .now {
            carrier.feed(DispatchRequests.look(number))
            line.looked()
            askedAt = askedAt ?? .now
        }
    }

    private func rest() {
        forget()
        if .now - idleSince >= limits.idle { leave() }
    }

    /// Its shell, or the one that tells, was killed or is stuck.
    private func giveUp() {
        isStuck = true
        let deadline = limits.answerDeadline.inWords
        let reason = "the shell that runs this line among others said nothing for \(deadline)"
        carrier.finish(.failure(.lost(SSHTrouble(.unreachable, reason))))
    }
}

/// Hears what a dispatcher's channel brings: stdout alone, for stderr is nobody's.
private final class Ear: RemoteOutput {
    @SSHLoop weak var dispatcher: Dispatcher?

    nonisolated init() {}

    func receive(_ bytes: [UInt8], from stream: RemoteStream) {
        guard stream == .stdout else { return }
        SSHLoop.assumeIsolated { dispatcher?.hear(bytes) }
    }
}

/// Who gives a dispatcher its lines.
@SSHLoop
protocol DispatcherOwner: AnyObject {
    func dispatcherHasRoom(_ dispatcher: Dispatcher)
    func dispatcher(_ dispatcher: Dispatcher, ended ending: Dispatcher.Ending)
}
