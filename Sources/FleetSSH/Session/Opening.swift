/// The one channel that a session is opening.
struct Opening {
    enum Purpose {
        case line
        case tunnel(TunnelRequest)
    }

    let purpose: Purpose
    let since = ContinuousClock.now
    var isCalled = false
    /// Whether it takes so long that nobody waits for it any more.
    var isOverdue = false
}

extension Session {
    /// Opens what is wanted; says whether a channel came of it.
    func goOnOpening() throws(EngineFailure) -> Bool {
        if opening == nil { opening = nextOpening() }
        guard var current = opening else { return false }
        let isFirst = !current.isCalled
        current.isCalled = true
        opening = current
        switch call(current.purpose, isFirst) {
        case .again: return false
        case .done(let handle): opened(handle, current)
        case .failed(let failure) where failure.isRefusal: refused(current, failure)
        case .failed(let failure): try openFailed(current, failure)
        }
        return opening == nil && state == .ready
    }

    private func nextOpening() -> Opening? {
        guard state == .ready else { return nil }
        let mustWarmUp = !hasRunLine && spares == 0 && refusalsInARow == 0
        if !tunnelRequests.isEmpty, !mustWarmUp {
            return Opening(purpose: .tunnel(tunnelRequests.removeFirst()))
        }
        let isWanted = needsSpare || (owner?.hasLineWaiting ?? false)
        return isWanted && mayOpen ? Opening(purpose: .line) : nil
    }

    /// Whether another channel for a line could be asked for now.
    var mayOpen: Bool {
        state == .ready && opening == nil && channels.count < channelLimit
            && refusalsInARow < Self.mostRefusals && mayOpenAfter <= .now
    }

    private var needsSpare: Bool { !channels.contains { $0.stage == .spare } }

    private func call(_ purpose: Opening.Purpose, _ isFirst: Bool) -> Step<ChannelHandle> {
        switch purpose {
        case .line: engine.openSession(isFirstCall: isFirst)
        case .tunnel(let request):
            engine.openTunnel(
                to: request.hop.host, port: request.hop.port, isFirstCall: isFirst)
        }
    }

    private func opened(_ handle: ChannelHandle, _ done: Opening) {
        opening = nil
        refusalsInARow = 0
        switch done.purpose {
        case .line:
            roundTrip = min(roundTrip, .now - done.since)
            channels.append(LineChannel(handle))
            if !tunnelRequests.isEmpty { warmUp() }
            if state == .ready { owner?.sessionHasRoom(self) }
        case .tunnel(let request):
            let tunnel = Tunnel(through: self, handle, roundTrip: .now - done.since)
            tunnels.append(tunnel)
            // Whoever wanted it may have given up.
            if !request.finish(.success(tunnel)) { tunnel.close() }
        }
    }

    // MARK: When it isn't opened

    /// Three times in a row without a channel of ours on the host isn't chance.
    private static let mostRefusals = 3
    /// sshd counts a channel until it has seen our close, and a moment longer.
    private static let freedLately = Duration.seconds(1)
    private static let pauseAfterRefusal = Duration.milliseconds(100)

    private func refused(_ what: Opening, _ failure: EngineFailure) {
        opening = nil
        switch what.purpose {
        case .tunnel(let request):
            let reason = "\(hop) doesn't reach \(request.hop): \(failure.message)"
            request.finish(.failure(SSHTrouble(.unreachable, reason)))
        case .line:
            lowerLimit()
        }
    }

    private func lowerLimit() {
        let lately = lastFreed.count { .now - $0 < Self.freedLately }
        channelLimit = min(channelLimit, max(1, channels.count + lately))
        mayOpenAfter = .now + Self.pauseAfterRefusal
        after(Self.pauseAfterRefusal) { $0.agreeToDrive() }
        refusalsInARow = channels.isEmpty && lately == 0 ? refusalsInARow + 1 : 0
        let isHopeless = refusalsInARow >= Self.mostRefusals
        owner?.session(
            self,
            refusesChannels: isHopeless
                ? SSHTrouble(
                    .busy, "\(hop) gives us no channel for a command",
                    hint: "look at MaxSessions in its sshd_config") : nil)
    }

    /// libssh2 can't open another channel after this. What runs may run to its end,
    /// unless the connection itself is broken.
    private func openFailed(_ what: Opening, _ failure: EngineFailure) throws(EngineFailure) {
        opening = nil
        if case .tunnel(let request) = what.purpose {
            request.finish(.failure(SSHTrouble(.unreachable, "\(hop): \(failure.message)")))
        }
        guard !failure.isBrokenConnection else { throw failure }
        retire()
    }
}
