import CSSH2

extension Session {
    /// Lets every channel go as far as it can with the bytes that are here.
    ///
    /// The order matters: first all packets into libssh2, then those who wait for an
    /// answer, at last the one open.
    func drive() {
        guard !isDriving, state == .ready || state == .retiring else { return }
        isDriving = true
        let failure = goAsFarAsPossible()
        isDriving = false
        if let failure {
            return fail(
                SSHTrouble(.unreachable, "\(hop): the connection broke: \(failure.message)"))
        }
        flush()
        closeIfDone()
    }

    private func goAsFarAsPossible() -> EngineFailure? {
        do throws(EngineFailure) {
            if let any = channels.first?.handle ?? tunnels.first?.handle {
                if let failure = engine.pump(any) { throw failure }
            }
            try stepAll()
            repeat {
                needsAnotherPass = false
                for tunnel in tunnels { try tunnel.step(engine) }
                if try goOnOpening() { needsAnotherPass = true }
                try hearAnswer()
                try startUnsent()
            } while needsAnotherPass
            return nil
        } catch {
            return error
        }
    }

    /// Whoever stopped because our queue was full goes on once it isn't.
    private func flush() {
        let wasFull = engine.wire.isFull
        carrier?.flush()
        if wasFull, !engine.wire.isFull { agreeToDrive() }
    }

    // MARK: Channels

    private func stepAll() throws(EngineFailure) {
        guard !channels.isEmpty else { return }
        let turn = limits.rotate(channels.count)
        var haveChanged = false
        for index in channels.indices {
            let channel = channels[(index + turn) % channels.count]
            if try channel.step(engine) { haveChanged = true }
        }
        if haveChanged { tidy() }
    }

    /// Channels that were given a line meanwhile. The others have nothing new to read.
    private func startUnsent() throws(EngineFailure) {
        var haveChanged = false
        for channel in channels where channel.hasLineToSend {
            if try channel.step(engine) { haveChanged = true }
        }
        if haveChanged { tidy() }
    }

    /// Drops channels that are gone, and gives their places away.
    private func tidy() {
        for channel in channels where channel.stage == .leaving || channel.stage == .gone {
            guard let line = channel.releaseUnsentLine() else { continue }
            owner?.session(self, couldNotStart: line)
        }
        let gone = channels.count { $0.stage == .gone }
        guard gone > 0 else { return }
        channels.removeAll { $0.stage == .gone }
        lastFreed = lastFreed.suffix(16) + [ContinuousClock.Instant](repeating: .now, count: gone)
        if asked?.stage == .gone { asked = nil }
        if abandonedCount > limits.abandoned { retire() }
        if state == .ready { owner?.sessionHasRoom(self) }
    }

    func openTunnel(_ request: TunnelRequest) {
        tunnelRequests.append(request)
        warmUp()
        agreeToDrive()
    }

    func remove(_ tunnel: Tunnel) {
        tunnels.removeAll { $0 === tunnel }
        if state == .ready { owner?.sessionHasRoom(self) }
    }

    /// Runs a command that does nothing before the first tunnel is opened.
    ///
    /// sshd leaves Nagle's algorithm on until a command starts; each small message of a
    /// tunnelled session would wait 40 ms for the acknowledgement of the one before.
    func warmUp() {
        guard !hasRunLine, spares > 0 else { return }
        start(Line("true", stdin: [], sink: NoOutput()))
    }

    func start(_ line: Line) {
        guard let spare = channels.first(where: \.isSpare) else {
            preconditionFailure("\(hop) has no spare channel for a line.")
        }
        spare.take(line)
        line.starts += 1
        hasRunLine = true
        line.whenCancelled = { [weak self] in self?.abandon() }
        line.whenFed = { [weak self] in self?.agreeToDrive() }
        agreeToDrive()
    }

    private func abandon() {
        if abandonedCount > limits.abandoned { retire() }
        agreeToDrive()
    }

    // MARK: Signs of life

    /// Asks the far side for any answer, on a channel where nothing else is awaited.
    func ask() {
        guard asked == nil else { return }
        asked = channels.first { $0.stage == .running } ?? channels.first(where: \.isSpare)
        asked?.isAsked = true
        agreeToDrive()
    }

    private func hearAnswer() throws(EngineFailure) {
        guard let asked, asked.mayBeAsked, !engine.isAtEnd(asked.handle) else { return }
        switch engine.askForAnswer(on: asked.handle) {
        case .again: return
        case .failed(let failure): throw failure
        case .done:
            asked.isAsked = false
            self.asked = nil
            if asked.isSpare { owner?.sessionHasRoom(self) }
        }
    }

    /// A retiring session closes once nobody waits for anything on it.
    private func closeIfDone() {
        guard state == .retiring, tunnels.isEmpty, tunnelRequests.isEmpty,
            !channels.contains(where: \.isServing)
        else { return }
        close()
    }
}

private struct NoOutput: RemoteOutput {
    func receive(_ bytes: [UInt8], from stream: RemoteStream) {}
}
