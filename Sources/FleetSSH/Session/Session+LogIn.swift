extension Session {
    /// Offers one key after the other until one is let in.
    ///
    /// A host counts what it refuses, and some hosts lock out who has been refused too
    /// often. So there is one round, and whoever owns this remembers how it went.
    func logIn(
        _ authenticator: any Authenticator, favoring lastIdentity: String?
    ) async throws(SSHTrouble) {
        let hop = hop
        let identities = try await withTaskExecutorPreference(WorkerThreads.shared) {
            () async throws(SSHTrouble) in try await authenticator.identities(for: hop)
        }
        guard !identities.isEmpty else {
            throw SSHTrouble(
                .unusable, "there is no key to log in to \(hop) with",
                hint: "name one as `identityFiles`, or add one to the agent")
        }
        let (favored, others) = (
            identities.filter { $0.name == lastIdentity },
            identities.filter { $0.name != lastIdentity }
        )
        for identity in (favored + others).prefix(Identity.mostOffered) {
            if try await isLetIn(identity) { return identityName = identity.name }
            refusedIdentities.append(identity.name)
        }
        throw await otherWaysTrouble() ?? refusedTrouble
            ?? SSHTrouble(.authenticationFailed, "\(hop) lets nobody in")
    }

    /// That the host takes no keys from anybody, so that none of ours is to blame.
    private func otherWaysTrouble() async -> SSHTrouble? {
        let hop = hop
        // It may hang up instead of answering, for it was asked too often.
        let answer = try? await result { engine.waysIn(for: hop.user) }
        guard case .success(let ways) = answer, !ways.contains("publickey") else { return nil }
        return SSHTrouble(
            .authenticationFailed,
            "\(hop) takes no keys, only \(ways.joined(separator: ", "))",
            hint: "ask for PubkeyAuthentication there; passwords are never sent")
    }

    /// That the host has refused every key it was shown.
    var refusedTrouble: SSHTrouble? {
        guard !refusedIdentities.isEmpty else { return nil }
        let names = refusedIdentities.joined(separator: ", ")
        return SSHTrouble(
            .authenticationFailed, "\(hop) refuses \(names)",
            hint: "look whether the key is in its authorized_keys, and the user right")
    }

    private func isLetIn(_ identity: Identity) async throws(SSHTrouble) -> Bool {
        let failure: EngineFailure?
        switch identity.proof {
        case .privateKey(let key):
            failure = try await complete { engine.logIn(hop.user, privateKey: key) }
        case .signer(let blob, let sign):
            failure = try await logIn(identity, blob, sign)
        }
        guard let failure else { return true }
        if failure.isBrokenConnection {
            // sshd hangs up instead of refusing the last key it allows.
            refusedIdentities.append(identity.name)
            throw connectionTrouble(SSHTrouble(.unreachable, "\(hop): \(failure.message)"))
        }
        guard failure.isRefusedKey else {
            throw SSHTrouble(.unusable, "\(identity.name): \(failure.message)")
        }
        return false
    }

    private func logIn(
        _ identity: Identity, _ blob: [UInt8], _ sign: @escaping Identity.Signer
    ) async throws(SSHTrouble) -> EngineFailure? {
        let signing = Signing()
        while true {
            if let trouble { throw trouble }
            switch engine.logIn(hop.user, publicBlob: blob, signing: signing) {
            case .done: return nil
            case .failed(let failure): return failure
            case .again: break
            }
            if let wanted = signing.wanted, signing.signature == nil {
                signing.signature = try await withTaskExecutorPreference(WorkerThreads.shared) {
                    () async throws(SSHTrouble) in try await sign(wanted)
                }
            } else {
                await nextArrival()
            }
        }
    }
}

extension EngineFailure {
    /// The key isn't authorized, or its signature isn't taken.
    fileprivate var isRefusedKey: Bool { code == -18 || code == -19 }
    /// The far side has hung up, or said that it will.
    var isBrokenConnection: Bool { code == -13 || code == -43 || code == -7 }
}
