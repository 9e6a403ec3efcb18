/// The connections along one route, and the lines that wait for them, first come first
/// served.
@SSHLoop
final class ConnectionPool: SessionOwner, DispatcherOwner {
    let route: SSHRoute
    private(set) var policy: PoolPolicy
    private let party: ConnectingParty
    /// The pool of the host before the last one; `nil` when that is reached by TCP.
    private let gateway: ConnectionPool?
    private var random: any RandomNumberGenerator

    private(set) var sessions: [Session] = []
    private var lines: [Line] = []
    private var dispatcher: Dispatcher?
    private var tunnelRequests: [TunnelRequest] = []
    /// Why nothing will be run any more: we closed, or the host refuses our keys. Those
    /// are not shown again, for hosts count.
    private var end: SSHTrouble?
    private var lastIdentity: String?
    private var isRebalanceAgreed = false
    /// One for all sessions; whichever is idle when it rings is looked at.
    private var idleAlarm: Poller.Token?

    init(
        along route: SSHRoute, behind gateway: ConnectionPool?, limits: PoolLimits,
        party: ConnectingParty, random: any RandomNumberGenerator
    ) {
        (self.route, self.gateway, self.party, self.random) = (route, gateway, party, random)
        policy = PoolPolicy(limits)
    }

    /// Limits that somebody names take the place of those a hop has by default.
    func use(_ limits: PoolLimits) {
        guard !policy.hasLoggedIn else { return }
        policy = PoolPolicy(limits)
    }

    var hop: SSHHop { route.destination }
    var hasLineWaiting: Bool { !lines.isEmpty }
    var waitingLines: Int { lines.count }

    // MARK: Wishes

    func run(_ line: Line) {
        guard !line.isFinished else { return }
        if let end { return line.finish(.failure(.notSent(end))) }
        policy.lineArrived(at: .now)
        let place = line.isUrgent ? lines.firstIndex { !$0.isUrgent } : nil
        lines.insert(line, at: place ?? lines.endIndex)
        waitForCancel(line)
        agreeToRebalance()
    }

    private func waitForCancel(_ line: Line) {
        line.whenCancelled = { [weak self, unowned line] in
            self?.lines.removeAll { $0 === line }
        }
    }

    /// A tunnel to a host behind this one.
    func tunnel(to hop: SSHHop) async throws(SSHTrouble) -> Tunnel {
        let result: TunnelRequest.Result = await withCheckedContinuation { waiter in
            let request = TunnelRequest(to: hop, waiter)
            if let end { return _ = request.finish(.failure(end)) }
            tunnelRequests.append(request)
            agreeToRebalance()
        }
        return try result.get()
    }

    var facts: ConnectionFacts? {
        sessions.first { $0.state == .ready }.map {
            ConnectionFacts($0, policy, connections: sessions.count)
        }
    }

    func close() {
        let trouble = SSHTrouble(.unreachable, "the connections to \(hop) were closed by us")
        end = end ?? trouble
        failWaiting(trouble)
        for session in sessions { session.close() }
    }

    // MARK: Balance

    private func agreeToRebalance() {
        guard !isRebalanceAgreed else { return }
        isRebalanceAgreed = true
        Poller.shared.atEndOfTurn { [self] in
            isRebalanceAgreed = false
            rebalance()
        }
    }

    private func rebalance() {
        giveTunnels()
        giveLines()
        guard end == nil, !lines.isEmpty || !tunnelRequests.isEmpty else { return }
        openDispatcherIfWanted()
        let missing = policy.missing(
            sessions.map(view), lines: lines.count, tunnels: tunnelRequests.count, at: .now)
        for _ in 0..<missing { connect() }
    }

    private func giveLines() {
        // What ends other lines depends on as little as can be: its own channel, if any.
        giveChannels(onlyToUrgent: true)
        while let dispatcher, dispatcher.hasRoom,
            let index = lines.firstIndex(where: dispatcher.takes)
        {
            dispatcher.run(lines.remove(at: index))
        }
        giveChannels(onlyToUrgent: false)
        guard !lines.isEmpty else { return }
        for session in sessions where session.mayOpen { session.agreeToDrive() }
    }

    private func giveChannels(onlyToUrgent: Bool) {
        while let next = lines.first, next.isUrgent || !onlyToUrgent,
            let index = policy.connectionForLine(
                sessions.lazy.map(view), isUrgent: next.isUrgent)
        {
            sessions[index].idleSince = nil
            sessions[index].start(lines.removeFirst())
        }
    }

    private func giveTunnels() {
        while !tunnelRequests.isEmpty,
            let index = policy.connectionForTunnel(sessions.map(view))
        {
            sessions[index].idleSince = nil
            sessions[index].openTunnel(tunnelRequests.removeFirst())
        }
    }

    // MARK: Dispatching

    private func openDispatcherIfWanted() {
        guard dispatcher == nil, policy.wantsDispatcher(sessions.map(view), lines: lines.count)
        else { return }
        let dispatcher = Dispatcher(
            LineMark(using: &random), for: self, limits: policy.limits.dispatch)
        self.dispatcher = dispatcher
        lines.insert(dispatcher.carrier, at: 0)
        Task { dispatcher.end(await dispatcher.carrier.result) }
    }

    func dispatcherHasRoom(_ dispatcher: Dispatcher) { giveLines() }

    func dispatcher(_ dispatcher: Dispatcher, ended ending: Dispatcher.Ending) {
        policy.dispatcherEnded(ending)
        if self.dispatcher === dispatcher { self.dispatcher = nil }
        agreeToRebalance()
    }

    private func view(_ session: Session) -> PoolPolicy.Connection {
        PoolPolicy.Connection(
            isReady: session.state == .ready, lines: session.lineCount, spares: session.spares,
            tunnels: session.tunnels.count + session.tunnelRequests.count,
            roundTrip: session.roundTrip, idleSince: session.idleSince)
    }

    // MARK: Connecting

    private func connect() {
        guard let session = Session(to: hop, limits: policy.limits.session) else {
            return failWaiting(SSHTrouble(.unusable, "no memory for a connection to \(hop)"))
        }
        session.owner = self
        session.channelLimit = policy.channelLimit
        sessions.append(session)
        Task {
            await session.connect(party, favoring: lastIdentity) {
                () async throws(SSHTrouble) -> any Carrier in
                guard let gateway = self.gateway else {
                    return try await Socket.connect(to: self.hop, limits: session.limits)
                }
                return try await gateway.tunnel(to: self.hop)
            }
        }
    }

    func sessionBecameReady(_ session: Session) {
        policy.connected()
        lastIdentity = session.identityName
        noteIdleness(of: session)
        agreeToRebalance()
    }

    func sessionHasRoom(_ session: Session) {
        giveLines()
        noteIdleness(of: session)
        if !tunnelRequests.isEmpty { agreeToRebalance() }
    }

    // MARK: Refusals and ends

    func session(_ session: Session, refusesChannels trouble: SSHTrouble?) {
        policy.learned(channelLimit: session.channelLimit)
        if let trouble {
            let waiting = lines
            lines = []
            for line in waiting { line.finish(.failure(.notSent(trouble))) }
        }
        agreeToRebalance()
    }

    func session(_ session: Session, couldNotStart line: Line) {
        takeBack([line], because: SSHTrouble(.busy, "\(hop) closes channels before their use"))
        agreeToRebalance()
    }

    func session(_ session: Session, closedFor trouble: SSHTrouble, leaving unsent: [Line]) {
        sessions.removeAll { $0 === session }
        takeBack(unsent, because: trouble)
        if session.identityName == nil { couldNotConnect(session, trouble) }
        agreeToRebalance()
    }

    private func couldNotConnect(_ session: Session, _ trouble: SSHTrouble) {
        switch trouble.kind {
        case .authenticationFailed:
            end = trouble
            failWaiting(trouble)
        case .busy:
            pause()
            failOverdue(trouble)
        case .unreachable where session.wasCutInHandshake:
            let isHopeless = sessions.isEmpty && policy.failures >= policy.limits.handshakes
            if isHopeless { failWaiting(session.handshakeTrouble("it hangs up")) }
            pause()
        default:
            if sessions.isEmpty { failWaiting(trouble) } else { pause() }
        }
    }

    private func pause() {
        let pause = policy.refused(at: .now, using: &random)
        Poller.shared.after(pause) { [weak self] in self?.agreeToRebalance() }
    }

    /// A busy bastion is asked again, but nobody waits for it longer than for a slow one.
    private func failOverdue(_ trouble: SSHTrouble) {
        guard !sessions.contains(where: { $0.state == .ready }) else { return }
        let overdue = lines.filter { .now - $0.wantedSince >= hop.connectTimeout }
        lines.removeAll { line in overdue.contains { $0 === line } }
        for line in overdue { line.finish(.failure(.notSent(trouble))) }
        let isHopeless = lines.isEmpty && policy.failures > Self.mostFailures
        if isHopeless { failWaiting(trouble) }
    }

    /// Tunnels have no time of their own: whoever wants one has a deadline.
    private static let mostFailures = 16

    private func failWaiting(_ trouble: SSHTrouble) {
        let (waitingLines, waitingTunnels) = (lines, tunnelRequests)
        (lines, tunnelRequests) = ([], [])
        for line in waitingLines { line.finish(.failure(.notSent(trouble))) }
        for request in waitingTunnels { request.finish(.failure(trouble)) }
    }

    /// Lines of which nothing was sent go back to the front, a few times.
    private func takeBack(_ unsent: [Line], because trouble: SSHTrouble) {
        for line in unsent.reversed() where !line.isFinished {
            guard end == nil, line.starts < policy.limits.starts else {
                line.finish(.failure(.notSent(end ?? trouble)))
                continue
            }
            lines.insert(line, at: 0)
            waitForCancel(line)
        }
    }

    // MARK: Idleness

    private func noteIdleness(of session: Session) {
        guard session.isIdle else { return session.idleSince = nil }
        guard session.idleSince == nil else { return }
        session.idleSince = .now
        awaitIdleness()
    }

    private func awaitIdleness() {
        let ends = sessions.compactMap(\.idleSince).map { $0 + policy.limits.idle - .now }
        guard idleAlarm == nil, let next = ends.filter({ $0 > .zero }).min() else { return }
        idleAlarm = Poller.shared.after(next) { [weak self] in
            self?.idleAlarm = nil
            self?.closeIdle()
        }
    }

    private func closeIdle() {
        let idle = policy.idle(sessions.map(view), at: .now).map { sessions[$0] }
        for session in idle { session.close() }
        awaitIdleness()
    }
}
