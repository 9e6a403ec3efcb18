import FleetModel

/// A release that somebody was at when they died: helm refuses to touch it.
///
/// ```
///   pending-install ─────────────────▶ its record is deleted; the next upgrade installs anew
///   pending-upgrade, pending-rollback ▶ helm rollback, to what was deployed before
/// ```
struct PendingRelease: Sendable {
    let release: ChartRelease
    let record: ReleaseRecord
    let word: String
    /// Whether the takeover's operator has said that what is pending may be taken back.
    let mayRecover: Bool

    /// Longer than any helm of ours lives, so that nobody works on a release of this age.
    static let age: Duration = Helm.deadline + .seconds(60)

    /// Throws unless the release is one to recover, which only one that nobody is at can be.
    func requireAbandoned(at now: Timestamp) throws(Pause) {
        let words = "\(release.label) is \(word)"
        guard let updated = record.updated else {
            throw .unclear("\(words), and helm does not say since when")
        }
        guard now - updated > Self.age else {
            throw .unclear("\(words); another helm may be at it")
        }
        guard mayRecover else {
            throw .failed(
                Failure(
                    .blocked,
                    "\(words) since a helm of before died; run `\(recoveryWords)`, or set the "
                        + #"parameter "pending" to "recover""#))
        }
    }

    private var recoveryWords: String {
        recovery(Kubectl(cluster: release.helm.cluster)).shellLine
    }

    func recovery(_ kubectl: Kubectl) -> Command {
        guard word == "pending-install" else { return release.rollback() }
        return kubectl.delete(
            "secret", ["sh.helm.release.v1.\(release.name).v\(record.revision)"],
            in: release.namespace, purpose: "forget the installation of \(release.label) that died")
    }
}
