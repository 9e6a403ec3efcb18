/// Who knows the passphrases of private key files that no agent holds.
///
/// Asked on a thread that may wait, for one file at a time. A passphrase never comes
/// from arguments or the environment: every process of the host could read it there.
public protocol PassphraseSource: Sendable {
    /// The passphrase to try for a private key file; `nil` when there is no (other) one.
    ///
    /// Attempts count from 1; a later one means that the one before was wrong.
    func passphrase(for file: String, attempt: Int) -> Secret?

    /// The work begins: no person is to be asked any more. Whoever asks nobody goes on.
    func stopAsking()
}

extension PassphraseSource {
    public func stopAsking() {}
}

/// Nobody to ask.
public struct NoPassphrases: PassphraseSource {
    public init() {}

    public func passphrase(for file: String, attempt: Int) -> Secret? { nil }
}
