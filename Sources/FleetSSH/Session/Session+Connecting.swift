/// What a session asks of others in order to connect.
struct ConnectingParty: Sendable {
    let judge: any HostKeyJudge
    let authenticator: any Authenticator
}

extension Session {
    /// Connects and logs in, within the host's connect timeout.
    ///
    /// The owner hears how it went; it may hear of the deadline before this returns.
    func connect(
        _ party: ConnectingParty, favoring lastIdentity: String?,
        over carrier: () async throws(SSHTrouble) -> any Carrier
    ) async {
        after(hop.connectTimeout) { session in
            guard session.state == .connecting else { return }
            let reason = "\(session.hop) didn't let us in within "
            session.fail(
                SSHTrouble(.unreachable, reason + session.hop.connectTimeout.inWords))
        }
        do throws(SSHTrouble) {
            try refuseWhatNeedsOpenSSH()
            try await take(carrier())
            try await shakeHands(party.judge)
            try await logIn(party.authenticator, favoring: lastIdentity)
            becomeReady()
        } catch {
            fail(error)
        }
    }

    private func refuseWhatNeedsOpenSSH() throws(SSHTrouble) {
        guard let first = hop.needsOpenSSH.first else { return }
        throw SSHTrouble(.unsupported, "\(hop) needs OpenSSH's program, for \(first)")
    }

    private func take(_ carrier: any Carrier) throws(SSHTrouble) {
        if let trouble {
            carrier.close()
            throw trouble
        }
        self.carrier = carrier
        roundTrip = carrier.roundTrip
        lastHeard = .now
        carrier.serve(self)
    }

    private func shakeHands(_ judge: any HostKeyJudge) async throws(SSHTrouble) {
        let hop = hop
        let preferred = await withTaskExecutorPreference(WorkerThreads.shared) {
            await judge.preferredAlgorithms(for: hop)
        }
        if let failure = engine.prefer(try AlgorithmChoice(for: hop, preferred: preferred)) {
            throw SSHTrouble(.unsupported, "\(hop): \(failure.message)")
        }
        if let failure = try await complete({ engine.handshake() }) {
            guard !failure.isBrokenConnection else {
                throw connectionTrouble(SSHTrouble(.unreachable, "\(hop): \(failure.message)"))
            }
            throw handshakeTrouble(failure.message)
        }
        hasShakenHands = true
        let key = engine.hostKey
        try await withTaskExecutorPreference(WorkerThreads.shared) {
            () async throws(SSHTrouble) in try await judge.judge(key, of: hop)
        }
    }

    /// Repeats a call until it is done: `nil`, or what it failed with.
    func complete(_ call: () -> Step<Void>) async throws(SSHTrouble) -> EngineFailure? {
        switch try await result(of: call) {
        case .success: nil
        case .failure(let failure): failure
        }
    }

    func result<Value>(
        of call: () -> Step<Value>
    ) async throws(SSHTrouble) -> Result<Value, EngineFailure> {
        while true {
            if let trouble { throw trouble }
            switch call() {
            case .done(let value): return .success(value)
            case .failed(let failure): return .failure(failure)
            case .again: await nextArrival()
            }
        }
    }

    // MARK: Troubles

    /// Whether a host that speaks SSH hung up before keys were exchanged.
    ///
    /// sshd does so when it finds nothing in common, and the reset that follows may
    /// overtake what it said. Another try is likely to hear it.
    var wasCutInHandshake: Bool {
        !hasShakenHands && engine.banner?.hasPrefix("SSH-") == true
    }

    func handshakeTrouble(_ why: String) -> SSHTrouble {
        SSHTrouble(
            .unsupported, "\(hop) and libssh2 agree on no way to talk: \(why)",
            hint: "it may offer only GCM, ETM or SHA-1; OpenSSH's program can do the former")
    }

    /// What it means that the connection ended before we were let in.
    func connectionTrouble(_ trouble: SSHTrouble) -> SSHTrouble {
        let said = engine.banner ?? ""
        if said.hasPrefix("SSH-") { return refusedTrouble ?? trouble }
        // sshd says so when MaxStartups is reached; or it just closes.
        let words = said.isEmpty ? "closed the connection before a greeting" : "says: \(said)"
        return SSHTrouble(
            .busy, "\(hop) \(words)", hint: "look at MaxStartups in its sshd_config")
    }
}
