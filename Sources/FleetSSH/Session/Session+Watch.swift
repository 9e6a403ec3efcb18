extension Session {
    /// Looks now and then whether somebody waits in vain.
    ///
    /// One alarm per connection, whatever runs on it. Nothing is late by more than a
    /// fifth of what it was given.
    func watch() {
        let shortest = min(
            limits.answerDeadline, limits.silenceBeforeAsking,
            limits.silenceBeforeDeath - limits.silenceBeforeAsking)
        after(min(.seconds(1), shortest / 5)) { session in
            session.lookForSilence()
            session.lookForOverdueOpening()
            session.lookForOverdueStarts()
            if session.trouble == nil { session.watch() }
        }
    }

    private func lookForSilence() {
        let silence = ContinuousClock.now - lastHeard
        guard silence >= limits.silenceBeforeAsking else { return askedAt = nil }
        // However long we slept ourselves, nobody dies unasked.
        let asked = askedAt ?? .now
        askedAt = asked
        guard asked.isOver(limits.silenceBeforeDeath - limits.silenceBeforeAsking) else {
            return ask()
        }
        fail(SSHTrouble(.unreachable, "\(hop) has said nothing for \(silence.inWords)"))
    }

    /// An open can't be called back. Whoever wanted the channel looks elsewhere, and
    /// what runs here runs on.
    private func lookForOverdueOpening() {
        guard let opening, !opening.isOverdue, opening.since.isOver(limits.answerDeadline)
        else { return }
        self.opening?.isOverdue = true
        if case .tunnel(let request) = opening.purpose {
            request.finish(
                .failure(
                    SSHTrouble(
                        .unreachable,
                        "\(hop) reached no \(request.hop) within "
                            + limits.answerDeadline.inWords)))
        }
        retire()
    }

    private func lookForOverdueStarts() {
        for channel in channels
        where channel.stage == .starting && channel.isServing
            && channel.since.isOver(limits.answerDeadline)
        {
            let reason = "\(hop) didn't say within \(limits.answerDeadline.inWords) that it runs"
            channel.line?.finish(.failure(.lost(SSHTrouble(.unreachable, reason))))
            retire()
        }
    }
}

extension ContinuousClock.Instant {
    fileprivate func isOver(_ patience: Duration) -> Bool { .now - self >= patience }
}

extension Duration {
    /// As an operator reads it: "15 s", "0.3 s".
    var inWords: String {
        let tenths = components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
