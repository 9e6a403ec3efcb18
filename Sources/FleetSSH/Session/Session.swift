/// One SSH connection to one host, with all that runs over it.
///
/// ```
/// connecting ─▶ ready ─▶ retiring ─▶ closed
///     └───────────┴──────────┴──────────▲
/// ```
@SSHLoop
final class Session {
    enum State: Equatable {
        case connecting
        case ready
        /// Carries what runs to its end and takes nothing more.
        case retiring
        case closed(SSHTrouble)
    }

    let hop: SSHHop
    let limits: SessionLimits
    let engine: Engine
    private(set) var state = State.connecting
    /// Whether keys have been exchanged.
    var hasShakenHands = false
    /// Told what changes. Weak, for it owns this.
    weak var owner: (any SessionOwner)?
    var carrier: (any Carrier)?
    /// The keys the host has refused, by their names for messages.
    var refusedIdentities: [String] = []
    /// The key that was let in, by its name for messages.
    var identityName: String?

    var channels: [LineChannel] = []
    var tunnels: [Tunnel] = []
    var tunnelRequests: [TunnelRequest] = []
    /// What is being opened. One at a time: libssh2 would mix two up.
    var opening: Opening?
    /// Channels at most, the spare one among them. Lowered when the host refuses one.
    var channelLimit: Int
    /// No channel is opened before, once the host has refused one.
    var mayOpenAfter = ContinuousClock.now
    /// Channels given back lately, which sshd may still count.
    var lastFreed: [ContinuousClock.Instant] = []
    /// Refusals in a row while the host had no channel of ours.
    var refusalsInARow = 0

    /// Since when nothing runs on it; kept by its owner.
    var idleSince: ContinuousClock.Instant?
    var lastHeard = ContinuousClock.now
    var asked: LineChannel?
    /// Since when the present silence has been met with a question.
    var askedAt: ContinuousClock.Instant?
    /// The shortest time an answer took. Idle or not, no answer comes sooner.
    var roundTrip = Duration.seconds(1)

    /// Whether some command has been started on it.
    var hasRunLine = false

    var isDriving = false
    var needsAnotherPass = false
    private var isDriveAgreed = false
    private var arrival: CheckedContinuation<Void, Never>?

    init?(to hop: SSHHop, limits: SessionLimits) {
        guard let engine = Engine() else { return nil }
        (self.hop, self.limits, self.engine) = (hop, limits, engine)
        channelLimit = limits.channels + 1
    }

    // MARK: What others see

    var trouble: SSHTrouble? {
        if case .closed(let trouble) = state { trouble } else { nil }
    }

    /// Commands somebody waits for, and those nobody waits for any more.
    var lineCount: Int { channels.count { $0.line != nil } }
    var abandonedCount: Int { channels.count(where: \.isAbandoned) }
    var spares: Int { channels.count(where: \.isSpare) }
    var isIdle: Bool { lineCount == 0 && tunnels.isEmpty && tunnelRequests.isEmpty }

    // MARK: Bytes

    /// Called by the carrier with what has come.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        engine.wire.inbox.append(bytes)
        lastHeard = .now
        wake()
    }

    /// Called by the carrier when nothing will come any more.
    func end(_ trouble: SSHTrouble) {
        // What came before the end still counts: a result may be in it.
        drive()
        fail(state == .connecting ? connectionTrouble(trouble) : trouble)
    }

    /// Called by the carrier when there is room for more.
    func roomAppeared() {
        agreeToDrive()
    }

    private func wake() {
        if let arrival {
            self.arrival = nil
            arrival.resume()
        }
        agreeToDrive()
    }

    /// Suspends the one who connects until bytes have come or all is over.
    func nextArrival() async {
        carrier?.flush()
        guard trouble == nil else { return }
        await withCheckedContinuation { arrival = $0 }
    }

    // MARK: Changes of state

    func becomeReady() {
        guard state == .connecting else { return }
        state = .ready
        watch()
        agreeToDrive()
        owner?.sessionBecameReady(self)
    }

    /// Takes nothing more, and closes once nobody waits for what it carries.
    func retire() {
        guard state == .ready else { return }
        state = .retiring
        agreeToDrive()
    }

    /// Says good-bye and closes.
    func close() {
        guard trouble == nil else { return }
        if state != .connecting { engine.disconnect() }
        carrier?.flush()
        fail(SSHTrouble(.unreachable, "the connection to \(hop) was closed by us"))
    }

    /// Everything on it is over, at once.
    func fail(_ trouble: SSHTrouble) {
        guard self.trouble == nil else { return }
        state = .closed(trouble)
        carrier?.close()
        let unsent = channels.compactMap { $0.releaseUnsentLine() }
        for channel in channels { channel.line?.finish(.failure(.lost(trouble))) }
        for tunnel in tunnels { tunnel.end(trouble) }
        if case .tunnel(let request) = opening?.purpose { tunnelRequests.append(request) }
        for request in tunnelRequests { request.finish(.failure(trouble)) }
        (channels, tunnels, tunnelRequests, asked, opening) = ([], [], [], nil, nil)
        arrival?.resume()
        arrival = nil
        owner?.session(self, closedFor: trouble, leaving: unsent)
    }

    /// Calls back once, unless the session is closed by then.
    func after(_ delay: Duration, _ action: @escaping @SSHLoop (Session) -> Void) {
        Poller.shared.after(delay) { [weak self] in
            guard let self, self.trouble == nil else { return }
            action(self)
        }
    }

    // MARK: Driving

    /// Sees to it that everything that can go on does so, at the end of this turn.
    func agreeToDrive() {
        guard !isDriving else { return needsAnotherPass = true }
        guard !isDriveAgreed, trouble == nil else { return }
        isDriveAgreed = true
        Poller.shared.atEndOfTurn { [self] in
            isDriveAgreed = false
            drive()
        }
    }
}

/// Who keeps sessions: told of what changes, asked for lines to run.
@SSHLoop
protocol SessionOwner: AnyObject {
    /// Whether some line waits for a channel.
    var hasLineWaiting: Bool { get }
    func sessionBecameReady(_ session: Session)
    /// A channel is there for a line, or a tunnel could be had.
    func sessionHasRoom(_ session: Session)
    /// The host gives no channel at all, or fewer than were known of.
    func session(_ session: Session, refusesChannels trouble: SSHTrouble?)
    /// A channel closed under a line before a byte of it was sent.
    func session(_ session: Session, couldNotStart line: Line)
    func session(_ session: Session, closedFor trouble: SSHTrouble, leaving unsent: [Line])
}
